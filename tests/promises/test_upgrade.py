"""A warehouse of the previous version goes on with this one: nothing is lost, nothing is red."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import polars as pl
import pytest

from assets.core.warehouse import LAYOUT, Warehouse
from assets.releases.history import journal_entries
from tests.samples import row, write

ROOT = Path(__file__).parents[2]
# The state of main that was in use as version 0.1.0.
PREVIOUS = "255d58f"
# Says whose code it is, then what each command answers.
CHILD = """
import contextlib, io, json, shlex, sys
import pipelines
from pipelines.cli import app
from pipelines.cli.console import err, out
print(pipelines.__file__)
for command in sys.argv[1:]:
    said = out.file = err.file = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = app(shlex.split(command), standalone_mode=False)
    print(json.dumps([status, said.getvalue()]))
"""


@pytest.fixture
def code(tmp_path) -> Path:
    """The source of the previous version."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", PREVIOUS, "schemas", "assets", "pipelines"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip(f"the history of the repository does not hold {PREVIOUS}")
    folder = tmp_path / "previous"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def run(folder: Path, *commands: str, code: Path = ROOT) -> list[tuple[int, str]]:
    """Exit status and text of commands, one after another in one process of a version."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE")}
    own.pop("DAGSTER_HOME", None)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *commands],
        cwd=folder,
        env=own | {"PYTHONPATH": str(code)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    where, *answers = done.stdout.splitlines()
    assert where == str(code / "pipelines" / "__init__.py")
    return [tuple(json.loads(each)) for each in answers]


def figures(warehouse: Path) -> list[pl.DataFrame]:
    """Published facts of the release that readers open."""
    tables = ("calls", "tickets", "kpi_monthly")
    return [pl.read_parquet(f"{warehouse}/current/facts/{each}/*.parquet") for each in tables]


def same(old: list[pl.DataFrame], new: list[pl.DataFrame]) -> bool:
    """Whether figures are equal where the newer version still has the column."""
    return all(
        before.select(names := [each for each in before.columns if each in after.columns]).equals(
            after.select(names)
        )
        for before, after in zip(old, new, strict=True)
    )


def kept(warehouse: Path) -> dict[str, bytes]:
    """What cannot be computed again: raw files, key, issued reports, discarded rows."""
    return {
        path.relative_to(warehouse).as_posix(): path.read_bytes()
        for room in (
            "archive/??/*",
            "caller.key",
            "reports/*/*/*/*",
            "ledger/quarantine/discarded/*",
        )
        for path in warehouse.glob(room)
        if path.is_file()
    }


def test_a_warehouse_of_the_previous_version_goes_on(code, tmp_path):
    landing, root = tmp_path / "landing", tmp_path / "warehouse"
    good, bad = row("calls"), row("calls", call_id="")
    write(landing, "calls_20230105.csv", [good, bad, bad | {"caller": "1"}])
    write(landing, "tickets_20230105.csv", [row("tickets")])
    discard = "quarantine discard calls_20230105.csv --line 3 --reason 测试"
    assert [status for status, _ in run(tmp_path, "run", discard, code=code)] == [0, 0]
    warehouse = Warehouse(root)
    assert not warehouse.layout.exists()
    journal, before, published = journal_entries(warehouse), kept(root), figures(root)
    assert {name.partition("/")[0] for name in before} == {
        *("archive", "caller.key", "reports", "ledger")
    }

    # Before a night, whoever looks around sees what was there; the night brings it up to date.
    looks = ["releases", "reports", "quarantine list", "run", "quarantine list --all", "doctor"]
    said = dict(zip(looks, run(tmp_path, *looks), strict=True))
    assert journal[0].release in said["releases"][1]
    assert "2023" in said["reports"][1]
    assert [said[each][0] for each in ("releases", "reports", "run")] == [0, 0, 0]
    assert said["quarantine list --all"][0] == 0
    assert "作废" in said["quarantine list --all"][1]
    amiss = [line for line in said["doctor"][1].splitlines() if line.split()[1:2] == ["有误"]]
    # What is said of the calendar depends on the day on which the test runs.
    assert [line for line in amiss if "工作日历" not in line] == []
    assert "旧版本写成" in said["doctor"][1]

    assert warehouse.layout.read_text() == f"{LAYOUT}\n"
    assert journal_entries(warehouse)[: len(journal)] == journal
    now = kept(root)
    assert {name: now.get(name) for name in before} == before
    assert same(published, figures(root))

    # And the next day comes in.
    write(landing, "calls_20230106.csv", [row("calls", call_id="2")])
    assert run(tmp_path, "run")[0][0] == 0
    assert len(journal_entries(warehouse)) > len(journal)
