"""A column that the platform does not have: what needs it is missing by name, never 0 or 100 %."""

from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest

from assets.core.errors import HotlineError
from assets.installation import ReportSettings
from assets.profiles.absent import unanswerable
from assets.profiles.profile import load_profile
from assets.releases import verify
from assets.reports.content.facts import Facts
from assets.reports.content.measures import measure
from assets.reports.content.periods import containing, month_span
from assets.reports.content.reports import compose
from schemas import EXPORTS, FACTS
from schemas.kpis import KPIS
from schemas.table import absent_columns
from tests.driver import (
    bring_up_to_date,
    change,
    deliver,
    facts,
    ledger,
    make_installation,
    take_all,
)
from tests.samples import csv_text, row


def use(installation, tmp_path, **absent):
    """The default profile, some of whose datasets lack columns."""
    text = load_profile("hanzhong")
    lines = ['name = "city"', f"timestamp_formats = {list(text.timestamp_formats)}"]
    for name, dataset in text.datasets.items():
        lines += [f"[datasets.{name}]", f'files = "{dataset.files}"']
        lines += [f"absent = {list(absent.get(name, ()))}"]
    path = tmp_path / "city.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    change(installation, profile_name=str(path))


def without(dataset, rows, *columns):
    """A file of a dataset that lacks columns."""
    table = EXPORTS[dataset]
    titles = [table.by_name[name].title for name in columns]
    frame = pl.read_csv(csv_text(dataset, rows).encode(), infer_schema=False)
    return frame.drop(titles).write_csv()


DAY = {
    "calls": [
        row("calls", call_id="1"),
        row("calls", call_id="2", outcome="用户挂断", answered_at=""),
    ],
    "tickets": [
        row("tickets", ticket_id="T1"),
        row("tickets", ticket_id="T2", status="已办结", closed_at="2023-01-05 20:00:00"),
    ],
    "callbacks": [row("callbacks", callback_id="B1", ticket_id="T1")],
    "quality": [row("quality")],
    "knowledge": [row("knowledge")],
}
NAMES = {"staff": "staff_202301.csv"}


def arrive(installation, **absent):
    for dataset, rows in (DAY | {"staff": [row("staff")]}).items():
        name = NAMES.get(dataset, f"{dataset}_20230105.csv")
        deliver(installation, name, without(dataset, rows, *absent.get(dataset, ())))
    bring_up_to_date(installation)


def kpis(installation):
    rows = facts(installation, "kpi_monthly", "2023-01").iter_rows(named=True)
    return {each["metric"]: each for each in rows}


PERIODS = [containing(kind, date(2023, 1, 5)) for kind in ("daily", "weekly", "monthly", "annual")]

