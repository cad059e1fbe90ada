"""Releases: switched whole, the same for the same inputs, closed by the gate, verified."""

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

import assets.releases.history as journal
import assets.releases.publish as publishing
from assets.core.errors import DamagedFile, HotlineError
from assets.details import DetailsPlan
from assets.facts import FactsPlan, built_path, read_record
from assets.installation.installation import Installation
from assets.releases.approval import roll_back
from assets.releases.checks import verify
from assets.releases.definitions import publish_facts
from assets.releases.history import journal_entries, switch
from assets.releases.package import (
    current_release,
    release_ids,
)
from assets.releases.publish import (
    ChecksFailed,
    needs_publishing,
    publish,
    remove_old_releases,
    surplus,
    upcoming_release,
)
from schemas import FACTS
from schemas.reports import reports
from tests.driver import (
    NIGHT,
    account,
    bring_up_to_date,
    build_details,
    deliver,
    details,
    digests,
    facts,
    ledger,
    make_installation,
    publish_built,
    set_profile,
    take_all,
)
from tests.pipelines.test_dagster import night
from tests.releases.cases import (
    WHO,
    build_next,
    call,
    calls,
    complete,
    first_day,
    publish_as_at_night,
    released,
)
from tests.samples import row

# --- the same again ---------------------------------------------------------------------------


def test_publishing_twice_changes_nothing(installation):
    first_day(installation)
    first = bring_up_to_date(installation)
    state = {path: path.lstat().st_mtime_ns for path in installation.warehouse.root.rglob("*")}
    journal = installation.warehouse.journal.read_bytes()
    second = bring_up_to_date(installation)
    assert (first.new, second.new) == (True, False)
    assert (second.id, second.files, second.cutoff) == (first.id, first.files, first.cutoff)
    assert installation.warehouse.journal.read_bytes() == journal
    changed = [
        path
        for path, before in state.items()
        if "releases" in path.parts or path == installation.warehouse.current
        if path.lstat().st_mtime_ns != before
    ]
    assert changed == []
    assert upcoming_release(installation.warehouse, FactsPlan(installation)) == first.id


def test_the_same_inputs_give_the_same_bytes_in_another_warehouse_at_another_time(tmp_path):
    one = make_installation(tmp_path / "one")
    other = make_installation(tmp_path / "other", now=NIGHT + timedelta(days=40, hours=3))
    first_day(one)
    deliver(one, "calls_20230106.csv", [call(1, "2023-01-06")])
    bring_up_to_date(one)
    deliver(other, "calls_20230106.csv", [call(1, "2023-01-06")])
    bring_up_to_date(other)
    first_day(other)
    bring_up_to_date(other)
    keys = [installation.warehouse.caller_key.read_bytes() for installation in (one, other)]
    assert keys[0] != keys[1]
    assert released(one) == released(other)
    folders = [
        installation.warehouse.releases / released(installation) for installation in (one, other)
    ]
    files = [
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in folders
    ]
    assert files[0] == files[1]
    assert len(files[0]) == 16


def test_no_time_of_running_is_in_a_release(released_installation):
    folder = released_installation.warehouse.releases / released(released_installation)
    for path in folder.rglob("*"):
        if path.is_file():
            assert b"2024-03" not in path.read_bytes(), path


def test_an_older_release_stays_as_it_was(prepared):
    first, before = released(prepared), digests(prepared)
    second = publish_built(prepared)
    assert second.id != first
    assert digests(prepared) != before
    assert complete(prepared.warehouse.releases / first)
    switch(prepared.warehouse, first, cutoff="", now=NIGHT, why="rollback")
    assert digests(prepared) == before


# --- late, corrected --------------------------------------------------------------------------


