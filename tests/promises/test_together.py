"""Several at once: schedule, operator, readers; and commands that die or meet a full disk."""

import errno
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from assets.core.warehouse import Warehouse
from assets.releases.checks import verify
from assets.releases.history import switch
from assets.releases.package import current_release
from tests.driver import NIGHT, bring_up_to_date, change, deliver, existing_installation
from tests.lasting.disk import KILL
from tests.lasting.scenes import call, first_files, later_files
from tests.lasting.state import contents, difference, temporary
from tests.lasting.together import holder, readers
from tests.pipelines.test_cli import Machine
from tests.pipelines.test_dagster import code_location

# --- readers ----------------------------------------------------------------------------------


@pytest.mark.proof
def test_readers_in_a_loop_see_complete_releases_only(installation):
    """A few publications from the files on, and hundreds of switches between what they made."""
    deliver(installation, "calls_20230105.csv", [call(0, "2023-01-05")])
    made = [bring_up_to_date(installation).id]
    with readers(installation.root) as saw:
        for number in range(1, 13):
            deliver(installation, f"calls_20230105_{number}.csv", [call(number, "2023-01-05")])
            made.append(bring_up_to_date(installation).id)
        for number in range(300):
            switch(installation.warehouse, made[number % 13], cutoff="", now=NIGHT, why="test")
    assert len(set(made)) == 13
    for each in saw.values():
        assert each["wrong"] == []
        assert each["reads"] > 1
        assert each["releases"] > 1
    assert set(saw) == {"duckdb", "pyarrow", "polars"}


def test_the_reader_in_the_loop_notices_a_mixed_release(installation):
    deliver(installation, "calls_20230105.csv", [call(0, "2023-01-05")])
    bring_up_to_date(installation)
    kept = installation.root.parent / "kept.parquet"
    shutil.copy(installation.warehouse.current / "files.parquet", kept)
    deliver(installation, "calls_20230105_1.csv", [call(1, "2023-01-05")])
    bring_up_to_date(installation)
    mixed = installation.warehouse.current.resolve() / "files.parquet"
    mixed.unlink()
    shutil.copy(kept, mixed)
    with readers(installation.root) as saw:
        pass
    assert all(each["wrong"] for each in saw.values())


# --- one writer -------------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    first_files(existing_installation(tmp_path))
    return made


