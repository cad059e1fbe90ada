"""A night, its commands and Dagster's record, when the exports lie on a server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest

from assets.core.errors import HotlineError
from assets.exports.stage import pending_exports
from assets.profiles.profile import BUILT_IN
from assets.sources.settings import S3Settings
from pipelines.cli.demo import run_demo
from schemas.reports import KINDS
from tests.driver import set_profile
from tests.pipelines.test_cli import Machine
from tests.samples import csv_text, row
from tests.servers import HOST, SECRET, Server, s3_server, wire

KEYS = {"HOTLINE_S3_KEY": "test-key-91c2", "HOTLINE_S3_SECRET": SECRET}


@pytest.fixture(scope="module")
def store():
    with s3_server() as server:
        yield server


@pytest.fixture
def machine(tmp_path) -> Machine:
    machine = Machine(tmp_path)
    machine.landing.rmdir()
    return machine


def put(server: Server, **files: list[dict[str, Any]]) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=server.http,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket="exports")
    for name, rows in files.items():
        body = csv_text(name.partition("_")[0], rows).encode()
        client.put_object(Bucket="exports", Key=f"{name}.csv", Body=body)


def write_profile(machine: Machine, port: int) -> None:
    """The exports of the machine lie behind a port, and it issues no reports."""
    built_in = (BUILT_IN / "hanzhong.toml").read_text(encoding="utf-8")
    source = (
        f'[source]\nkind = "s3"\nendpoint = "http://{HOST}:{port}"\nbucket = "exports"\n'
        "attempts = 1\n"
    )
    (machine.folder / "city.toml").write_text(f"{built_in}\n{source}", encoding="utf-8")
    (machine.folder / "hotline.toml").write_text(
        'profile = "city.toml"\n[reports]\n'
        + "".join(f"first_{kind} = 2099-01-01\n" for kind in KINDS)
    )


def holders(folder: Path, secret: str) -> list[Path]:
    """Files that hold a secret."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    return [path for path in files if secret.encode() in path.read_bytes()]


def test_nights_whose_source_breaks_off_is_back_and_is_gone(machine, store):
    rows = [row("calls", call_id=str(each)) for each in range(5_000)]
    put(store, calls_20230105=[row("calls", call_id="x")], calls_20230106=rows)
    with wire(store.port) as line:
        write_profile(machine, line.port)
        line.cut(300_000, times=1)
        broken = machine.hotline("run", **KEYS)
        assert broken.returncode == 1
        assert "连不上或中途断开" in broken.stderr
        # What came through is taken and recorded, but nothing is published without the rest.
        assert not (machine.warehouse / "current").exists()
        with dg.DagsterInstance.from_config(str(machine.warehouse / "dagster")) as instance:
            taken = instance.get_materialized_partitions(dg.AssetKey(["exports", "calls"]))
        assert taken == {"2023-01-05"}

        healed = machine.hotline("run", **KEYS)
        assert healed.returncode == 0, healed.stderr
        assert "处理文件 1 个" in healed.stdout
        release = (machine.warehouse / "current").readlink()

    # What was built is stale now, and nobody answers: the archive is enough to build it again.
    for path in (machine.warehouse / "built").rglob("calls/*.parquet"):
        path.unlink()
    night = machine.hotline("run", **KEYS)
    assert night.returncode == 1
    assert "连不上或中途断开" in night.stderr
    assert list((machine.warehouse / "built").rglob("calls/*.parquet")) != []
    assert (machine.warehouse / "current").readlink() == release

    status = machine.hotline("status", **KEYS)
    assert status.returncode == 1
    assert f"对象存储 http://{HOST}:{line.port} 连不上或中途断开" in status.stdout
    assert release.name in status.stdout
    for done in (broken, healed, night, status):
        assert "Traceback" not in done.stderr
        assert not any(key in done.stdout + done.stderr for key in KEYS.values())
    assert [holders(machine.folder, key) for key in KEYS.values()] == [[], []]


def test_the_demo_writes_into_no_other_source(installation):
    set_profile(installation, source=S3Settings(kind="s3", endpoint="http://x", bucket="x"))
    with pytest.raises(HotlineError, match=r"\[source\]"):
        run_demo(installation)


def test_a_folder_needs_nothing_of_the_other_kinds():
    code = (
        "import sys, json\n"
        "from pipelines import definitions\n"
        "from pipelines.config import load_installation\n"
        "from assets.exports.discover import source_of\n"
        "source_of(load_installation())\n"
        "print(json.dumps([n for n in sys.modules if n in"
        " ('asyncssh', 'obstore', 'psycopg', 'pymysql', 'tenacity')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []


def test_without_the_extra_it_says_what_to_install(installation, monkeypatch):
    set_profile(installation, source=S3Settings(kind="s3", endpoint="http://x", bucket="x"))
    monkeypatch.setitem(sys.modules, "obstore", None)
    assert "pip install -e '.[sources]'" in pending_exports(installation).unreachable
