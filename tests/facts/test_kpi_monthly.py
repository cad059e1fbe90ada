"""KPIs from facts of a month, each by hand."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from assets.facts.kpi_monthly import kpi_facts
from schemas import FACTS
from schemas.kpis import KPIS
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, deliver, facts
from tests.facts.rows import by
from tests.samples import row

CUTOFF = datetime(2023, 2, 1, tzinfo=ZoneInfo(TIME_ZONE))


def month(**changes: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Facts of a month in two rows a table, so that sums are sums."""

    def table(name: str, first: dict[str, Any], second: dict[str, Any]) -> pl.DataFrame:
        zero = dict.fromkeys(FACTS[name].measures, 0)
        return pl.DataFrame([zero | first, zero | second])

    return {
        "calls": table(
            "calls",
            {
                "offered": 18_000,
                "answered": 17_600,
                "answered_within_15s": 15_000,
                "answered_wait_seconds": 80_000,
                "talk_seconds": 1_500_000,
            },
            {
                "offered": 303,
                "answered": 207,
                "answered_within_15s": 100,
                "answered_wait_seconds": 1_001,
                "talk_seconds": 7,
            },
        ),
        "tickets": table(
            "tickets",
            {
                "handling": "转办",
                "accepted": 8_000,
                "dispatched": 8_000,
                "closed": 7_990,
                "closed_on_time": 7_000,
                "returned_tickets": 12,
            },
            {
                "handling": "直接答复",
                "accepted": 10_371,
                "direct_answered": 10_371,
                "closed": 10_371,
                "closed_on_time": 10_371,
            },
        ),
        "callbacks": table(
            "callbacks",
            {
                "attempts": 13_000,
                "reached": 7_000,
                "satisfied": 6_900,
                "basically_satisfied": 70,
                "dissatisfied": 20,
                "tickets_called": 9_000,
            },
            {
                "attempts": 500,
                "reached": 716,
                "satisfied": 700,
                "basically_satisfied": 5,
                "dissatisfied": 1,
                "tickets_called": 371,
            },
        ),
        "quality": table(
            "quality", {"monitored": 800, "passed": 760}, {"monitored": 84, "passed": 81}
        ),
        "knowledge": table(
            "knowledge", {"added": 60, "revised": 30, "retired": 5}, {"revised": 10}
        ),
        "staff": table(
            "staff",
            {"position": "话务员", "on_duty": 40, "assessed": 38, "passed": 35},
            {"position": "后台", "on_duty": 6, "assessed": 2, "passed": 1},
        ),
    } | changes


EXPECTED_KPIS = {
    "calls_offered": (18_303, None, "18303", True),
    "calls_answered": (17_807, None, "17807", None),
    "answer_rate": (17_807, 18_303, "97.29", True),
    "service_level_15s": (15_100, 18_303, "82.50", None),
    "abandonment_rate": (496, 18_303, "2.71", None),
    "average_wait": (81_001, 17_807, "4.55", None),
    "average_talk": (1_500_007, 17_807, "84.24", None),
    "calls_monitored": (884, None, "884", None),
    "calls_monitored_passed": (841, None, "841", None),
    "monitoring_pass_rate": (841, 884, "95.14", True),
    "monitoring_rate": (884, 17_807, "4.96", False),
    "tickets_accepted": (18_371, None, "18371", None),
    "tickets_closed": (18_361, None, "18361", None),
    "close_rate": (18_361, 18_371, "99.95", True),
    "tickets_closed_on_time": (17_371, None, "17371", None),
    "on_time_rate": (17_371, 18_361, "94.61", False),
    "dispatched_close_rate": (7_990, 8_000, "99.88", None),
    "direct_answer_rate": (10_371, 18_371, "56.45", True),
    "return_rate": (12, 8_000, "0.15", None),
    "knowledge_updates": (100, None, "100", True),
    "callbacks_attempted": (13_500, None, "13500", None),
    "callbacks_reached": (7_716, None, "7716", None),
    "callback_reach_rate": (7_716, 13_500, "57.16", None),
    "callback_rate": (9_371, 18_371, "51.01", False),
    "callback_satisfaction_rate": (7_675, 7_716, "99.47", True),
    "ticket_satisfaction_rate": (7_695, 7_716, "99.73", True),
    "staff_pass_rate": (36, 40, "90.00", True),
    "agents_on_duty": (40, None, "40", True),
}


