"""What is taken from the landing folder, what waits, and what the archive keeps of it."""

import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assets.core.errors import HotlineError
from assets.core.files import sha256_of
from assets.exports.deliveries import catalogue
from assets.exports.discover import list_exports, recognise
from assets.exports.stage import ingest_dataset, pending_exports
from assets.exports.states import REFUSED, TAKEN, State
from assets.installation.installation import Installation
from assets.profiles.profile import load_profile
from assets.sources.folder import Folder
from assets.sources.source import Item
from tests.driver import (
    NIGHT,
    account,
    bring_up_to_date,
    change,
    deliver,
    details,
    ledger,
    make_installation,
    set_profile,
    take_all,
)
from tests.samples import csv_text, row

BEFORE = int(NIGHT.timestamp()) - 86_400  # when a file was modified, a day before the night


def calls(*ids: str, **changes: Any) -> list[dict[str, Any]]:
    return [row("calls", call_id=each, **changes) for each in ids]


def text(*ids: str, **changes: Any) -> bytes:
    return csv_text("calls", calls(*ids, **changes)).encode()


def standing(installation: Installation) -> dict[str, str]:
    """Call id -> line of the calls that stand."""
    return dict(details(installation, "calls", "2023-01").select("call_id", "line").rows())


def taken(installation: Installation) -> list[str]:
    return ledger(installation, "calls").filter(state=TAKEN)["path"].to_list()


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("calls_20230105.csv", ("calls", date(2023, 1, 5))),
        ("calls_20230105_part2.csv.gz", ("calls", date(2023, 1, 5))),
        ("calls_20230105更正.xlsx", ("calls", date(2023, 1, 5))),
        ("calls_20230105.CSV", ("calls", date(2023, 1, 5))),
        ("tickets_20240229.csv", ("tickets", date(2024, 2, 29))),
        ("staff_202302.csv", ("staff", date(2023, 2, 28))),
        ("staff_202402_2.csv", ("staff", date(2024, 2, 29))),
        ("staff_202312.csv", ("staff", date(2023, 12, 31))),
        ("survey_2023.csv", ("survey", date(2023, 12, 31))),
        ("annual_2023_b.xlsx", ("annual", date(2023, 12, 31))),
        ("declared_2023.csv", ("declared", date(2023, 12, 31))),
        ("calls_20230105.xls", ("calls", date(2023, 1, 5))),
        ("calls_20230105.txt", ("calls", date(2023, 1, 5))),
        ("calls_20230230.csv", None),
        ("calls_202301051.csv", None),
        ("calls_202301.csv", None),
        pytest.param(
            "staff_202313.csv",
            None,
        ),
        pytest.param(
            "staff_202300.csv",
            None,
        ),
        ("staff_20230105.csv", None),
        ("survey_202301.csv", None),
        ("my_calls_20230105.csv", None),
        ("call_20230105.csv", None),
        ("~$calls_20230105.xlsx", None),
        ("说明.docx", None),
    ],
)
def test_names(name, expected):
    assert recognise(name, load_profile("hanzhong")) == expected


def test_what_lies_in_the_landing_folder(installation):
    for name in (
        "calls_20230105.csv",
        "sub/folder/tickets_20230105.csv",
        "calls_20230106.csv.part",
        "calls_20230107.csv.tmp",
        ".calls_20230108.csv",
        ".hidden/calls_20230109.csv",
        "calls_20240301.csv",
        "calls_20301231.csv",
        "staff_202403.csv",
        "staff_202402.csv",
        "annual_2024.csv",
        "annual_2025.csv",
        "说明.txt",
        "sub/calls.csv",
    ):
        deliver(installation, name, b"x")
    landing = list_exports(installation)
    assert [(each.dataset, each.path) for each in landing.files] == [
        ("annual", "annual_2024.csv"),
        ("calls", "calls_20230105.csv"),
        ("staff", "staff_202402.csv"),
        ("tickets", "sub/folder/tickets_20230105.csv"),
    ]
    assert sorted(landing.waiting) == [
        "annual_2025.csv",
        "calls_20230106.csv.part",
        "calls_20230107.csv.tmp",
        "calls_20240301.csv",
        "calls_20301231.csv",
        "staff_202403.csv",
    ]
    assert sorted(landing.unknown) == ["sub/calls.csv", "说明.txt"]
    assert landing.outside == ()