def test_a_late_update_of_a_ticket_lands_in_the_month_of_its_acceptance(installation):
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    bring_up_to_date(installation)
    assert facts(installation, "tickets", "2023-01").select(
        "open_overdue", "open_in_time", "closed"
    ).rows() == [(0, 1, 0)]
    deliver(installation, "tickets_20230228.csv", [])
    bring_up_to_date(installation)
    assert facts(installation, "tickets", "2023-01")["open_overdue"].to_list() == [1]
    late = "2023-03-02 10:00:00"
    closed = row("tickets", status="已办结", closed_at=late, updated_at=late)
    deliver(installation, "tickets_20230302.csv", [closed])
    bring_up_to_date(installation)

    january = facts(installation, "tickets", "2023-01")
    assert january.select("closed", "closed_late", "open_overdue").rows() == [(1, 1, 0)]
    assert facts(installation, "tickets", "2023-03").height == 0
    assert details(installation, "tickets", "2023-01")["closed_at"].item() is not None
    assert account(installation).select("accepted", "superseded").rows() == [(0, 1), (0, 0), (1, 0)]


def test_a_finished_month_does_not_change_with_every_night(installation):
    first_day(installation)
    deliver(installation, "calls_20230210.csv", [call(7, "2023-02-10")])
    closed = {"status": "已办结", "closed_at": "2023-01-05 09:00:00"}
    deliver(
        installation,
        "tickets_20230106.csv",
        [row("tickets", **closed, updated_at="2023-01-05 09:00:00")],
    )
    bring_up_to_date(installation)
    january = {path: sha for path, sha in digests(installation).items() if "2023-01" in path}
    deliver(installation, "calls_20230301.csv", [call(1, "2023-03-01")])
    deliver(installation, "tickets_20230301.csv", [])
    bring_up_to_date(installation)
    assert {
        path: sha for path, sha in digests(installation).items() if "2023-01" in path
    } == january


# --- the gate ---------------------------------------------------------------------------------


def refused_by(installation: Installation) -> dict[str, tuple[str, ...]]:
    """What the gate says no to, with what it names; nothing may have been published."""
    before = (
        released(installation),
        digests(installation),
        installation.warehouse.journal.read_bytes(),
    )
    with pytest.raises(ChecksFailed) as closed:
        publish_built(installation)
    assert (
        released(installation),
        digests(installation),
        installation.warehouse.journal.read_bytes(),
    ) == before
    assert complete(installation.warehouse.releases / released(installation))
    failed = {each.name: each.faults for each in closed.value.verdicts if not each.passed}
    for named in failed.values():
        assert named[0] in str(closed.value)
    return failed


def built_file(installation: Installation, table: str, month: str) -> Path:
    record = read_record(installation.warehouse, table, month)
    assert record is not None
    return built_path(installation.warehouse, record)


