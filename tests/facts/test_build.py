"""Every fact table from a few literal rows, every measure literal; KPIs; and broken equations."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from assets.deadlines.due import DEADLINE
from assets.facts.callbacks import callbacks_facts
from assets.facts.calls import calls_facts
from assets.facts.data_quality import data_quality_facts, periods_expected
from assets.facts.invariants import DETAILS, EQUATIONS, broken, equations
from assets.facts.knowledge import knowledge_facts
from assets.facts.kpi_monthly import kpi_facts
from assets.facts.quality import quality_facts
from assets.facts.staff import staff_facts
from assets.facts.tickets import tickets_facts
from schemas import EXPORTS, FACTS
from schemas.fields import Kind
from schemas.kpis import KPIS
from schemas.wall_clock import TIME_ZONE
from tests.driver import account, bring_up_to_date, deliver, facts
from tests.samples import VALID, row

Rows = list[dict[str, Any]]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TIME_ZONE)) if text else None


def detail(dataset: str, rows: Rows) -> pl.LazyFrame:
    """Typed rows of a dataset; values as a platform would write them."""
    columns = EXPORTS[dataset].columns
    cast = {Kind.TIMESTAMP: moment, Kind.INTEGER: int, Kind.NUMBER: float}
    typed = [
        {
            column.name: cast.get(column.kind, str)(each[column.name])
            if each[column.name]
            else None
            for column in columns
        }
        for each in (VALID[dataset] | changes for changes in rows)
    ]
    return pl.LazyFrame(typed, schema={column.name: column.polars_type for column in columns})


def only(found: pl.LazyFrame) -> dict[str, Any]:
    (single,) = found.collect().to_dicts()
    return single


def by(found: pl.LazyFrame, *names: str) -> dict[Any, dict[str, Any]]:
    """Rows by some of their columns."""
    keyed = {}
    for each in found.collect().to_dicts():
        key = tuple(each.pop(name) for name in names)
        keyed[key if len(names) > 1 else key[0]] = each
    return keyed


DAY = "2023-01-05"


def call(outcome: str, offered: str, answered: str, ended: str, **more: str) -> dict[str, str]:
    times = {"offered_at": offered, "answered_at": answered, "ended_at": ended}
    return {"outcome": outcome, **{k: f"{DAY} {v}" if v else "" for k, v in times.items()}, **more}


def test_calls():
    found = by(
        calls_facts(
            detail(
                "calls",
                [
                    call("接通", "08:00:00", "08:00:15", "08:03:15"),
                    call("接通", "08:59:59", "09:00:15", "09:00:16"),
                    call("用户挂断", "08:10:00", "", "08:10:07"),
                    call("振铃超时", "08:20:00", "", "08:20:30"),
                    call("坐席拒接", "08:30:00", "", "08:30:03"),
                    call("测试", "08:40:00", "08:40:05", "08:41:05"),
                    call("测试", "08:41:00", "", "08:41:09"),
                    call("接通", "08:00:00", "08:00:00", "08:00:00", line="0916-12345"),
                    call("测试", "23:59:59", "", "23:59:59"),
                ],
            )
        ),
        "date",
        "hour",
        "line",
    )
    day = date(2023, 1, 5)
    assert found == {
        (day, 8, "12345"): {
            "offered": 5,
            "answered": 2,
            "hung_up": 1,
            "ring_timeout": 1,
            "agent_rejected": 1,
            "excluded_test": 2,
            "answered_within_15s": 1,
            "answered_wait_seconds": 31,
            "lost_wait_seconds": 40,
            "talk_seconds": 181,
        },
        (day, 8, "0916-12345"): {
            "offered": 1,
            "answered": 1,
            "hung_up": 0,
            "ring_timeout": 0,
            "agent_rejected": 0,
            "excluded_test": 0,
            "answered_within_15s": 1,
            "answered_wait_seconds": 0,
            "lost_wait_seconds": 0,
            "talk_seconds": 0,
        },
        (day, 23, "12345"): dict.fromkeys(FACTS["calls"].measures, 0) | {"excluded_test": 1},
    }


def tickets(rows: Rows, cutoff: str = "2023-02-01 00:00:00") -> pl.LazyFrame:
    """Facts of tickets whose deadline is given with them."""
    frame = detail("tickets", [{k: v for k, v in each.items() if k != DEADLINE} for each in rows])
    deadlines = [moment(each.get(DEADLINE, "2023-01-12 23:59:59")) for each in rows]
    due = pl.Series(DEADLINE, deadlines, dtype=pl.Datetime("us", TIME_ZONE))
    until = moment(cutoff)
    assert until is not None
    return tickets_facts(frame.with_columns(due), cutoff=until)


DIRECT = {"handling": "直接答复", "unit": "", "dispatched_at": "", DEADLINE: ""}


def closed(at: str, **more: str) -> dict[str, str]:
    return {"status": "已办结", "closed_at": at, **more}


def test_tickets():
    found = by(
        tickets(
            [
                closed("2023-01-12 23:59:59"),
                closed("2023-01-13 00:00:00", returns="2", extended_to="2023-01-06 00:00:00"),
                {"returns": "1"},
                {DEADLINE: "2023-02-01 00:00:00"},
                {
                    "status": "退回",
                    DEADLINE: "2023-02-02 23:59:59",
                    "extended_to": "2023-02-02 23:59:59",
                },
                closed("2023-01-05 09:05:00", status="已并单", merged_into="HZ1"),
                {"status": "已作废", "returns": "3", "extended_to": "2023-02-02 23:59:59"},
                DIRECT | closed("2023-01-05 08:05:30"),
                DIRECT | {"status": "受理"},
                DIRECT | {"status": "已作废"},
            ]
        ),
        "handling",
    )
    grain = {name: VALID["tickets"][name] or None for name in FACTS["tickets"].grain[2:-1]}
    assert found == {
        "转办": grain
        | {
            "date": date(2023, 1, 5),
            "accepted": 6,
            "direct_answered": 0,
            "dispatched": 6,
            "closed": 3,
            "closed_on_time": 2,
            "closed_late": 1,
            "open_in_time": 2,
            "open_overdue": 1,
            "merged": 1,
            "returned_tickets": 2,
            "returns": 3,
            "extended": 2,
            "close_seconds": 662_099 + 662_100 + 3_600,
            "excluded_void": 1,
        },
        "直接答复": grain
        | {
            "unit": None,
            "date": date(2023, 1, 5),
            "accepted": 2,
            "direct_answered": 2,
            "dispatched": 0,
            "closed": 1,
            "closed_on_time": 1,
            "closed_late": 0,
            "open_in_time": 1,
            "open_overdue": 0,
            "merged": 0,
            "returned_tickets": 0,
            "returns": 0,
            "extended": 0,
            "close_seconds": 30,
            "excluded_void": 1,
        },
    }


def test_an_open_ticket_is_overdue_only_after_the_last_second_of_its_deadline():
    for cutoff, overdue in {"2023-01-12 23:59:59": 0, "2023-01-13 00:00:00": 1}.items():
        found = only(tickets([{}], cutoff))
        assert (found["open_overdue"], found["open_in_time"]) == (overdue, 1 - overdue)


def test_callbacks():
    rows = [
        {
            "callback_id": "1",
            "ticket_id": "T1",
            "called_at": "2023-01-06 09:00:00",
            "satisfaction": "满意",
        },
        {
            "callback_id": "2",
            "ticket_id": "T1",
            "called_at": "2023-01-06 08:59:59",
            "result": "未接通",
            "satisfaction": "",
        },
        {"callback_id": "3", "ticket_id": "T2", "satisfaction": "基本满意"},
        {"callback_id": "4", "ticket_id": "T2", "satisfaction": "不满意"},
        {"callback_id": "5", "ticket_id": "T3", "satisfaction": "未评价"},
        {"callback_id": "6", "ticket_id": "T3", "satisfaction": ""},
        {"callback_id": "7", "ticket_id": "T3", "result": "拒访", "satisfaction": ""},
        {"callback_id": "8", "ticket_id": "unknown", "satisfaction": "满意"},
        {"callback_id": "9", "ticket_id": "called before", "called_at": "2023-01-07 00:00:00"},
    ]
    known = pl.LazyFrame(
        [
            ("T1", "市水务局", "求助"),
            ("T2", "市水务局", "求助"),
            ("T3", None, "咨询"),
            ("called before", "市水务局", "求助"),
        ],
        schema=["ticket_id", "unit", "ticket_type"],
        orient="row",
    )
    before = pl.LazyFrame({"ticket_id": ["called before"]})
    found = by(
        callbacks_facts(detail("callbacks", rows), tickets=known, called_before=before),
        "date",
        "unit",
        "ticket_type",
    )
    zero = dict.fromkeys(FACTS["callbacks"].measures, 0)
    assert found == {
        (date(2023, 1, 6), "市水务局", "求助"): zero
        | {
            "attempts": 4,
            "reached": 3,
            "satisfied": 1,
            "basically_satisfied": 1,
            "dissatisfied": 1,
            "tickets_called": 2,
        },
        (date(2023, 1, 6), None, "咨询"): zero
        | {"attempts": 3, "reached": 2, "refused": 1, "unrated": 2, "tickets_called": 1},
        (date(2023, 1, 6), None, None): zero
        | {"attempts": 1, "reached": 1, "satisfied": 1, "tickets_called": 1},
        (date(2023, 1, 7), "市水务局", "求助"): zero
        | {"attempts": 1, "reached": 1, "satisfied": 1},
    }


def test_the_first_attempt_of_a_ticket_is_one_even_at_the_same_second():
    rows = [{"callback_id": each, "ticket_id": "T1"} for each in ("b", "a", "c")]
    known = pl.LazyFrame(
        schema={"ticket_id": pl.String, "unit": pl.String, "ticket_type": pl.String}
    )
    before = pl.LazyFrame(schema={"ticket_id": pl.String})
    found = callbacks_facts(detail("callbacks", rows), tickets=known, called_before=before)
    assert only(found)["tickets_called"] == 1


def test_quality():
    rows = [
        {"score": "96.55"},
        {"score": "100", "mode": "在线"},
        {"score": "0.01", "passed": "否"},
        {"score": "59.9", "passed": "否", "inspected_at": "2023-01-06 23:59:59"},
    ]
    assert by(quality_facts(detail("quality", rows)), "date", "mode") == {
        (date(2023, 1, 6), "事后"): {"monitored": 3, "passed": 1, "score_sum": 156.46},
        (date(2023, 1, 6), "在线"): {"monitored": 1, "passed": 1, "score_sum": 100.0},
    }


def test_the_sum_of_scores_does_not_depend_on_the_order_of_rows():
    scores = [{"score": f"{each / 10}"} for each in (1, 2, 3, 999, 1, 7)]
    for rows in (scores, scores[::-1]):
        assert only(quality_facts(detail("quality", rows)))["score_sum"] == 101.3


def test_knowledge():
    rows = [
        {"action": "新增"},
        {"action": "修改"},
        {"action": "修改"},
        {"action": "作废"},
        {"action": "新增", "unit": "市公安局"},
        {"action": "新增", "updated_at": "2023-01-06 00:00:00"},
    ]
    assert by(knowledge_facts(detail("knowledge", rows)), "date", "unit") == {
        (date(2023, 1, 5), "市医保局"): {"added": 1, "revised": 2, "retired": 1},
        (date(2023, 1, 5), "市公安局"): {"added": 1, "revised": 0, "retired": 0},
        (date(2023, 1, 6), "市医保局"): {"added": 1, "revised": 0, "retired": 0},
    }


def test_staff():
    rows = [
        {"assessment": "优秀"},
        {"assessment": "合格"},
        {"assessment": "不合格", "on_duty": "否"},
        {"assessment": "未考评"},
        {"assessment": "合格", "position": "后台"},
    ]
    assert by(staff_facts(detail("staff", rows)), "position") == {
        "话务员": {"on_duty": 3, "assessed": 3, "passed": 2},
        "后台": {"on_duty": 1, "assessed": 1, "passed": 1},
    }


def test_data_quality():
    def file(dataset: str, day: date, state: str, *counts: int) -> dict[str, Any]:
        names = ("read", "accepted", "quarantined", "duplicate", "superseded", "clipped")
        own = {"dataset": dataset, "export_date": day, "state": state}
        return own | dict(zip(names, counts, strict=True))

    files = pl.DataFrame(
        [
            file("calls", date(2023, 2, 1), "taken", 10, 7, 1, 1, 1, 2),
            file("calls", date(2023, 2, 1), "taken", 5, 5, 0, 0, 0, 0),
            file("calls", date(2023, 2, 28), "taken", 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 2, 3), "refused", 0, 0, 0, 0, 0, 0),
            file("calls", date(2023, 3, 1), "taken", 9, 9, 0, 0, 0, 0),
            file("callbacks", date(2023, 2, 1), "taken", 4, 4, 0, 0, 0, 0),
            file("staff", date(2023, 2, 28), "taken", 3, 3, 0, 0, 0, 0),
        ]
    )
    february = files.filter(pl.col("export_date").dt.month() == 2)
    found = by(data_quality_facts(february, "2023-02", {"callbacks": 3}).lazy(), "dataset")
    assert found == {
        "calls": {
            "periods_expected": 28,
            "periods_present": 2,
            "files": 3,
            "files_refused": 1,
            "read": 15,
            "accepted": 12,
            "quarantined": 1,
            "duplicate": 1,
            "superseded": 1,
            "clipped": 2,
            "unmatched": 0,
        },
        "callbacks": {
            "periods_expected": 28,
            "periods_present": 1,
            "files": 1,
            "files_refused": 0,
            "read": 4,
            "accepted": 4,
            "quarantined": 0,
            "duplicate": 0,
            "superseded": 0,
            "clipped": 0,
            "unmatched": 3,
        },
        "staff": {
            "periods_expected": 1,
            "periods_present": 1,
            "files": 1,
            "files_refused": 0,
            "read": 3,
            "accepted": 3,
            "quarantined": 0,
            "duplicate": 0,
            "superseded": 0,
            "clipped": 0,
            "unmatched": 0,
        },
    }
    assert [periods_expected("calls", each) for each in ("2023-01", "2024-02", "2023-04")] == [
        31,
        29,
        30,
    ]


# --- KPIs -------------------------------------------------------------------------------------

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


# --- equations --------------------------------------------------------------------------------

WHOLE = {
    "calls": {"offered": 10, "answered": 4, "hung_up": 3, "ring_timeout": 2, "agent_rejected": 1},
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
    "data_quality": {"read": 10, "accepted": 4, "quarantined": 3, "duplicate": 2, "superseded": 1},
    "files": {"read": 10, "accepted": 4, "quarantined": 3, "duplicate": 2, "superseded": 1},
}
TERMS = [
    (table, name, term)
    for table, equations_of in EQUATIONS.items()
    for name, whole, parts in equations_of
    for term in (whole, *parts)
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
    assert set(EQUATIONS) == set(WHOLE)
    assert {name: len(each) for name, each in EQUATIONS.items()} == {
        "calls": 1,
        "tickets": 3,
        "callbacks": 1,
        "data_quality": 1,
        "files": 1,
    }
    counted = {name: equations(name) for name in FACTS}
    assert counted == {
        "indicators": 0,
        "reconciliation": 0,
        "calls": 2,
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


def test_callbacks_are_matched_with_tickets_that_arrive_later(installation):
    deliver(installation, "callbacks_20230106.csv", [row("callbacks")])
    bring_up_to_date(installation)
    assert facts(installation, "callbacks", "2023-01")["unit"].to_list() == [None]
    assert facts(installation, "data_quality", "2023-01")["unmatched"].to_list() == [1]
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    bring_up_to_date(installation)
    assert facts(installation, "callbacks", "2023-01")["unit"].to_list() == ["市水务局"]
    assert facts(installation, "data_quality", "2023-01")["unmatched"].to_list() == [0, 0]
    assert account(installation)["accepted"].to_list() == [1, 1]


def test_every_unmatched_callback_is_counted_in_some_month(installation):
    late = row("callbacks", called_at="2023-01-31 23:50:00")
    deliver(installation, "callbacks_20230201.csv", [late])
    bring_up_to_date(installation)
    folder = installation.warehouse.current / "facts" / "data_quality"
    found = pl.concat([pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))])
    assert found["unmatched"].sum() == 1


def test_no_month_is_stated_as_of_a_moment_to_come(installation):
    installation.now = lambda: datetime(2024, 3, 15, 2, tzinfo=ZoneInfo(TIME_ZONE))
    deliver(installation, "staff_202403.csv", [row("staff", month="2024-03")])
    deliver(installation, "calls_20240314.csv", [])
    bring_up_to_date(installation)
    assert facts(installation, "kpi_monthly", "2024-03")["cutoff"].max() <= installation.now()


def test_times_of_a_day_are_local():
    late = row(
        "calls",
        offered_at="2023-01-05 23:59:59",
        answered_at="2023-01-06 00:00:01",
        ended_at="2023-01-06 00:00:02",
    )
    found = only(calls_facts(detail("calls", [late])))
    assert (found["date"], found["hour"]) == (date(2023, 1, 5), 23)
    assert timedelta(seconds=found["answered_wait_seconds"]) == timedelta(seconds=2)