def test_waiting_and_unknown_files_are_not_archived(installation):
    for name in ("calls_20230105.csv", "calls_20230106.csv.part", "calls_20240301.csv", "x.csv"):
        deliver(installation, name, text("1"))
    bring_up_to_date(installation)
    assert taken(installation) == ["calls_20230105.csv"]
    (file,) = account(installation)["file"]
    assert file == "calls_20230105.csv"


def test_an_uploaded_file_is_taken_once_it_has_its_name(installation):
    part = deliver(installation, "calls_20230105.csv.part", text("1"))
    take_all(installation)
    assert ledger(installation, "calls").height == 0
    part.rename(installation.landing / "calls_20230105.csv")
    take_all(installation)
    assert taken(installation) == ["calls_20230105.csv"]


def test_a_future_date_waits_until_its_day_has_ended(installation):
    deliver(installation, "calls_20240301.csv", [])
    take_all(installation)
    assert ledger(installation, "calls").height == 0
    change(installation, now=lambda: NIGHT + timedelta(days=1))
    take_all(installation)
    assert taken(installation) == ["calls_20240301.csv"]


def test_a_file_that_is_still_settling_waits(installation):
    set_profile(installation, settle_seconds=60)
    for age in (59, 60):
        modified = (int(NIGHT.timestamp()) - age) * 10**9
        deliver(
            installation,
            f"calls_202301{age}.csv".replace("59", "05").replace("60", "06"),
            text("1"),
            modified=modified,
        )
    assert [each.path for each in list_exports(installation).files] == ["calls_20230106.csv"]
    assert list_exports(installation).waiting == ("calls_20230105.csv",)
    change(installation, now=lambda: NIGHT + timedelta(seconds=1))
    assert len(list_exports(installation).files) == 2


def test_without_settling_the_time_of_a_file_does_not_matter(installation):
    assert installation.profile.settle_seconds == 0
    deliver(
        installation, "calls_20230105.csv", text("1"), modified=(int(NIGHT.timestamp()) + 5) * 10**9
    )
    assert [each.path for each in list_exports(installation).files] == ["calls_20230105.csv"]


def test_a_name_in_another_encoding_stops_nothing_else(installation):
    """`calls_20230105更正.csv`, copied from a Windows machine as GBK bytes."""
    deliver(installation, "calls_20230104.csv", text("1"))
    path = os.fsencode(installation.landing) + b"/calls_20230105\xb8\xfc\xd5\xfd.csv"
    Path(os.fsdecode(path)).write_bytes(text("2"))
    take_all(installation)
    assert "calls_20230104.csv" in taken(installation)


def test_a_linked_folder_is_followed_or_listed(installation, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "calls_20230105.csv").write_bytes(text("1"))
    link(installation, "2023", tmp_path / "elsewhere")
    landing = list_exports(installation)
    assert (*landing.files, *landing.waiting, *landing.outside, *landing.unknown) != ()


def test_a_landing_folder_that_is_not_there_is_an_error_with_a_remedy(tmp_path):
    installation = make_installation(tmp_path)
    installation.landing.rmdir()
    with pytest.raises(HotlineError, match=r"hotline\.toml"):
        list_exports(installation)


# --- the archive ------------------------------------------------------------------------------


def test_every_file_is_kept_as_it_was_under_its_checksum_for_the_owner_only(installation):
    contents = {
        "calls_20230105.csv": text("1"),
        "a/calls_20230105_x.csv.gz": b"no gzip",
        "calls_20230106.csv": "话单编号\r\n".encode("gb18030"),
    }
    for name, content in contents.items():
        deliver(installation, name, content)
    take_all(installation)
    kept = {each.path: each for each in catalogue(installation.warehouse, "calls")}
    assert kept.keys() == contents.keys()
    for name, content in contents.items():
        path = installation.warehouse.archived(kept[name].sha256)
        assert path.read_bytes() == content
        assert sha256_of(path) == kept[name].sha256 == path.name
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
        assert kept[name].size == len(content)
    assert sorted(each.generation for each in kept.values()) == [0, 1, 2]
    assert installation.warehouse.archive.stat().st_mode & 0o777 == 0o700
    assert installation.warehouse.caller_key.stat().st_mode & 0o777 == 0o600


