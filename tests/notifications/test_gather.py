"""What is told of the state of an installation, and that it is told once."""

import json
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from assets.exports import FINDINGS, Verdict, decide, enter_findings
from assets.health import files_in
from assets.installation.settings import Channel, NoticeSettings
from assets.notifications import gather as gathering
from assets.notifications.about_exports import (
    backlog,
    drift,
    missing,
    quarantined,
    refused,
    suspect,
    unusual,
)
from assets.notifications.about_results import held, knowledge, published, reports
from assets.notifications.events import DEFAULT_EVENTS, EVENTS, failure_notice
from assets.notifications.gather import gather
from assets.notifications.outbox import updated_outbox
from assets.quarantine.rows import discard, quarantined_rows, update_history
from assets.releases.approval import PendingApproval, request_approval
from tests.driver import bring_up_to_date, change, deliver, set_profile, take_all
from tests.exports.test_protect import MOBILE
from tests.samples import csv_text, row

ZONE = ZoneInfo("Asia/Shanghai")
ALL = Channel("全", "X", tuple(EVENTS))


def at(installation, *moment: int) -> None:
    now = datetime(*moment, tzinfo=ZONE)
    change(installation, now=lambda: now)


def told(notices) -> list[str]:
    return [f"{each.subject}：{each.detail}" for each in notices]


def test_every_event_has_a_source():
    sources = {event for events, _ in gathering._SOURCES for event in events}
    assert sources | {"late", "failed"} == set(EVENTS)
    assert set(DEFAULT_EVENTS) == set(EVENTS) - {"summary"}


# --- missing and late ---------------------------------------------------------------------------


@pytest.fixture
def calls_until_the_day_before_yesterday(installation):
    """Calls and tickets of 26 to 28 February; the night is the one to 1 March 2024."""
    for day in (26, 27, 28):
        for name in ("calls", "tickets"):
            deliver(installation, f"{name}_202402{day}.csv", csv_text(name, []))
    take_all(installation)
    return installation


def missed(installation) -> list[str]:
    return [each for each in told(missing(installation)) if "从未" not in each]


def test_yesterday_is_missing_from_the_set_hour_on(calls_until_the_day_before_yesterday):
    installation = calls_until_the_day_before_yesterday
    at(installation, 2024, 3, 1, 7, 59)
    assert missed(installation) == []
    at(installation, 2024, 3, 1, 8)
    assert missed(installation) == ["话务：2024-02-29", "工单：2024-02-29"]
    change(installation, notices=NoticeSettings(missing_after=time(9, 30)))
    assert missed(installation) == []


def test_a_dataset_that_never_came_is_said_once_and_not_for_every_day(
    calls_until_the_day_before_yesterday,
):
    installation = calls_until_the_day_before_yesterday
    at(installation, 2024, 3, 9, 8)
    never = [each for each in told(missing(installation)) if "从未" in each]
    assert never == [f"{name}：从未收到过导出" for name in ("回访", "话务监听", "知识库")]


def test_a_file_that_waits_in_the_folder_or_was_refused_is_not_missing(
    calls_until_the_day_before_yesterday,
):
    installation = calls_until_the_day_before_yesterday
    at(installation, 2024, 3, 1, 8)
    deliver(installation, "calls_20240229.csv", csv_text("calls", []))
    assert missed(installation) == ["工单：2024-02-29"]
    deliver(installation, "tickets_20240229.csv", "")
    take_all(installation)
    assert missed(installation) == []
    assert told(refused(installation)) == [
        "工单：2024-02-29（文件没有内容，请重新导出（没有数据的一天也应有表头））"
    ]


def test_an_empty_installation_misses_nothing(installation):
    assert missing(installation) == []


def test_a_missing_export_that_came_is_told_as_late_once(calls_until_the_day_before_yesterday):
    installation = calls_until_the_day_before_yesterday
    at(installation, 2024, 3, 1, 8)
    before = updated_outbox(installation, [ALL]).known
    deliver(installation, "calls_20240229.csv", csv_text("calls", []))
    late = [each for each in gather(installation, before).notices if each.event.id == "late"]
    assert told(late) == ["话务：2024-02-29"]
    take_all(installation)
    assert [
        each for each in gather(installation, before).notices if each.event.id == "late"
    ] == late
    assert [each for each in gather(installation, {}).notices if each.event.id == "late"] == []


# --- rows ---------------------------------------------------------------------------------------


