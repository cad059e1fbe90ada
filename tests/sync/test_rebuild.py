"""Everything can be computed again from the archive, to the same bytes, on any number of cores."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.driver import deliver, existing_installation, make_installation
from tests.lasting.scenes import call, first_files, later_files
from tests.lasting.state import contents
from tests.pipelines.test_cli import Machine

ROOT = Path(__file__).parents[2]


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    first_files(existing_installation(tmp_path))
    later_files(existing_installation(tmp_path))
    return made


def test_rebuilding_from_the_archive_gives_the_same_release(machine):
    assert machine.hotline("run").returncode == 0
    before = contents(machine.warehouse)
    shutil.rmtree(machine.landing)
    machine.landing.mkdir()
    for each in ("details", "built", "staged"):
        path = next(path for path in (machine.warehouse / each).rglob("*.parquet"))
        path.unlink()
        path.write_bytes(b"rotten")
    done = machine.hotline("rebuild")
    assert done.returncode == 0, done.stderr
    assert "同一版" in done.stdout
    assert contents(machine.warehouse) == before


def test_a_damaged_archive_is_not_rebuilt_from(machine):
    assert "没有任何文件" in machine.refuses("rebuild")
    assert machine.hotline("run").returncode == 0
    before = contents(machine.warehouse)
    raw = next(machine.warehouse.glob("archive/??/*"))
    good = raw.read_bytes()
    raw.write_bytes(b"rotten")
    assert "缺失或已损坏" in machine.refuses("rebuild")
    raw.write_bytes(good)
    assert contents(machine.warehouse) == before


_ALONE = """
import sys
from pathlib import Path
from tests.driver import bring_up_to_date, existing_installation
print(bring_up_to_date(existing_installation(Path(sys.argv[1]))).id)
"""


def test_the_number_of_cores_changes_no_byte(tmp_path):
    template = tmp_path / "template"
    installation = make_installation(template)
    first_files(installation)
    later_files(installation)
    for day in range(10, 29):
        deliver(
            installation, f"calls_202301{day}.csv", [call(n, f"2023-01-{day}") for n in range(200)]
        )
    installation.root.mkdir()
    installation.warehouse.caller_key.write_text("k" * 64)
    installation.warehouse.caller_key.chmod(0o600)
    found = []
    for cores in ("1", "2", "7"):
        shutil.copytree(template, tmp_path / cores)
        done = subprocess.run(
            [sys.executable, "-c", _ALONE, str(tmp_path / cores)],
            env=os.environ | {"POLARS_MAX_THREADS": cores, "PYTHONHASHSEED": cores},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        found.append((done.stdout, contents(tmp_path / cores / "warehouse")))
    assert found[0] == found[1] == found[2]
