"""Issuing: what is new, what it is called and numbered, and what a crash leaves."""

import json
import os
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import permutations

import pytest

from assets.core import files
from assets.core.errors import HotlineError, disk_sentence
from assets.installation.settings import ReportSettings
from assets.reports.content.periods import containing, due_date, period_of
from assets.reports.issue.due import due_moment, is_reported
from assets.reports.issue.issuer import running_number, timeliness
from assets.reports.issue.ledger import Ledger, read_reports
from schemas.reports import KINDS
from tests.driver import bring_up_to_date, change, existing_installation, make_installation
from tests.reports.office import (
    FIRST,
    NIGHT,
    ZONE,
    FakeRenderer,
    at,
    deliver_calls,
    issue,
    moment,
    released,
)

START = date(2023, 1, 1)


def snapshot(installation) -> dict[str, bytes]:
    root = installation.warehouse.reports
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


# --- new or not ---------------------------------------------------------------------------------


def test_the_first_issue_has_four_forms_its_content_and_a_row(installation):
    done = issue(installation, "monthly", "2024-01")
    assert done.stamp is not None
    assert sorted(path.name for path in done.folder.iterdir()) == [
        *(f"2024-01_月报.{form}" for form in ("docx", "html", "pdf", "xlsx")),
        "content.json",
    ]
    assert done.folder == installation.root / "reports/monthly/2024-01/r1"
    (entered,) = read_reports(installation.warehouse).rows(named=True)
    names = ("kind", "period", "revision", "number")
    assert tuple(entered[name] for name in names) == ("monthly", "2024-01", 1, 1)
    assert entered["release"] == installation.warehouse.current.readlink().name
    assert entered["issued_at"] == moment(NIGHT)
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in done.folder.iterdir())


def test_the_same_content_issues_nothing(installation):
    first = issue(installation, "monthly", "2024-01")
    before = snapshot(installation)
    renderer = FakeRenderer()
    again = issue(at(installation, "2024-03-09 02:00"), "monthly", "2024-01", renderer)
    assert again.stamp is None
    assert again.entry == first.entry
    assert renderer.printed == []
    assert snapshot(installation) == before


def test_another_release_with_the_same_content_issues_nothing(installation):
    first = issue(installation, "monthly", "2024-01")
    deliver_calls(installation, date(2024, 3, 1), date(2024, 3, 1))
    bring_up_to_date(at(installation, "2024-03-02 02:00"))
    assert issue(installation, "monthly", "2024-01").entry == first.entry
    assert first.entry.release != installation.warehouse.current.readlink().name


def test_changed_content_is_a_second_revision_that_says_what_changed(installation):
    first = issue(installation, "monthly", "2024-01")
    before = snapshot(installation)
    renderer = FakeRenderer()
    renderer.calls = 123
    second = issue(at(installation, "2024-03-09 02:00"), "monthly", "2024-01", renderer)
    assert second.entry.revision == 2
    assert second.folder.name == "r2"
    assert second.changes == (
        "“话务”话务量由 100 更正为 123。",
        "“话务”表“渠道”中电话的话务量由 100 更正为 123。",
    )
    assert second.stamp.changes == second.changes
    assert second.entry.number == first.entry.number
    assert snapshot(installation).items() >= before.items()
    assert read_reports(installation.warehouse)["revision"].to_list() == [1, 2]


def test_a_revision_keeps_whether_the_report_was_in_time(installation):
    first = issue(installation, "monthly", "2024-02")
    assert first.entry.in_time
    renderer = FakeRenderer()
    renderer.calls = 1
    second = issue(at(installation, "2025-01-01 02:00"), "monthly", "2024-02", renderer)
    assert (second.entry.in_time, second.entry.backfilled) == (True, False)
    assert second.entry.issued_at == moment("2025-01-01 02:00")


@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "pdf"])
@pytest.mark.parametrize("how", ["missing", "changed"])
def test_a_form_that_is_missing_or_changed_is_issued_again_beside_it(installation, form, how):
    first = issue(installation, "monthly", "2024-01")
    path = first.files[form]
    path.chmod(0o644)
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    left = snapshot(installation)
    second = issue(installation, "monthly", "2024-01")
    assert second.entry.revision == 2
    assert form in second.changes[0]
    assert "内容未变" in second.changes[0]
    assert snapshot(installation).items() >= left.items()
    assert issue(installation, "monthly", "2024-01").stamp is None


