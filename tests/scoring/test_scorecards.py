"""The scorecard: each rule with its limits, and the same from SQL alone."""

from pathlib import Path

import duckdb
import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.scoring.scorecards import score, scorecard
from schemas import FACTS

SQL = Path(__file__).parents[2] / "examples" / "scorecard.sql"
ROW = {
    "year": 2023,
    "indicator": "x",
    "position": 1,
    "level1": "一",
    "level2": "二",
    "level3": "三",
    "weight": 4.0,
    "alternative_weight": None,
    "kind": "computed",
    "numerator": None,
    "denominator": None,
    "value": None,
    "unit": "%",
    "display": "",
    "target": None,
    "met": None,
    "months_below_target": None,
    "monthly": [],
    "parts": [],
    "rule": "judged",
    "step": None,
    "per": None,
    "bands": [],
    "printed_score": None,
    "printed_annex_score": None,
    "note": "",
    "evidence": "",
    "status": "complete",
    "cutoff": None,
}


def part(step: float | None, cases: float, of: float | None = None, weight: float | None = None):
    return {"part": "分项", "weight": weight, "step": step, "numerator": cases, "denominator": of}


LINEAR = {"rule": "linear", "step": 0.5, "per": 1.0, "target": 95.0}
BANDS = {
    "rule": "bands",
    "bands": [{"at_least": 0.2, "score": 3.0}, {"at_least": 0.1, "score": 2.0}],
}
CASES = {
    "at the target": (LINEAR | {"value": 95.0}, 4),
    "above the target": (LINEAR | {"value": 99.0}, 4),
    "less than a whole step below": (LINEAR | {"value": 94.01}, 4),
    "a whole step below": (LINEAR | {"value": 94.0}, 3.5),
    "three steps of a tenth": (LINEAR | {"per": 0.1, "value": 94.7}, 2.5),
    "never below zero": (LINEAR | {"value": 1.0}, 0),
    "months": ({"rule": "months", "step": 0.2, "months_below_target": 9, "target": 100.0}, 2.2),
    "on the bound of a band": (BANDS | {"value": 0.1}, 2),
    "in the highest band": (BANDS | {"value": 0.5}, 3),
    "below every band": (BANDS | {"value": 0.05}, 0),
    "cases": ({"rule": "each", "step": 1.0, "numerator": 3.0}, 1),
    "parts share the marks": (
        {"rule": "each", "parts": [part(0.1, 5), part(2.0, 1)]},
        1.5,
    ),
    "no part costs more than its own": (
        {"rule": "each", "parts": [part(0.1, 50, weight=1.0), part(0.5, 1, weight=2.0)]},
        1.5,
    ),
    "parts never give more than the weight": (
        {"rule": "each", "parts": [part(0.1, 0, weight=3.0), part(0.1, 0, weight=2.0)]},
        4,
    ),
    "share": ({"rule": "share", "numerator": 1.0, "denominator": 4.0, "value": 25.0}, 1),
    "share above one": ({"rule": "share", "numerator": 5.0, "denominator": 4.0}, 4),
    "whole": (
        {"rule": "whole", "parts": [part(None, 365, 365, 2.0), part(None, 23, 24, 2.0)]},
        2,
    ),
    "judged": ({"rule": "judged", "value": 3.5}, 3.5),
    "missing": ({"rule": "judged", "status": "missing"}, None),
}


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """A release that holds every case as an indicator."""
    folder = tmp_path_factory.mktemp("release")
    rows = [
        ROW | changes | {"indicator": name, "position": at}
        for at, (name, (changes, _)) in enumerate(CASES.items(), 1)
    ]
    schema = {column.name: column.polars_type for column in FACTS["indicators"].columns}
    (folder / "indicators").mkdir()
    pl.DataFrame(rows, schema=schema).write_parquet(folder / "indicators" / "2023.parquet")
    return folder


@pytest.mark.parametrize("name", CASES)
def test_a_rule_gives_the_marks_that_paper_gives(name):
    changes, marks = CASES[name]
    scored = score(ROW | changes)
    assert scored.score == marks
    assert scored.reason


def test_the_example_in_sql_gives_the_same(release, monkeypatch):
    monkeypatch.chdir(release)
    rows = duckdb.sql(SQL.read_text(encoding="utf-8")).fetchall()
    ours = scorecard(release, 2023).scores
    assert [(row[1], row[5]) for row in rows] == [(each.indicator, each.score) for each in ours]
    assert len(rows) == len(CASES)


def test_totals_leave_out_what_is_missing_and_name_it(release):
    card = scorecard(release, 2023)
    assert card.total == sum(marks for _, marks in CASES.values() if marks is not None)
    assert card.missing == ("三",)
    assert card.printed is None


def test_other_weights_scale_bands_and_parts():
    assert score(ROW | BANDS | {"value": 0.1}, weight=8.0).score == 4
    whole = CASES["whole"][0]
    assert score(ROW | whole, weight=2.0).score == 1


def test_a_year_without_indicators_is_one_sentence(release):
    with pytest.raises(HotlineError, match="没有 2031 年的绩效指标（有：2023）"):
        scorecard(release, 2031)