def test_quarantined_rows_are_told_above_the_share(installation):
    good = [row("calls", call_id=f"{n}") for n in range(99)]
    deliver(installation, "calls_20230105.csv", [*good, row("calls", call_id="")])
    deliver(installation, "calls_20230106.csv", [*good[:98], *[row("calls", call_id="")] * 2])
    take_all(installation)
    assert told(quarantined(installation)) == ["话务：2023-01-06 的 100 行中 2 行"]
    change(installation, notices=NoticeSettings(quarantined_above=0))
    assert len(quarantined(installation)) == 2


def test_rows_that_nobody_deals_with_are_told_after_some_days(installation):
    deliver(installation, "calls_20230105.csv", [row("calls"), *[row("calls", call_id="")] * 2])
    take_all(installation)
    start = installation.now()
    update_history(installation.warehouse, at=start)
    assert backlog(installation) == []
    change(installation, now=lambda: start + timedelta(days=14, seconds=1))
    assert told(backlog(installation)) == ["话务：2023-01-05 的 2 行已隔离超过14天"]
    given_up = quarantined_rows(installation.warehouse, "calls").head(1)
    discard(installation.warehouse, "calls", given_up, reason="试", who="甲", at=start)
    assert told(backlog(installation)) == ["话务：2023-01-05 的 1 行已隔离超过14天"]


# --- drift --------------------------------------------------------------------------------------


def with_header(extra: str, call_id: str = "1") -> str:
    head, line = csv_text("calls", [row("calls", call_id=call_id)]).splitlines()
    return f"{head},{extra}\n{line},x\n"


def test_a_new_column_is_named_once_two_files_hold_it(installation):
    deliver(installation, "calls_20230105.csv", with_header("诸葛建国"))
    take_all(installation)
    assert told(drift(installation)) == ["话务：新的列（名称见 hotline status）"]
    deliver(installation, "calls_20230106.csv", with_header("备注二"))
    deliver(installation, "calls_20230107.csv", with_header("备注二"))
    take_all(installation)
    assert told(drift(installation)) == [
        "话务：新的列（名称见 hotline status）",
        "话务：新的列“备注二”",
    ]
    assert "备注" not in "".join(told(refused(installation)))


def test_a_new_column_that_the_profile_only_names_is_told_too(installation):
    calls = installation.profile.datasets["calls"].model_copy(update={"extra_columns": "name"})
    set_profile(installation, datasets=installation.profile.datasets | {"calls": calls})
    for day in (5, 6):
        deliver(installation, f"calls_2023010{day}.csv", with_header("备注二", f"{day}"))
    take_all(installation)
    assert refused(installation) == []
    assert told(drift(installation)) == ["话务：新的列“备注二”"]


def test_a_renamed_column_is_told_by_the_name_it_should_have(installation):
    text = csv_text("calls", [row("calls")])
    head = text.splitlines()[0].split(",")
    deliver(installation, "calls_20230105.csv", text.replace(head[3], "来话时刻"))
    take_all(installation)
    assert told(drift(installation)) == [f"话务：缺少列“{head[3]}”，可能改了名"]


def test_a_new_code_is_named_where_it_repeats(installation):
    good = [row("calls", call_id=f"G{n}") for n in range(100)]
    bad = [row("calls", call_id=f"B{n}", outcome="转语音") for n in range(3)]
    rare = row("calls", call_id="R", outcome="诸葛建国")
    deliver(installation, "calls_20230105.csv", [*good, *bad, rare])
    take_all(installation)
    said = told(drift(installation))
    assert len(said) == 2
    assert said[0].endswith("有新的代码")
    assert said[1].endswith("有新的代码“转语音”")


# --- releases, reports, target ------------------------------------------------------------------


def test_a_release_is_told_and_one_that_waits(installation):
    assert published(installation) == held(installation) == []
    deliver(installation, "calls_20230105.csv", [row("calls")])
    release = bring_up_to_date(installation).id
    assert told(published(installation)) == [f"{release}：数据截至 2023-01-06 00:00"]
    request_approval(installation.warehouse, PendingApproval("r2", False, ("甲", "乙")))
    first = held(installation)
    assert "共 2 项" in first[0].detail
    request_approval(installation.warehouse, PendingApproval("r3", False, ("甲", "乙", "丙")))
    assert [each.id for each in held(installation)] == [each.id for each in first]