def tamper_with(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def test_key_figures_that_were_tampered_with_are_not_read(prepared):
    tamper_with(built_file(prepared, "kpi_monthly", "2023-01"))
    with pytest.raises(DamagedFile):
        publish_built(prepared)
    assert publish_facts(prepared, why="test").new


@pytest.mark.parametrize("table", ["calls", "data_quality"])
def test_a_built_file_that_was_tampered_with_closes_the_gate(prepared, table):
    tamper_with(built_file(prepared, table, "2023-01"))
    assert refused_by(prepared) == {"checksums": (f"facts/{table}/2023-01.parquet",)}


def test_a_built_file_that_is_missing_closes_the_gate(prepared):
    built_file(prepared, "calls", "2023-01").unlink()
    assert refused_by(prepared) == {
        "freshness": ("calls 2023-01", "kpi_monthly 2023-01", "indicators 2023", "expectations")
    }


def test_stale_details_close_the_gate(prepared):
    deliver(prepared, "quality_20230107.csv", [])
    deliver(prepared, "calls_20230106.csv", [call(1, "2023-01-06")])
    take_all(prepared)
    plan = DetailsPlan(prepared.warehouse, "calls", prepared.deadlines)
    assert plan.stale() == ["2023-01"]
    assert "calls 2023-01" in refused_by(prepared)["freshness"]


def test_stale_facts_close_the_gate(prepared):
    deliver(prepared, "calls_20230106.csv", [call(1, "2023-01-06")])
    take_all(prepared)
    build_details(prepared)
    assert refused_by(prepared)["freshness"][0] == "calls 2023-01"


def test_rows_without_a_fate_close_the_gate(prepared):
    lost = prepared.warehouse.details("calls") / "2023-01.parquet"
    lost.unlink()
    failed = refused_by(prepared)
    assert failed["conservation"] == ("calls 2023-01-05", "calls 2023-01-05")
    assert "calls 2023-01" in failed["freshness"]


def test_a_stale_account_of_files_closes_the_gate(prepared):
    publish_built(prepared)
    deliver(prepared, "calls_20230106.csv", [call(1, "2023-01-06")])
    take_all(prepared)
    build_details(prepared)
    plan = FactsPlan(prepared)
    for table in ("calls", "data_quality", "kpi_monthly"):
        plan.build(table, "2023-01")
    assert "files" in plan.stale_whole()
    with pytest.raises(ChecksFailed):
        publish(prepared.warehouse, plan, [], now=NIGHT, why="test")


def test_a_dataset_whose_only_file_is_refused_later_does_not_block_the_night(installation):
    """A tightened limit (or a new rule) refuses a file that was taken once."""
    deliver(installation, "calls_20230105.csv", [call(1)])
    good = [row("annual", item=f"第{number}项") for number in range(20)]
    deliver(installation, "annual_2023.csv", [*good, *[row("annual", value="x")] * 3])
    with dg.DagsterInstance.ephemeral() as instance:
        for limit in (0.5, 0.05):
            own = installation.profile.datasets["annual"].model_copy(
                update={"quarantine_share": limit}
            )
            set_profile(installation, datasets=installation.profile.datasets | {"annual": own})
            outcome = night(installation, instance)
    assert ledger(installation, "annual")["rule"].to_list() == ["quarantined_share"]
    assert outcome.stale == []
    assert outcome.failed == []
    assert outcome.published


def test_nothing_is_published_before_a_daily_export_was_taken(installation):
    deliver(installation, "staff_202301.csv", [row("staff")])
    deliver(installation, "calls_20230105.csv", "")
    with pytest.raises(HotlineError, match="还没有"):
        bring_up_to_date(installation)
    assert current_release(installation.warehouse) is None
    with pytest.raises(HotlineError, match="还没有发布过"):
        verify(installation.warehouse)


def test_every_verdict_says_how_much_it_examined(installation):
    first_day(installation)
    release = bring_up_to_date(installation)
    names = {"freshness", "conservation", "complete", "checksums", "contracts", "equations"}
    assert {each.name for each in release.verdicts} == names
    for each in (*release.verdicts, *verify(installation.warehouse)):
        assert each.passed, each
        assert each.examined > 0, each
        assert each.rules > 0, each


# --- one switch -------------------------------------------------------------------------------


EFFECTS = {
    "make_folder": publishing,
    "link_or_copy": publishing,
    "write_bytes": publishing,
    "sync_folder": publishing,
    "rename_folder": publishing,
    "point_symlink": journal,
}


def test_current_names_a_complete_release_at_every_moment_of_publication(prepared, monkeypatch):
    seen = []

    def watched(name: str) -> None:
        effect = getattr(EFFECTS[name], name)

        def watching(*args: Any, **named: Any) -> None:
            assert complete(prepared.warehouse.current.resolve())
            effect(*args, **named)
            assert complete(prepared.warehouse.current.resolve())
            seen.append((name, released(prepared)))

        monkeypatch.setattr(EFFECTS[name], name, watching)

    for name in EFFECTS:
        watched(name)
    first, second = released(prepared), publish_built(prepared).id
    assert seen[-1] == ("point_symlink", second)
    assert {release for _, release in seen[:-1]} == {first}
    assert {name for name, _ in seen} == set(EFFECTS)


def test_a_publication_that_fails_at_any_step_leaves_the_last_release_and_can_be_repeated(
    installation, monkeypatch
):
    deliver(installation, "calls_20230105.csv", [call(1)])
    first = bring_up_to_date(installation).id
    build_next(installation)
    expected = upcoming_release(installation.warehouse, FactsPlan(installation))
    steps = 0

    class Full(OSError):
        pass

    def failing_at(step: int) -> None:
        count = 0

        def failing(effect: Any) -> Any:
            def instead(*args: Any, **named: Any) -> None:
                nonlocal count
                count += 1
                if count == step:
                    raise Full(errno.ENOSPC, os.strerror(errno.ENOSPC))
                effect(*args, **named)

            return instead

        for name, module in EFFECTS.items():
            patch.setattr(module, name, failing(getattr(module, name)))

    while True:
        steps += 1
        with monkeypatch.context() as patch:
            failing_at(steps)
            try:
                release = publish_built(installation)
            except Full:
                assert released(installation) == first
                assert complete(installation.warehouse.current.resolve())
                continue
            break
    assert steps > len(EFFECTS)
    assert release.id == expected == released(installation)
    assert complete(installation.warehouse.current.resolve())


# --- what stays --------------------------------------------------------------------------------


def test_sweeping_keeps_the_newest_and_the_current_release(installation):
    ids = []
    for number in range(4):
        deliver(installation, f"calls_20230105_{number}.csv", [call(number)])
        ids.append(bring_up_to_date(installation).id)
    draft = installation.warehouse.releases / ".tmp-20230105-abc"
    draft.mkdir()
    switch(installation.warehouse, ids[0], cutoff="", now=NIGHT, why="rollback")
    switch(installation.warehouse, ids[3], cutoff="", now=NIGHT, why="again")
    switch(installation.warehouse, ids[1], cutoff="", now=NIGHT, why="rollback")
    assert remove_old_releases(installation.warehouse, 2) == sorted([draft.name, ids[0], ids[2]])
    assert sorted(path.name for path in installation.warehouse.releases.iterdir()) == sorted(
        [ids[1], ids[3]]
    )
    assert remove_old_releases(installation.warehouse, 1) == [ids[3]]
    assert complete(installation.warehouse.current.resolve())
    assert remove_old_releases(installation.warehouse, 1) == []


def test_sweeping_an_empty_warehouse_does_nothing(installation):
    assert remove_old_releases(installation.warehouse, 3) == []


def test_every_table_of_the_contract_is_released(released_installation):
    root = released_installation.warehouse.current
    for table in FACTS:
        if table != "reconciliation":  # Nobody declared anything here.
            assert list(root.glob(FACTS[table].published_path("*"))), table


def test_what_something_refers_to_stays(twice):
    installation, first, second = twice
    calls(installation, "04-07", 1)
    third = publish_as_at_night(installation).id
    assert surplus(installation.warehouse, 1) == sorted([first, second])
    ledger = pl.DataFrame({"release": [first]}).select(
        pl.lit(None).cast(column.polars_type).alias(column.name)
        if column.name != "release"
        else pl.col("release")
        for column in reports.columns
    )
    ledger.write_parquet(installation.warehouse.reports_ledger)
    assert remove_old_releases(installation.warehouse, 1) == [second]
    installation.warehouse.reports_ledger.unlink()
    roll_back(installation.warehouse, first, **WHO, now=NIGHT)
    calls(installation, "04-08", 1)
    waiting = publish_as_at_night(installation).id
    assert needs_publishing(installation.warehouse, FactsPlan(installation), 1)
    assert remove_old_releases(installation.warehouse, 1) == [third]
    assert release_ids(installation.warehouse) == sorted([first, waiting])


# --- mending -----------------------------------------------------------------------------------


def test_a_release_whose_files_rotted_is_written_again(staffed):
    name = current_release(staffed.warehouse)
    assert name is not None
    path = staffed.warehouse.releases / name / "facts/staff/2023-01.parquet"
    original = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(b"rotten")  # In place: the built file is the same one by another name.
    assert needs_publishing(staffed.warehouse, FactsPlan(staffed), 30)
    release = publish_as_at_night(staffed)
    assert (release.id, release.new) == (name, False)
    assert path.read_bytes() == original
    assert not needs_publishing(staffed.warehouse, FactsPlan(staffed), 30)
    assert len(journal_entries(staffed.warehouse)) == 1


def test_a_rotten_built_file_does_not_reach_the_key_figures(staffed):
    (rotten,) = staffed.warehouse.built("staff").glob("2023-01.*.parquet")
    rotten.unlink()
    other = next(staffed.warehouse.built("staff").parent.glob("calls/*.parquet"))
    rotten.write_bytes(other.read_bytes())
    deliver(staffed, "tickets_20230105.csv", [row("tickets")])
    assert publish_as_at_night(staffed).new
    fresh = publish_as_at_night(staffed)
    assert all(each.passed for each in fresh.verdicts)
