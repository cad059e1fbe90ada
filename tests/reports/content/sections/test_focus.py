"""Followed tickets: their state at midnight, their order, their titles."""

import polars as pl
import pytest

from assets.reports.content.sections.focus import state_at
from tests.reports.said import cells, section, table
from tests.reports.small import Small, at, daily


def test_followed_tickets_with_the_state_of_the_day(tmp_path):
    small = Small().taken("2023-04-28", "2023-05-23")

    def ticket(number, handed_over, deadline, closed=None, **values):
        small.add(
            "focus_tickets",
            handed_over[:10],
            ticket_id=number,
            accepted_at=at(handed_over),
            dispatched_at=at(handed_over),
            deadline=at(deadline),
            closed_at=at(closed) if closed else None,
            **values,
        )

    ticket("T1", "2023-05-23T08:00:00", "2023-05-30T23:59:59")
    ticket(
        "T2",
        "2023-05-23T08:00:00",
        "2023-05-23T10:00:00",
        "2023-05-23T11:00:00",
        urgency="突发",
        sector="安全生产",
    )
    # Closed since: on the evening of the day it was still open.
    ticket("T3", "2023-05-23T09:00:00", "2023-05-24T23:59:59", "2023-05-24T08:00:00")
    ticket("T4", "2023-04-28T09:00:00", "2023-05-08T23:59:59")
    ticket("T5", "2023-05-24T00:00:00", "2023-05-30T23:59:59")
    ticket("T6", "2023-05-02T09:00:00", "2023-05-09T23:59:59", "2023-05-08T09:00:00")
    told = daily(small.release(tmp_path))
    new = cells(table(told, "focus_new"))
    assert [(row[0], row[5], row[6]) for row in new] == [
        ("T2", "5月23日 10:00", "逾期办结（突发）"),
        ("T3", "5月24日", "24小时内到期"),
        ("T1", "5月30日", "办理中"),
    ]
    assert [row[0] for row in cells(table(told, "focus_overdue"))] == ["T4"]
    sectors = {row[0]: row[1:] for row in cells(table(told, "focus_sectors"))}
    assert sectors["欠薪"] == ["2", "0", "3", "1", "1"]
    assert sectors["安全生产"] == ["1", "1", "0", "0", "0"]
    assert sectors["社会矛盾纠纷"] == ["0"] * 5
    assert sectors["合计"] == ["3", "1", "3", "1", "1"]
    assert section(told, "focus").headline == (
        "当日转办重点领域工单3件，其中突发1件；逾期未办结1件"
    )


@pytest.mark.parametrize(
    ("deadline", "closed", "state"),
    [
        ("2023-05-23T23:59:59", None, "已逾期"),
        ("2023-05-24T23:59:59", None, "24小时内到期"),
        ("2023-05-25T00:00:00", None, "办理中"),
        (None, None, "办理中"),
        ("2023-05-23T12:00:00", "2023-05-23T12:00:00", "已办结"),
        ("2023-05-23T12:00:00", "2023-05-23T12:00:01", "逾期办结"),
        ("2023-05-23T12:00:00", "2023-05-24T00:00:00", "已逾期"),
        (None, "2023-05-23T12:00:00", "已办结"),
    ],
)
def test_the_state_of_a_ticket_at_midnight(deadline, closed, state):
    moments = (at(each) if each else None for each in (deadline, closed))
    assert state_at(*moments, at("2023-05-24T00:00:00")) == state


def test_titles_are_shown_only_where_the_office_wants_them_and_masked(tmp_path):
    small = Small().taken("2023-05-23")
    values = {"accepted_at": at("2023-05-23T08:00:00"), "deadline": at("2023-05-30T23:59:59")}
    titles = {
        "T1": "市民张建国（13800138000）反映人民路88号3单元501室漏水",
        "T2": "<b>{{x}}",
        "T3": "长" * 90,
    }
    for number in (*titles, "T4"):
        small.add("focus_tickets", "2023-05-23", ticket_id=number, **values)
    (tmp_path / "warehouse" / "releases").mkdir(parents=True)
    facts = small.release(tmp_path / "warehouse" / "releases")
    details = tmp_path / "warehouse" / "details" / "tickets"
    details.mkdir(parents=True)
    pl.DataFrame({"ticket_id": list(titles), "title": list(titles.values())}).write_parquet(
        details / "2023-05.parquet"
    )
    plain = table(daily(facts), "focus_new")
    assert "诉求标题" not in [each.title for each in plain.columns]
    assert not any(title[:4] in str(cells(plain)) for title in titles.values())
    shown = table(daily(facts, show_titles=True), "focus_new")
    assert [each.title for each in shown.columns][4] == "诉求标题"
    found = {row[0]: row[4] for row in cells(shown)}
    assert found == {"T1": found["T1"], "T2": "<b>{{x}}", "T3": "长" * 60, "T4": ""}
    assert "漏水" in found["T1"]
    for secret in ("张建国", "138", "88", "501"):
        assert secret not in found["T1"]