def kpis(given: dict[str, pl.DataFrame], **complete: bool) -> dict[str, dict[str, Any]]:
    return by(kpi_facts(given, complete=complete, cutoff=CUTOFF).lazy(), "metric")


def test_every_kpi_of_a_month():
    found = kpis(month(), calls=True)
    shown = {
        metric: (each["numerator"], each["denominator"], each["display"], each["met"])
        for metric, each in found.items()
    }
    assert shown == EXPECTED_KPIS
    assert {kpi.id for kpi in KPIS} == set(EXPECTED_KPIS)
    for kpi in KPIS:
        each = found[kpi.id]
        assert (each["unit"], each["basis"], each["cutoff"]) == (kpi.unit, kpi.basis, CUTOFF)
        assert each["target"] == kpi.target
        assert each["complete"] == (kpi.tables == ("calls",))
        scale = 100 if kpi.unit == "%" else 1
        assert each["value"] == scale * each["numerator"] / (each["denominator"] or 1)


@pytest.mark.parametrize(
    "table", ["calls", "tickets", "callbacks", "quality", "knowledge", "staff"]
)
def test_a_table_that_is_not_there_is_missing_not_zero(table):
    given = month()
    del given[table]
    found = kpis(given)
    for kpi in KPIS:
        each = found[kpi.id]
        if table not in kpi.tables:
            assert (each["numerator"], each["denominator"]) == EXPECTED_KPIS[kpi.id][:2]
            continue
        assert (each["value"], each["display"], each["met"]) == (None, "—", None)
        if kpi.numerator.table == table:
            assert each["numerator"] is None
        else:
            assert (each["numerator"], each["denominator"]) == (EXPECTED_KPIS[kpi.id][0], None)


def test_a_month_without_rows_has_counts_of_zero_and_no_rates():
    given = {name: rows.clear() for name, rows in month().items()}
    found = kpis(given)
    for kpi in KPIS:
        each = found[kpi.id]
        assert each["numerator"] == 0
        if kpi.denominator is None:
            assert (each["value"], each["display"], each["met"]) == (0.0, "0", kpi.target and False)
        else:
            assert (each["denominator"], each["value"]) == (0, None)
            assert (each["display"], each["met"]) == ("—", None)


def test_a_target_is_compared_before_rounding():
    def answered(count: int) -> dict[str, Any]:
        calls = month()["calls"].head(1).with_columns(offered=100_000, answered=count)
        return kpis(month(calls=calls))["answer_rate"]

    assert (answered(94_999)["display"], answered(94_999)["met"]) == ("95.00", False)
    assert (answered(95_000)["display"], answered(95_000)["met"]) == ("95.00", True)


def test_kpis_of_a_released_month_know_what_is_missing(installation):
    for day in range(1, 29):
        deliver(installation, f"calls_202302{day:02d}.csv", [])
    offered = row(
        "calls",
        **{
            f"{each}_at": f"2023-02-10 08:00:0{n}"
            for n, each in enumerate(("offered", "answered", "ended"))
        },
    )
    deliver(installation, "calls_20230210.csv", [offered])
    deliver(installation, "tickets_20230210.csv", [])
    bring_up_to_date(installation)
    found = by(facts(installation, "kpi_monthly", "2023-02").lazy(), "metric")
    assert (found["answer_rate"]["display"], found["answer_rate"]["complete"]) == ("100.00", True)
    assert (found["close_rate"]["display"], found["close_rate"]["complete"]) == ("—", False)
    assert (found["tickets_accepted"]["display"], found["tickets_accepted"]["complete"]) == (
        "0",
        False,
    )
    assert (found["staff_pass_rate"]["numerator"], found["staff_pass_rate"]["complete"]) == (
        None,
        False,
    )
    assert {each["cutoff"] for each in found.values()} == {
        datetime(2023, 3, 1, tzinfo=ZoneInfo(TIME_ZONE))
    }