def test_everything_but_releases_is_the_owners_only(installation):
    deliver(installation, "calls_20230105.csv", calls("1") + calls("2", line=""))
    bring_up_to_date(installation)
    for folder in ("archive", "ledger", "staged", "quarantine", "details"):
        paths = [path for path in (installation.root / folder).rglob("*") if path.is_file()]
        assert paths
        for path in paths:
            assert path.stat().st_mode & 0o777 == 0o600, path
            if path != installation.warehouse.journal:
                assert path.parent.stat().st_mode & 0o777 == 0o700, path
    for path in installation.warehouse.current.resolve().rglob("*.parquet"):
        assert path.stat().st_mode & 0o444 == 0o444, path


def test_the_folder_of_all_quarantines_is_the_owners_only(installation):
    deliver(installation, "calls_20230105.csv", calls("1") + calls("2", line=""))
    take_all(installation)
    assert (installation.root / "quarantine").stat().st_mode & 0o777 == 0o700


def test_the_same_bytes_again_change_nothing(installation):
    path = deliver(installation, "calls_20230105.csv", text("1", "2"))
    first = bring_up_to_date(installation)
    stored = {each: each.read_bytes() for each in installation.root.rglob("*") if each.is_file()}
    os.utime(path, ns=(1_700_000_000 * 10**9,) * 2)
    second = bring_up_to_date(installation)
    path.unlink()
    third = bring_up_to_date(installation)
    assert (second.id, second.new, third.id, third.new) == (first.id, False, first.id, False)
    changed = {each.name for each, content in stored.items() if each.read_bytes() != content}
    assert changed <= {"calls.parquet"}  # of the archive: when the file was modified
    assert ledger(installation, "calls").height == 1


@pytest.mark.parametrize(
    "name",
    [
        "calls_20230105_again.csv",
        "calls_20230105 - 副本.csv",
        "calls_20230105(1).csv",
        "a/calls_20230105.csv",
        "z/calls_20230105.csv",
        "calls_20230105.csv.gz",
        "0/calls_20230105.CSV",
    ],
)
def test_the_same_content_under_another_name_or_folder_changes_nothing(installation, name):
    deliver(installation, "calls_20230105.csv", calls("1", "2") + calls("3", outcome=""))
    first = bring_up_to_date(installation)
    kept = account(installation)
    deliver(installation, name, (installation.landing / "calls_20230105.csv").read_text("utf-8"))
    second = bring_up_to_date(installation)
    assert (second.id, second.new) == (first.id, False)
    assert account(installation).equals(kept)
    states = dict(ledger(installation, "calls").select("path", "state").rows())
    assert states == {"calls_20230105.csv": State.IN_FORCE, name: State.REPEAT}


def test_nothing_in_the_landing_folder_is_touched(installation):
    deliver(installation, "calls_20230105.csv", text("1"))
    deliver(installation, "sub/calls_20230106.csv", b"bad")
    before = {path: path.stat().st_mtime_ns for path in installation.landing.rglob("*")}
    bring_up_to_date(installation)
    assert {path: path.stat().st_mtime_ns for path in installation.landing.rglob("*")} == before


def remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def test_everything_can_be_rebuilt_from_the_archive_alone(installation):
    deliver(installation, "calls_20230105.csv", text("1", "2"))
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    first = bring_up_to_date(installation)
    key = installation.warehouse.caller_key.read_bytes()
    for path in list(installation.root.iterdir()):
        if path.name not in ("archive", "caller.key"):
            remove(path)
    for path in installation.landing.iterdir():
        path.unlink()
    assert bring_up_to_date(installation).id == first.id
    assert installation.warehouse.caller_key.read_bytes() == key


# --- generations ------------------------------------------------------------------------------


def test_a_corrected_file_of_the_same_name_replaces_its_rows(installation):
    deliver(installation, "calls_20230105.csv", text("1", "2", line="old"))
    bring_up_to_date(installation)
    deliver(installation, "calls_20230105.csv", text("1", "2", line="new"))
    bring_up_to_date(installation)
    assert standing(installation) == {"1": "new", "2": "new"}
    assert [each.generation for each in catalogue(installation.warehouse, "calls")] == [0, 1]
    rows = account(installation).select("read", "accepted", "superseded").rows()
    assert sorted(rows) == [(2, 0, 2), (2, 2, 0)]


def test_a_file_that_returns_to_its_old_content_counts_as_the_newest(installation):
    for line in ("old", "new", "old"):
        deliver(installation, "calls_20230105.csv", text("1", line=line))
        bring_up_to_date(installation)
        assert standing(installation) == {"1": line}
    found = {each.generation for each in catalogue(installation.warehouse, "calls")}
    assert found == {1, 2}
    assert account(installation)["accepted"].sum() == 1