def test_a_command_waits_says_for_whom_and_goes_on(machine):
    with holder(machine.warehouse) as other:
        waiting = subprocess.Popen(
            [sys.executable, "-c", "from pipelines.cli import main; main()", "run"],
            cwd=machine.folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        said = waiting.stderr.readline()
        assert str(other.pid) in said
        assert "自 20" in said
        other.communicate()
        told, _ = waiting.communicate()
    assert waiting.returncode == 0
    assert "新发布" in told


@pytest.mark.proof
def test_a_command_gives_up_after_the_time_set_and_takes_over_from_the_dead(machine):
    (machine.folder / "hotline.toml").write_text("lock_timeout = 0.3\n")
    with holder(machine.warehouse) as other:
        for words in (["run"], ["rollback", "x", "--by", "a", "--why", "b"], ["backup", "copy"]):
            done = machine.hotline(*words)
            assert done.returncode == 2
            assert f"进程 {other.pid}" in done.stderr
            assert "占用" in done.stderr
        other.kill()
        other.wait()
        assert machine.hotline("run").returncode == 0
        assert machine.hotline("backup", "copy").returncode == 0


def test_a_dagster_run_and_a_command_do_not_write_at_once(installation):
    first_files(installation)
    change(installation, lock_timeout=0.3)
    job = code_location(installation).resolve_job_def("__ASSET_JOB")
    chosen = {"partition_key": "2023-01-05", "asset_selection": [dg.AssetKey(["exports", "calls"])]}
    with dg.DagsterInstance.ephemeral() as instance, holder(installation.root) as other:
        held = job.execute_in_process(instance=instance, raise_on_error=False, **chosen)
        assert not held.success
        [failure] = [each for each in held.all_events if each.is_step_failure]
        assert str(other.pid) in failure.step_failure_data.user_failure_data.description
        other.kill()
        other.wait()
        assert job.execute_in_process(instance=instance, raise_on_error=False, **chosen).success


# --- the whole command --------------------------------------------------------------------------


def disturbed(machine: Machine, at: int, error: int, *words: str) -> subprocess.CompletedProcess:
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE")}
    own.pop("DAGSTER_HOME", None)
    root = Path(__file__).parents[2]
    return subprocess.run(
        [sys.executable, "-m", "tests.lasting.command", str(at), str(error), *words],
        cwd=root,
        env=own
        | {
            "HOTLINE_CONFIG": str(machine.folder / "hotline.toml"),
            "SEEN": str(machine.folder / "seen"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    """An installation with a release and new files."""
    machine = Machine(tmp_path_factory.mktemp("begun"))
    (machine.folder / "hotline.toml").write_text('landing = "landing"\nwarehouse = "warehouse"\n')
    installation = existing_installation(machine.folder)
    first_files(installation)
    assert machine.hotline("run").returncode == 0
    later_files(installation)
    return machine.folder


def copied(template: Path, folder: Path) -> Machine:
    """The same installation in another place; Dagster's record names its own place."""
    ignored = shutil.ignore_patterns("dagster", "landing")
    shutil.copytree(template, folder, symlinks=True, ignore=ignored, dirs_exist_ok=True)
    made = Machine(folder)
    shutil.copytree(template / "landing", made.landing, dirs_exist_ok=True)
    return made


@pytest.fixture(scope="module")
def undisturbed(begun, tmp_path_factory) -> tuple[dict[str, str], int]:
    """What the command makes of it, and how many operations that takes."""
    machine = copied(begun, tmp_path_factory.mktemp("undisturbed"))
    assert disturbed(machine, 0, 0, "run").returncode == 0
    count = len((machine.folder / "seen").read_text(encoding="utf-8").splitlines())
    assert count > 100
    return contents(machine.warehouse), count


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KILL, ("run",)),
        pytest.param(errno.ENOSPC, ("backfill", "2023-01", "2023-02"), marks=pytest.mark.proof),
        pytest.param(errno.EIO, ("run",), marks=pytest.mark.proof),
    ],
)
def test_the_command_survives_a_death_or_a_fault_at_any_operation(
    error, words, begun, undisturbed, tmp_path
):
    expected, count = undisturbed
    machine = copied(begun, tmp_path)
    at = random.Random(error).randint(1, count)
    done = disturbed(machine, at, error, *words)
    if error == KILL:
        assert done.returncode == -9
    else:
        assert done.returncode in (1, 2), (at, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert "。" in done.stderr
    warehouse = Warehouse(machine.warehouse)
    assert [each for each in verify(warehouse) if not each.passed] == []
    again = disturbed(machine, 0, 0, *words)
    assert again.returncode == 0, again.stderr
    wrong = [
        each for each in difference(machine.warehouse, expected) if "releases.jsonl" not in each
    ]
    assert wrong == []
    assert temporary(machine.warehouse) == []


def test_a_fault_of_dagsters_record_is_a_sentence_and_costs_no_data(machine):
    assert machine.hotline("run").returncode == 0
    before = current_release(Warehouse(machine.warehouse))
    home = machine.warehouse / "dagster"
    installation = existing_installation(machine.folder)
    for path, content in (
        (home / "history" / "runs.db", b"rotten" * 1000),
        (home / "history" / "index.db", b"rotten" * 1000),
        (home / "dagster.yaml", b"telemetry: ["),
        (home / "dagster.yaml", b"no_such_setting: 1"),
    ):
        good = path.read_bytes()
        path.write_bytes(content)
        # A night with nothing to do asks nothing of the record.
        deliver(
            installation, f"calls_20230105_{len(content)}.csv", [call(len(content), "2023-01-05")]
        )
        said = machine.refuses("run")
        assert str(home) in said
        assert "移走" in said
        path.write_bytes(good)
    assert current_release(Warehouse(machine.warehouse)) == before
    shutil.rmtree(home)
    assert machine.hotline("run").returncode == 0
    assert machine.hotline("verify").returncode == 0
    assert current_release(Warehouse(machine.warehouse)) != before
