"""Prose and tables of a report cannot disagree: a whole year of small random data."""

import random
from datetime import date, timedelta

import pytest

from assets.installation.settings import ReportSettings
from assets.reports.content.facts import Facts
from assets.reports.content.model import Figure, Table
from assets.reports.content.periods import containing
from assets.reports.content.reports import daily_report, weekly_report
from tests.reports.said import cells, held, numbers, prose
from tests.reports.small import Small, at

FIRST = date(2023, 1, 1)
UNITS = ("水务局", "人社局", "城管局", "甲" * 60)
CATEGORIES = ("供水", "供暖", "噪声", "欠薪", "<script>", "{{x}}")


@pytest.fixture(scope="module")
def year(tmp_path_factory) -> Facts:
    """A year with days of zero, days without files, refused files, jumps and quiet weeks."""
    chance = random.Random(2023)
    small = Small()
    for number in range(365):
        day = FIRST + timedelta(days=number)
        if chance.random() < 0.02:
            continue
        small.taken(f"{day}", read=chance.randrange(900), quarantined=chance.randrange(9))
        if chance.random() < 0.03:
            small.taken(f"{day}", datasets=("calls",), state="refused")
        if chance.random() < 0.02:
            continue
        _day(small, chance, day)
    return small.release(tmp_path_factory.mktemp("year"))


def _day(small: Small, chance: random.Random, day: date) -> None:
    busy = chance.choice((1, 1, 1, 3))
    for hour in chance.sample(range(24), 5):
        offered = chance.randrange(40) * busy
        answered = chance.randint(offered * 8 // 10, offered)
        small.add(
            "calls",
            day,
            hour=hour,
            offered=offered,
            answered=answered,
            answered_within_15s=answered // 2,
            answered_wait_seconds=answered * 7,
        )
    for _ in range(6):
        direct = chance.random() < 0.6
        accepted = chance.randrange(1, 9) * busy
        small.add(
            "tickets",
            day,
            accepted=accepted,
            category=chance.choice(CATEGORIES),
            region=chance.choice("甲乙丙丁戊己庚辛壬癸"),
            channel=chance.choice(("电话", "微信", "网站")),
            unit=None if direct else chance.choice(UNITS),
            dispatched=0 if direct else accepted,
            direct_answered=accepted if direct else 0,
            returned_tickets=chance.randrange(2),
            merged=chance.randrange(2),
        )
    for unit in UNITS:
        closed = chance.randrange(9)
        late = chance.randrange(closed + 1) if chance.random() < 0.2 else 0
        small.add(
            "workload",
            day,
            unit=unit,
            opened=closed + 1,
            closed=closed,
            turned_overdue=late + chance.randrange(2),
            overdue_closed=late,
            turned_due_soon=chance.randrange(3),
        )
        reached = chance.randrange(6)
        small.add(
            "callbacks",
            day,
            unit=unit,
            attempts=reached + 1,
            reached=reached,
            satisfied=reached - reached // 3,
            dissatisfied=reached // 3,
            tickets_called=reached,
        )
    for number in range(chance.randrange(4)):
        ticket = f"T{day:%y%m%d}{number}"
        small.add(
            "focus_tickets",
            day,
            ticket_id=ticket,
            sector=chance.choice(("欠薪", "安全生产")),
            urgency=chance.choice(("一般", "突发")),
            accepted_at=at(f"{day}T09:00:00"),
            dispatched_at=at(f"{day}T10:00:00"),
            deadline=at(f"{day + timedelta(days=3)}T23:59:59"),
            closed_at=chance.choice((None, at(f"{day + timedelta(days=2)}T11:00:00"))),
        )
        small.add(
            "repeats",
            day,
            ticket_id=ticket,
            first_ticket_id=f"F{chance.randrange(99)}",
            sequence=chance.randrange(2, 5),
            days_since_first=3,
            category=chance.choice(CATEGORIES),
            first_date=day - timedelta(days=3),
        )


def _reports(facts):
    settings = ReportSettings()
    for number in range(-3, 370):
        yield daily_report(facts, containing("daily", FIRST + timedelta(days=number)), settings)
    for number in range(-1, 54):
        day = FIRST + timedelta(weeks=number)
        yield weekly_report(facts, containing("weekly", day), settings)


def test_every_number_in_prose_stands_in_a_table(year):
    checked = 0
    for report in _reports(year):
        known = held(report)
        for sentence in prose(report):
            lacking = numbers(sentence) - known
            assert not lacking, (report.period.key, sentence, lacking)
            checked += len(numbers(sentence))
    assert checked > 5_000


def test_tables_hold_together(year):
    """As many cells as columns, names once, counts that add up to the total."""
    for report in _reports(year):
        tables = [b for each in report.sections for b in each.blocks if isinstance(b, Table)]
        names = [each.name for each in tables]
        assert len(names) == len(set(names))
        assert len({each.name for each in report.sections}) == len(report.sections)
        for table in tables:
            assert table.rows or table.note, table.name
            assert {len(row.cells) for row in table.rows} <= {len(table.columns)}
            if table.name.startswith("by_"):
                counts = [row.cells[1].value for row in table.rows]
                assert sum(counts[:-1]) == counts[-1]


def test_a_figure_without_a_value_says_why(year):
    for report in _reports(year):
        for each in report.sections:
            for table in (block for block in each.blocks if isinstance(block, Table)):
                figures = [c for row in table.rows for c in row.cells if isinstance(c, Figure)]
                for figure in figures:
                    assert (figure.value is None) == (figure.text == "—")
                    assert (figure.value is None) == bool(figure.reason)


def test_sentences_are_whole(year):
    """No doubled or dangling punctuation, no empty part, no dash where a number belongs."""
    for report in _reports(year):
        for sentence in prose(report):
            assert sentence
            for wrong in (
                "。。",
                "；；",
                "，，",
                "，。",
                "；。",
                "、。",
                "：。",
                "（）",
                "None",
                "，；",
            ):
                assert wrong not in sentence, sentence
            assert "—" not in sentence, sentence


def test_a_report_of_the_same_release_is_the_same(year):
    period = containing("weekly", date(2023, 5, 22))
    fresh = Facts(year._folder)
    assert weekly_report(fresh, period, ReportSettings()) == weekly_report(
        year, period, ReportSettings()
    )
    day = containing("daily", date(2023, 5, 22))
    assert daily_report(fresh, day, ReportSettings()) == daily_report(year, day, ReportSettings())


def test_hostile_names_stay_whole(year):
    report = weekly_report(year, containing("weekly", date(2023, 5, 22)), ReportSettings())
    text = [
        cell
        for each in report.sections
        for block in each.blocks
        if isinstance(block, Table)
        for row in cells(block)
        for cell in row
    ]
    assert {"<script>", "{{x}}", "甲" * 60} <= set(text)