def test_contents_that_come_and_go_end_in_the_last_one(installation):
    for line in ("a", "b", "c", "b", "a", "b"):
        deliver(installation, "calls_20230105.csv", text("1", line=line))
        take_all(installation)
    bring_up_to_date(installation)
    assert standing(installation) == {"1": "b"}
    assert ledger(installation, "calls").height == 3


def test_a_file_restored_with_its_old_time_counts_as_the_newest(installation):
    old = deliver(
        installation, "calls_20230105.csv", text("1", line="old"), modified=BEFORE * 10**9
    )
    bring_up_to_date(installation)
    deliver(
        installation, "calls_20230105.csv", text("1", line="new"), modified=(BEFORE + 60) * 10**9
    )
    bring_up_to_date(installation)
    deliver(installation, old.name, text("1", line="old"), modified=BEFORE * 10**9)
    bring_up_to_date(installation)
    assert standing(installation) == {"1": "old"}


def test_a_later_name_wins_over_a_newer_file(installation):
    deliver(installation, "calls_20230105_b.csv", text("1", line="b"))
    bring_up_to_date(installation)
    deliver(installation, "calls_20230105_a.csv", text("1", line="a"))
    bring_up_to_date(installation)
    assert standing(installation) == {"1": "b"}


def test_a_later_export_date_wins_over_a_later_name(installation):
    deliver(installation, "calls_20230106_a.csv", text("1", line="later day"))
    deliver(installation, "calls_20230105_b.csv", text("1", line="later name"))
    bring_up_to_date(installation)
    assert standing(installation) == {"1": "later day"}


# --- what is barred ---------------------------------------------------------------------------


def only_rule(installation: Installation) -> str:
    (found,) = ledger(installation, "calls").filter(state=REFUSED)["rule"].to_list()
    return found


def test_a_file_over_the_limit_is_barred_and_taken_once_it_is_smaller(installation):
    set_profile(installation, max_file_bytes=600)
    deliver(installation, "calls_20230105.csv", text(*"123456789"))
    deliver(installation, "calls_20230106.csv", text("1"))
    first = bring_up_to_date(installation)
    assert only_rule(installation) == "too_large"
    (barred,) = [each for each in catalogue(installation.warehouse, "calls") if each.barred]
    assert (barred.path, barred.sha256) == ("calls_20230105.csv", "")
    assert len(list(installation.warehouse.archive.glob("*/*"))) == 1

    assert (
        bring_up_to_date(installation).id == first.id
    )  # asked again every night, with the same answer
    deliver(installation, "calls_20230105.csv", text("2"))
    bring_up_to_date(installation)
    assert ledger(installation, "calls").filter(state=REFUSED).height == 0
    assert standing(installation) == {"1": "12345", "2": "12345"}


def test_a_file_over_the_limit_is_taken_once_the_limit_is_raised(installation):
    profile = installation.profile
    set_profile(installation, max_file_bytes=100)
    deliver(installation, "calls_20230105.csv", text("1"))
    take_all(installation)
    assert only_rule(installation) == "too_large"
    installation.__dict__["profile"] = profile
    take_all(installation)
    assert taken(installation) == ["calls_20230105.csv"]


def test_a_file_that_outgrows_the_limit_does_not_undo_what_was_taken(installation):
    set_profile(installation, max_file_bytes=600)
    deliver(installation, "calls_20230105.csv", text("1"))
    bring_up_to_date(installation)
    deliver(installation, "calls_20230105.csv", text(*"123456789"))
    bring_up_to_date(installation)
    assert only_rule(installation) == "too_large"
    assert standing(installation) == {"1": "12345"}


def link(installation: Installation, name: str, target: Path) -> None:
    (installation.landing / name).symlink_to(target)


def test_a_link_out_of_the_landing_folder_is_refused_and_not_read(installation, tmp_path):
    outside = tmp_path / "secret.csv"
    outside.write_bytes(text("1"))
    os.utime(outside, (BEFORE, BEFORE))
    link(installation, "calls_20230105.csv", outside)
    deliver(installation, "calls_20230106.csv", text("2"))
    first = bring_up_to_date(installation)
    assert only_rule(installation) == "outside_landing"
    assert standing(installation) == {"2": "12345"}
    assert bring_up_to_date(installation).id == first.id

    (installation.landing / "calls_20230105.csv").unlink()
    deliver(installation, "calls_20230105.csv", text("1"))
    bring_up_to_date(installation)
    assert standing(installation) == {"1": "12345", "2": "12345"}