def test_a_report_that_is_overdue_is_told(installation):
    deliver(
        installation, "calls_20240228.csv", csv_text("calls", [row("calls")]).splitlines()[0] + "\n"
    )
    deliver(installation, "calls_20240229.csv", csv_text("calls", []))
    bring_up_to_date(installation)
    at(installation, 2024, 3, 1, 9)
    daily = [each for each in told(reports(installation)) if each.startswith("日报")]
    assert daily == ["日报：2024-02-28 应于 2024-02-29 印发，尚未印发"]
    at(installation, 2024, 3, 1, 9, 1)
    assert len([each for each in told(reports(installation)) if each.startswith("日报")]) == 2


def test_a_month_that_will_miss_its_target_is_told_once_its_pace_says_something(installation):
    def updated(day: int) -> None:
        when = f"2024-02-{day:02d} 11:00:00"
        rows = [row("knowledge", article_id=f"A{day}", updated_at=when)]
        deliver(installation, f"knowledge_202402{day:02d}.csv", rows)
        at(installation, 2024, 2, day + 1, 2)
        bring_up_to_date(installation)

    updated(6)
    assert knowledge(installation) == []
    updated(7)
    assert told(knowledge(installation)) == [
        "2024年2月：截至2024-02-07更新2条，预计月末8条，目标100条；今后每天需更新5条"
    ]
    at(installation, 2024, 3, 5, 2)
    assert knowledge(installation) == []


# --- what cannot be asked -----------------------------------------------------------------------


def test_what_cannot_be_asked_is_told_and_what_was_told_of_it_stays_known(
    calls_until_the_day_before_yesterday,
):
    installation = calls_until_the_day_before_yesterday
    at(installation, 2024, 3, 1, 8)
    first = updated_outbox(installation, [ALL])
    installation.warehouse.notices.write_text(json.dumps({"known": first.known, "owed": {}}))
    installation.warehouse.reports_ledger.write_bytes(b"rotten")
    installation.landing.rename(installation.landing.with_name("elsewhere"))
    second = updated_outbox(installation, [ALL])
    said = told(second.owed["全"])
    assert [each.partition("：")[0] for each in said] == ["核对现状"] * 3
    assert any("报告台账" in each for each in said)
    assert any("不存在" in each for each in said)
    assert first.known.keys() < second.known.keys()


def test_a_failure_says_no_more_than_is_fit_to_be_said():
    said = failure_notice("1", "夜间任务", ValueError(MOBILE)).detail
    assert (MOBILE in said, "ValueError" in said) == (False, True)
    full = OSError(28, "full", f"/x/{MOBILE}")
    assert failure_notice("1", "夜间任务", full).detail.startswith("磁盘已满")


# --- held and unusual files ---------------------------------------------------------------------


@pytest.fixture
def same_file_twice(installation):
    """Yesterday's file again, under today's name."""
    for day in (28, 29):
        deliver(installation, f"calls_202402{day}.csv", [row("calls")])
    take_all(installation)
    return installation


def test_a_held_file_is_told_with_its_reason_and_again_while_nobody_decides(same_file_twice):
    installation = same_file_twice
    arrived = files_in(installation, "held")[0]["arrived"]
    ids = set()
    for waited, times in ((0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (60, 6)):
        later = datetime.combine(arrived + timedelta(waited), time(9), ZONE)
        change(installation, now=lambda later=later: later)
        first, *again = suspect(installation)
        assert "内容与 2024-02-28 的文件完全相同" in first.detail
        assert "calls_" not in first.detail
        assert [each.id.rpartition("/")[2] for each in again] == [str(times)] * bool(times)
        assert all(f"已等了 {waited} 天" in each.detail for each in again)
        assert all(each.event.severity > first.event.severity for each in again)
        ids |= {each.id for each in again}
    assert len(ids) == 4


def test_a_decision_ends_the_telling(same_file_twice):
    (each,) = files_in(same_file_twice, "held")
    place = (each["dataset"], (each["export_date"], each["content"]))
    decide(
        same_file_twice.warehouse,
        [place],
        Verdict.RELEASED,
        by="张三",
        why="核对过",
        at=same_file_twice.now(),
    )
    assert suspect(same_file_twice) == []


@pytest.mark.parametrize(("days", "told_of"), [(14, True), (15, False)])
def test_what_is_unusual_is_told_for_two_weeks(installation, days, told_of):
    day = installation.today - timedelta(days)
    rows = [
        (day, "X", "rows_low", hold, "应在 9 至 11 条之间", "有 5 条") for hold in (True, False)
    ]
    enter_findings(
        installation.warehouse, "calls", pl.DataFrame(rows, orient="row", schema=FINDINGS)
    )
    found = [each.detail for each in unusual(installation)]
    assert [f"{day}（有 5 条，应在 9 至 11 条之间" in each for each in found] == [True] * told_of
