"""Issuing: what is new, what it is called and numbered, and what a crash leaves."""

import json
import os
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from assets.core import files
from assets.core.errors import HotlineError, disk_sentence
from assets.installation.settings import ReportSettings
from assets.reports.content.periods import period_of
from assets.reports.issue.due import due_reports
from assets.reports.issue.issuer import Issuer
from assets.reports.issue.ledger import Ledger, read_reports
from tests.driver import bring_up_to_date, change, deliver, existing_installation
from tests.reports.office import Office, deliver_calls, issue, moment, released
from tests.samples import row

FIRST, LAST = date(2024, 1, 1), date(2024, 2, 29)
NIGHT = "2024-03-01 02:00"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A released installation, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    released(folder, FIRST, LAST, now=NIGHT)
    return folder


@pytest.fixture
def installation(template, tmp_path):
    os.system(f"cp -a {template}/. {tmp_path}")
    return existing_installation(tmp_path, now=moment(NIGHT), start=FIRST)


def at(installation, now: str):
    change(installation, now=lambda: moment(now))
    return installation


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
    office = Office()
    again = issue(at(installation, "2024-03-09 02:00"), "monthly", "2024-01", office)
    assert again.stamp is None
    assert again.entry == first.entry
    assert office.printed == []
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
    office = Office()
    office.calls = 123
    second = issue(at(installation, "2024-03-09 02:00"), "monthly", "2024-01", office)
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
    office = Office()
    office.calls = 1
    second = issue(at(installation, "2025-01-01 02:00"), "monthly", "2024-02", office)
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
    office = Office()
    office.calls = 1
    (said,) = issue(installation, "monthly", "2024-01", office).changes
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


# --- periods that have no report ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [
        ("daily", "2024-03-01", "尚未结束"),
        ("monthly", "2024-03", "尚未结束"),
        ("annual", "2024", "尚未结束"),
        ("daily", "2023-12-31", "早于起始日"),
        ("annual", "2023", "早于起始日"),
    ],
)
def test_a_period_without_a_report_is_one_sentence(installation, kind, key, said):
    with pytest.raises(HotlineError, match=said):
        issue(installation, kind, key)
    assert not installation.warehouse.reports.exists()


def test_a_period_beyond_the_cutoff_waits(installation):
    with pytest.raises(HotlineError, match="数据截至 2024-03-01"):
        issue(at(installation, "2024-03-05 02:00"), "daily", "2024-03-02")


def test_a_period_without_data_is_one_sentence(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 2), now=NIGHT)
    deliver_calls(installation, date(2024, 1, 9), date(2024, 1, 9))
    bring_up_to_date(installation)
    with pytest.raises(HotlineError, match="没有数据"):
        issue(installation, "daily", "2024-01-05")
    assert due_reports(installation)["daily"] == ["2024-01-01", "2024-01-02", "2024-01-09"]


def test_nothing_published_is_one_sentence(tmp_path):
    installation = existing_installation(tmp_path, now=moment(NIGHT))
    with pytest.raises(HotlineError, match="还没有发布过数据"):
        issue(installation, "daily", "2024-01-05")


# --- what the night has to do -------------------------------------------------------------------


def issue_due(installation, office=None) -> dict[str, list[str]]:
    due = due_reports(installation)
    issuer = Issuer(installation, office or Office())
    for kind, keys in due.items():
        for key in keys:
            issuer.issue(period_of(kind, key, installation.reports.week_start))
    return due


def test_everything_that_is_over_is_due_once(installation):
    due = issue_due(installation)
    assert len(due["daily"]) == 60
    assert due["daily"][0] == "2024-01-01"
    assert due["weekly"] == [f"2024-{day}" for day in (
        "01-01", "01-08", "01-15", "01-22", "01-29", "02-05", "02-12", "02-19"
    )]  # fmt: skip
    assert due_reports(installation) == {}


def test_a_release_that_moved_on_makes_only_the_new_day_due(installation):
    issue_due(installation)
    deliver_calls(installation, date(2024, 3, 1), date(2024, 3, 1))
    bring_up_to_date(at(installation, "2024-03-02 02:00"))
    assert due_reports(installation) == {"daily": ["2024-03-01"]}


def test_a_ticket_of_a_past_month_that_moves_on_is_no_correction(installation):
    issue_due(installation)
    january = installation.warehouse.current / "facts/tickets/2024-01.parquet"
    assert not january.exists()
    moved = {
        "accepted_at": "2024-01-15 08:05:00",
        "dispatched_at": "2024-01-15 08:10:00",
        "updated_at": "2024-03-01 09:00:00",
    }
    deliver(installation, "tickets_20240301.csv", [row("tickets", **moved)])
    deliver_calls(installation, date(2024, 3, 1), date(2024, 3, 1))
    bring_up_to_date(at(installation, "2024-03-02 02:00"))
    assert january.exists()
    assert due_reports(installation) == {"daily": ["2024-03-01"]}


def test_a_corrected_day_is_looked_at_again_in_all_its_reports(installation):
    issue_due(installation)
    deliver_calls(installation, date(2024, 1, 10), date(2024, 1, 10), calls=2, suffix="_r1")
    bring_up_to_date(installation)
    office = Office()
    due = issue_due(installation, office)
    assert due == {"daily": ["2024-01-10"], "weekly": ["2024-01-08"], "monthly": ["2024-01"]}
    # The content did not change: looked at, not issued, and not asked for again.
    assert office.printed == []
    assert due_reports(installation) == {}


def test_a_month_waits_for_its_exports_until_its_due_day(installation):
    """The profile knows staff, whose file has not come."""
    assert "monthly" in due_reports(installation)
    issue(installation, "monthly", "2024-01")
    for now, due in [("03-01", False), ("03-04", False), ("03-05", True)]:
        at(installation, f"2024-{now} 02:00")
        assert ("monthly" in due_reports(installation)) is due, now


def test_a_new_version_of_the_program_makes_nothing_due(installation, monkeypatch):
    issue_due(installation)
    monkeypatch.setattr("assets.core.fingerprints._sources", lambda folder: [("x", b"y")])
    assert due_reports(installation) == {}


def test_asking_composes_nothing(installation):
    office = Office()
    issue_due(installation, office)
    count = len(office.composed)
    due_reports(installation)
    assert len(office.composed) == count == 60 + 8 + 1


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