def test_a_lost_record_of_the_content_is_said(installation):
    first = issue(installation, "monthly", "2024-01")
    (first.folder / "content.json").unlink()
    assert issue(installation, "monthly", "2024-01").stamp is None
    renderer = FakeRenderer()
    renderer.calls = 1
    (said,) = issue(installation, "monthly", "2024-01", renderer).changes
    assert "无法逐项列出" in said


def test_the_digest_is_of_the_content_alone(installation):
    done = issue(installation, "monthly", "2024-01")
    said = json.loads((done.folder / "content.json").read_bytes())
    assert "release" not in said
    assert "cutoff" not in said
    assert said["sections"][0]["blocks"][1]["is"] == "Table"


# --- numbers ------------------------------------------------------------------------------------


def test_numbers_and_bytes_do_not_depend_on_the_order(installation, tmp_path, template):
    wanted = [
        ("daily", "2024-01-03"), ("daily", "2024-02-01"), ("weekly", "2024-01-29"),
        ("monthly", "2024-02"),
    ]  # fmt: skip
    seen = []
    for number, order in enumerate(list(permutations(wanted))[::5]):
        folder = tmp_path / str(number)
        os.system(f"cp -a {template}/. {folder}")
        own = existing_installation(folder, now=moment(NIGHT), start=FIRST)
        for kind, key in order:
            issue(own, kind, key)
        ledger = own.warehouse.reports_ledger.read_bytes()
        seen.append((snapshot(own), ledger))
    assert len(seen) == 5
    assert all(each == seen[0] for each in seen)
    numbers = {(e.kind, e.period): e.number for e in Ledger(own.warehouse).entries}
    assert numbers == {
        ("daily", "2024-01-03"): 3,
        ("daily", "2024-02-01"): 32,
        ("weekly", "2024-01-29"): 5,
        ("monthly", "2024-02"): 2,
    }


def test_kinds_may_begin_on_different_days(installation):
    change(
        installation,
        reports=ReportSettings(first_daily=date(2024, 1, 10), first_weekly=date(2024, 1, 10)),
    )
    assert issue(installation, "daily", "2024-01-12").entry.number == 3
    # The first week that begins on or after the day is that of the 15th.
    assert issue(installation, "weekly", "2024-01-22").entry.number == 2
    assert issue(installation, "monthly", "2024-01").entry.number == 1
    with pytest.raises(HotlineError, match="早于起始日 2024-01-10"):
        issue(installation, "daily", "2024-01-09")
    with pytest.raises(HotlineError, match="早于起始日"):
        issue(installation, "weekly", "2024-01-08")


# --- in time, late, backfilled ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "until"),
    [
        ("daily", "2024-02-29", "2024-03-01 09:00"),
        ("weekly", "2024-02-19", "2024-02-29 00:00"),
        ("monthly", "2024-02", "2024-03-06 00:00"),
        ("annual", "2023", "2024-02-01 00:00"),
    ],
)
def test_the_due_moment_belongs_to_in_time(kind, key, until):
    due = due_date(kind, period_of(kind, key))
    last = moment(until)
    assert due_moment(kind, due) == last
    judged = [
        timeliness(kind, due, at, backfilled_after_days=31)
        for at in (
            last,
            last + timedelta(seconds=1),
            last + timedelta(days=31),
            last + timedelta(days=31, seconds=1),
        )
    ]
    assert judged == [
        (True, False), (False, False), (False, False), (False, True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "state"),
    [("2024-01-04 08:59", "按时"), ("2024-01-04 09:01", "迟发"), ("2024-02-09 02:00", "补发")],
)
def test_the_ledger_says_which_it_was(tmp_path, now, state):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now=now)
    done = issue(installation, "daily", "2024-01-03")
    assert done.entry.state == state
    assert done.stamp.backfilled is (state == "补发")
    assert (done.entry.in_time, done.entry.backfilled) == (state == "按时", state == "补发")


def test_a_clock_elsewhere_is_the_same_moment(tmp_path):
    installation = make_installation(tmp_path)
    utc = datetime.fromisoformat("2024-01-04T00:59:00+00:00")
    assert timeliness("daily", date(2024, 1, 4), utc, backfilled_after_days=31) == (True, False)
    assert installation.now().tzinfo == ZONE


