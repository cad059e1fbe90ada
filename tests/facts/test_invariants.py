"""Every equation is held, and one that is broken is named."""

import polars as pl
import pytest

from assets.facts.invariants import DETAILS, ROWS, broken, equations
from schemas import FACTS

WHOLE = {
    "calls": {
        "offered": 10,
        "answered": 4,
        "hung_up": 3,
        "ring_timeout": 2,
        "agent_rejected": 1,
        "legs": 10,
    },
    "tickets": {
        "accepted": 10,
        "closed": 6,
        "open_in_time": 3,
        "open_overdue": 1,
        "direct_answered": 7,
        "dispatched": 3,
        "closed_on_time": 5,
        "closed_late": 1,
    },
    "callbacks": {
        "attempts": 20,
        "reached": 10,
        "satisfied": 4,
        "basically_satisfied": 3,
        "dissatisfied": 2,
        "unrated": 1,
    },
    "data_quality": {
        "read": 10,
        "accepted": 4,
        "quarantined": 2,
        "duplicate": 2,
        "superseded": 1,
        "joined": 1,
    },
    "files": {
        "read": 10,
        "accepted": 4,
        "quarantined": 2,
        "duplicate": 2,
        "superseded": 1,
        "joined": 1,
    },
}


TERMS = [
    (table, name, term)
    for table in WHOLE
    for name, holds in ROWS[table].items()
    for term in holds.meta.root_names()
]


@pytest.mark.parametrize(("table", "name", "term"), TERMS)
def test_an_equation_that_does_not_hold_in_one_row_is_named(table, name, term):
    good = pl.DataFrame([dict.fromkeys(FACTS[table].measures, 0) | WHOLE[table]] * 2)
    assert broken(table, good) == []
    # One more here and one fewer there: the sums of the file are right all the same.
    shifted = pl.concat(
        [good[:1].with_columns(pl.col(term) + 1), good[1:].with_columns(pl.col(term) - 1)]
    )
    assert name in broken(table, shifted)


def test_every_equation_of_the_contract_is_held():
    assert {name: len(each) for name, each in ROWS.items()} == {
        "calls": 2,
        "tickets": 3,
        "callbacks": 1,
        "data_quality": 1,
        "files": 1,
        "repeats": 2,
        "seats": 1,
        "workload": 3,
    }
    counted = {name: equations(name) for name in FACTS}
    assert counted == {
        "indicators": 0,
        "reconciliation": 0,
        "calls": 3,
        "tickets": 4,
        "callbacks": 2,
        "quality": 1,
        "knowledge": 1,
        "staff": 0,
        "workload": 5,
        "focus_tickets": 1,
        "repeats": 2,
        "seats": 1,
        "kpi_monthly": 0,
        "data_quality": 1,
        "files": 1,
        "expectations": 0,
    }


COUNTED = {
    "calls": ("offered", "excluded_test"),
    "tickets": ("accepted", "excluded_void"),
    "callbacks": ("attempts",),
    "quality": ("monitored",),
    "knowledge": ("added", "revised", "retired"),
}


@pytest.mark.parametrize(("table", "measures"), COUNTED.items())
def test_a_detail_row_that_is_in_no_count_is_noticed(table, measures):
    assert list(DETAILS[table]) == ["every_row_is_counted"]
    for measure in measures:
        counts = dict.fromkeys(FACTS[table].measures, 0) | {measure: 7}
        for behind, noticed in {6: True, 7: False, 8: True}.items():
            details = pl.LazyFrame({"id": range(behind)})
            found = broken(table, pl.DataFrame([counts]), details)
            assert ("every_row_is_counted" in found) == noticed