def test_a_link_within_the_landing_folder_is_followed(installation):
    target = deliver(installation, "delivered/today.dat", text("1"))
    link(installation, "calls_20230105.csv", target)
    take_all(installation)
    assert taken(installation) == ["calls_20230105.csv"]


def test_a_link_to_nothing_waits(installation):
    link(installation, "calls_20230105.csv", installation.landing / "nothing")
    assert list_exports(installation).waiting == ("calls_20230105.csv",)
    take_all(installation)
    assert ledger(installation, "calls").height == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused_until_it_may(installation):
    path = deliver(installation, "calls_20230105.csv", text("1"))
    path.chmod(0)
    take_all(installation)
    assert only_rule(installation) == "unreadable"
    path.chmod(0o600)
    take_all(installation)
    assert taken(installation) == ["calls_20230105.csv"]


def test_a_file_that_vanishes_before_it_is_read_stops_nothing_else(installation, monkeypatch):
    deliver(installation, "calls_20230105.csv", text("1"))
    gone = deliver(installation, "calls_20230106.csv", text("2"))
    fetch = Folder.fetch

    def vanish_and_fetch(folder: Folder, item: Item, receive: Any) -> Any:
        if item.path == gone.name:
            gone.unlink(missing_ok=True)
        return fetch(folder, item, receive)

    monkeypatch.setattr(Folder, "fetch", vanish_and_fetch)
    take_all(installation)
    assert taken(installation) == ["calls_20230105.csv"]


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(installation, monkeypatch):
    growing = deliver(installation, "calls_20230105.csv", text("1"))
    fetch = Folder.fetch

    def fetch_growing(folder: Folder, item: Item, receive: Any) -> Any:
        def grown(chunks: Iterator[bytes]) -> Iterator[bytes]:
            yield next(chunks)
            deliver(installation, growing.name, text("1", "2"))
            yield from chunks

        return fetch(folder, item, lambda chunks: receive(grown(chunks)))

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "fetch", fetch_growing)
        take_all(installation)
    assert ledger(installation, "calls").height == 0
    kept = [each.name for each in installation.warehouse.archive.rglob("*") if each.is_file()]
    assert kept == ["calls.parquet"]
    bring_up_to_date(installation)
    assert standing(installation).keys() == {"1", "2"}
    assert account(installation)["read"].to_list() == [2]


# --- asking -----------------------------------------------------------------------------------


def test_only_the_wanted_dates_are_taken(installation):
    for day in ("20230105", "20230106", "20230107"):
        deliver(installation, f"calls_{day}.csv", text(day))
    ingest_dataset(installation, "calls", lambda day: day == date(2023, 1, 6))
    assert taken(installation) == ["calls_20230106.csv"]
    found = pending_exports(installation)
    assert found.dates["calls"] == (date(2023, 1, 5), date(2023, 1, 7))
    assert found.count(lambda day: day < date(2023, 1, 7)) == 1
    take_all(installation)
    assert pending_exports(installation).count() == 0


def test_another_profile_makes_files_pending_again(installation):
    deliver(installation, "calls_20230105.csv", calls("1") + calls("2", outcome="占线"))
    bring_up_to_date(installation)
    assert account(installation)["quarantined"].to_list() == [1]
    own = installation.profile.datasets["calls"].model_copy(
        update={"codes": {"outcome": {"占线": "振铃超时"}}}
    )
    (installation.landing / "calls_20230105.csv").unlink()
    set_profile(installation, datasets=installation.profile.datasets | {"calls": own})
    rows = calls("1") + calls("2", outcome="占线", answered_at="")
    deliver(installation, "calls_20230106.csv", rows[1:])
    assert pending_exports(installation).dates["calls"] == (date(2023, 1, 6), date(2023, 1, 5))
    bring_up_to_date(installation)
    assert account(installation)["quarantined"].to_list() == [1, 0]
    assert standing(installation).keys() == {"1", "2"}


def test_the_clock_is_the_installations_own(installation):
    assert installation.now() == NIGHT
    assert installation.today == date(2024, 3, 1)
    assert datetime.fromtimestamp(BEFORE, NIGHT.tzinfo) == NIGHT - timedelta(days=1)