# --- running numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "first", "expected"),
    [
        ("daily", "2023-01-01", START, 1),
        ("daily", "2023-12-31", START, 365),
        ("daily", "2024-01-01", START, 1),
        ("daily", "2024-12-31", START, 366),
        ("daily", "2023-05-23", date(2023, 5, 23), 1),
        ("daily", "2023-12-31", date(2023, 5, 23), 223),
        ("daily", "2024-01-02", date(2023, 5, 23), 2),
        ("weekly", "2023-01-02", START, 1),
        ("weekly", "2023-05-22", date(2023, 5, 22), 1),
        ("weekly", "2023-05-29", date(2023, 5, 23), 1),
        # The week over New Year belongs to the year that it begins in.
        ("weekly", "2023-12-25", START, 52),
        ("weekly", "2024-01-01", START, 1),
        ("weekly", "2024-12-30", START, 53),
        ("weekly", "2025-01-06", START, 1),
        ("monthly", "2023-01", START, 1),
        ("monthly", "2023-12", START, 12),
        ("monthly", "2024-01", START, 1),
        ("monthly", "2023-07", date(2023, 5, 23), 3),
        ("annual", "2023", START, 1),
        ("annual", "2024", START, 1),
    ],
)
def test_numbers_restart_each_year(kind, key, first, expected):
    assert running_number(period_of(kind, key), first) == expected


def test_weeks_may_start_on_sunday():
    assert running_number(period_of("weekly", "2023-01-01", 6), START) == 1
    assert running_number(period_of("weekly", "2023-12-31", 6), START) == 53
    assert running_number(period_of("weekly", "2024-01-07", 6), START) == 1
    with pytest.raises(HotlineError, match="2023-01-01"):
        period_of("weekly", "2023-01-02", 6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("week_start", [0, 6])
def test_numbers_of_a_year_are_one_to_n_without_gaps(kind, week_start):
    first = date(2023, 3, 15)
    seen: dict[int, list[int]] = {}
    periods = {
        each.key: each
        for offset in range(1200)
        for each in [containing(kind, first + timedelta(days=offset), week_start)]
        if is_reported(each, first)
    }
    for each in periods.values():
        seen.setdefault(each.first.year, []).append(running_number(each, first))
    assert set(seen) == {2023, 2024, 2025, 2026}
    for numbers in seen.values():
        assert numbers == list(range(1, len(numbers) + 1))


# --- a crash at any step ------------------------------------------------------------------------


class Killed(BaseException):
    """The process ends here."""


def test_killed_at_any_system_call_the_next_run_gives_the_same(installation, monkeypatch, tmp_path):
    calls = ("open", "rename", "replace", "fsync", "mkdir")
    expected = None
    step = 0
    while True:
        folder = tmp_path / f"try{step}"
        os.system(f"cp -a {tmp_path / 'warehouse'} {folder}")
        own = replace(installation, root=folder)
        left = [step]
        with monkeypatch.context() as patched:
            for name in calls:
                patched.setattr(os, name, _dying(getattr(os, name), left))
            try:
                issue(own, "monthly", "2024-01")
                survived = True
            except Killed:
                survived = False
        assert (own.warehouse.reports_ledger.exists()) or not survived
        done = issue(own, "monthly", "2024-01")
        assert done.entry.revision == 1
        state = (snapshot(own), own.warehouse.reports_ledger.read_bytes())
        expected = expected or state
        assert state == expected, step
        if survived:
            break
        step += 1
    assert step > 12


def _dying(real, left):
    def call(*args, **kwargs):
        if left[0] == 0:
            raise Killed
        left[0] -= 1
        return real(*args, **kwargs)

    return call


def test_a_full_disk_is_a_sentence_and_leaves_the_ledger(installation, monkeypatch):
    issue(installation, "monthly", "2024-01")
    before = installation.warehouse.reports_ledger.read_bytes()

    def full(handle):
        raise OSError(28, "No space left on device", str(installation.root / "reports"))

    with monkeypatch.context() as patched:
        patched.setattr(files.os, "fsync", full)
        with pytest.raises(OSError) as caught:
            issue(installation, "daily", "2024-01-03")
    assert "磁盘已满" in disk_sentence(caught.value)
    assert installation.warehouse.reports_ledger.read_bytes() == before
    assert list(installation.warehouse.reports.glob("daily/2024-01-03/*")) == []
    assert issue(installation, "daily", "2024-01-03").entry.revision == 1