# KPIs that a column takes away, by dataset. What is not named stays as it is.
GONE = {
    "calls": {
        "answered_at": {"service_level_15s", "average_wait", "average_talk"},
        "ended_at": {"average_talk"},
        "rating": set(),
        "line": set(),
        "outcome": {
            *("calls_offered", "calls_answered", "answer_rate", "service_level_15s"),
            *("abandonment_rate", "average_wait", "average_talk", "monitoring_rate"),
        },
    },
    "tickets": {
        "returns": {"return_rate"},
        "urgency": {"tickets_closed_on_time", "on_time_rate"},
        "extended_to": {"tickets_closed_on_time", "on_time_rate"},
        "closed_at": {
            *("tickets_closed", "close_rate", "tickets_closed_on_time", "on_time_rate"),
            "dispatched_close_rate",
        },
    },
    "callbacks": {"satisfaction": {"callback_satisfaction_rate", "ticket_satisfaction_rate"}},
    "quality": {"passed": {"calls_monitored_passed", "monitoring_pass_rate"}, "score": set()},
    "knowledge": {"action": {"knowledge_updates"}},
    "staff": {
        "assessment": {"staff_pass_rate"},
        "on_duty": {"agents_on_duty"},
        "position": {"agents_on_duty"},
    },
}
# One column of each dataset at a time: a night for each would take a minute and show the same.
TOGETHER = [
    {dataset: list(columns)[at] for dataset, columns in GONE.items() if at < len(columns)}
    for at in range(max(map(len, GONE.values())))
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The KPIs of a platform that has every column."""
    installation = make_installation(tmp_path_factory.mktemp("whole"))
    arrive(installation)
    return kpis(installation)


@pytest.mark.parametrize("columns", TOGETHER, ids=lambda columns: "+".join(columns.values()))
def test_what_needs_an_absent_column_is_missing_and_nothing_else(
    tmp_path, installation, whole, columns
):
    absent = {dataset: [column] for dataset, column in columns.items()}
    gone = {kpi for dataset, column in columns.items() for kpi in GONE[dataset][column]}
    use(installation, tmp_path, **absent)
    arrive(installation, **absent)
    after = kpis(installation)
    missing = {kpi.id for kpi in KPIS if after[kpi.id]["value"] is None}
    assert missing - {kpi.id for kpi in KPIS if whole[kpi.id]["value"] is None} == gone
    for metric in gone:
        assert after[metric]["display"] == "—"
        assert after[metric]["met"] is None
    kept = [kpi.id for kpi in KPIS if kpi.id not in missing]
    assert {m: whole[m]["display"] for m in kept} == {m: after[m]["display"] for m in kept}
    assert all(each.passed for each in verify(installation.warehouse))
    release = Facts(installation.warehouse.current.resolve())
    span = month_span("2023-01")
    for metric in gone:
        figure = measure(metric).figure(release, span)
        assert (figure.text, figure.value) == ("—", None)
        assert figure.reason.startswith("平台没有")
    for period in PERIODS:
        report = compose(release, period, ReportSettings())
        assert report.sections


def test_a_column_that_is_said_to_be_absent_and_comes_refuses_the_file(tmp_path, installation):
    use(installation, tmp_path, calls=["rating"])
    deliver(installation, "calls_20230105.csv", DAY["calls"])
    take_all(installation)
    assert ledger(installation, "calls")["rule"].to_list() == ["header_extra"]


def test_a_measure_says_why_it_is_empty(tmp_path, installation):
    use(installation, tmp_path, calls=["answered_at"])
    arrive(installation, calls=["answered_at"])
    path = installation.warehouse.current / "facts" / "calls" / "2023-01.parquet"
    found = absent_columns(pq.read_schema(path))
    assert set(found) == {"answered_within_15s", "answered_wait_seconds", "talk_seconds"}
    assert set(found.values()) == {"平台没有接通时间"}
    rows = pl.read_parquet(path)
    assert rows["answered"].sum() == 1 and rows["talk_seconds"].null_count() == rows.height


def test_the_contract_of_a_platform_that_has_all_is_as_it_was(installation):
    arrive(installation)
    path = installation.warehouse.current / "facts" / "calls" / "2023-01.parquet"
    assert absent_columns(pq.read_schema(path)) == {}


@pytest.mark.parametrize(
    ("dataset", "column", "table"),
    [
        ("tickets", "sector", "focus_tickets"),
        ("tickets", "call_id", "repeats"),
        ("calls", "caller", "repeats"),
        ("calls", "agent_id", "seats"),
        ("tickets", "closed_at", "workload"),
        ("tickets", "urgency", "workload"),
    ],
)
def test_a_table_that_cannot_be_made_is_not_published(
    tmp_path, installation, dataset, column, table
):
    use(installation, tmp_path, **{dataset: [column]})
    arrive(installation, **{dataset: [column]})
    assert not (installation.warehouse.current / "facts" / table).exists()
    others = {name for name in FACTS if (installation.warehouse.current / "facts" / name).exists()}
    assert {"calls", "tickets", "callbacks", "kpi_monthly"} <= others


def test_only_rules_that_need_the_column_fall():
    calls = EXPORTS["calls"]
    assert ("outcome_answered", "outcome") in unanswerable(calls, ("answered_at",))
    assert ("ended_at_before_answered_at", "ended_at") not in unanswerable(calls, ("answered_at",))
    assert ("call_too_long", "ended_at") not in unanswerable(calls, ("answered_at",))


def test_an_end_before_the_start_is_still_quarantined_without_answers(tmp_path, installation):
    use(installation, tmp_path, calls=["answered_at"])
    bad = row("calls", call_id="9", ended_at="2023-01-05 07:00:00")
    deliver(
        installation,
        "calls_20230105.csv",
        without("calls", [*DAY["calls"], bad], "answered_at"),
    )
    bring_up_to_date(installation)
    assert ledger(installation, "calls")["quarantined"].to_list() == [1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("absent = ['nothing']", "没有 nothing 这一列"),
        ("absent = ['call_id']", "row_key"),
        ("absent = ['offered_at']", "不能没有"),
        ("absent = ['line']\nconstants = { line = '1' }", "又说没有"),
        ("absent = ['line']\nheaders = { a = 'line' }", "又说没有"),
        ("absent = ['line']\njoin = { line = ['a'] }", "又说没有"),
    ],
)
def test_what_cannot_be_absent_is_one_sentence(tmp_path, text, words):
    path = tmp_path / "bad.toml"
    head = 'name = "m"\ntimestamp_formats = ["%Y%m%d"]\n[datasets.calls]\nfiles = "c_{YYYYMMDD}"\n'
    path.write_text(head + text, encoding="utf-8")
    with pytest.raises(HotlineError, match=words):
        load_profile(str(path))
