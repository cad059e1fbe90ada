"""A night, its commands and Dagster's record, when the exports lie on a server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import dagster as dg
import pytest

from assets.sources.settings import FolderSettings
from tests.samples import csv_text, row
from tests.servers import HOST, SECRET, Server, s3_server, wire
from tests.test_cli import Machine

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


def put(server: Server, bucket: str, **files: list[dict[str, Any]]) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=server.http,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket=bucket)
    for name, rows in files.items():
        body = csv_text(name.partition("_")[0], rows).encode()
        client.put_object(Bucket=bucket, Key=f"{name}.csv", Body=body)


def write_profile(machine: Machine, source: str) -> None:
    built_in = Path("assets/exports/profiles/hanzhong.toml").read_text(encoding="utf-8")
    (machine.folder / "city.toml").write_text(f"{built_in}\n[source]\n{source}", encoding="utf-8")
    (machine.folder / "hotline.toml").write_text('profile = "city.toml"\n')


def store_at(port: int, bucket: str) -> str:
    return (
        f'kind = "s3"\nendpoint = "http://{HOST}:{port}"\nbucket = "{bucket}"\n'
        "attempts = 2\nretry_seconds = 0.01\n"
    )


def holders(folder: Path, secret: str) -> list[Path]:
    """Files that hold a secret."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    return [path for path in files if secret.encode() in path.read_bytes()]


def test_a_night_whose_source_is_gone_goes_on_with_what_it_has(machine, store):
    put(store, "night", calls_20230105=[row("calls")], tickets_20230105=[row("tickets")])
    with wire(store.port) as line:
        write_profile(machine, store_at(line.port, "night"))
        first = machine.hotline("run", **KEYS)
        assert first.returncode == 0, first.stderr
        release = (machine.warehouse / "current").readlink()
        assert "2023-01-05" in machine.hotline("status", **KEYS).stdout
    # What was built is stale now, and nobody answers.
    for path in (machine.warehouse / "built").rglob("calls/*.parquet"):
        path.unlink()
    night = machine.hotline("run", **KEYS)
    assert night.returncode == 1
    assert "连不上或中途断开" in night.stderr
    assert list((machine.warehouse / "built").rglob("calls/*.parquet")) != []
    assert (machine.warehouse / "current").readlink() == release

    status = machine.hotline("status", **KEYS)
    assert status.returncode == 1
    assert f"对象存储 http://{HOST}:{line.port} 连不上或中途断开" in status.stderr
    assert "calls 话务" in status.stdout
    assert release.name in status.stdout
    assert machine.hotline("rebuild", **KEYS).returncode == 0
    for done in (first, night, status):
        assert "Traceback" not in done.stderr
        assert not any(key in done.stdout + done.stderr for key in KEYS.values())
    assert [holders(machine.folder, key) for key in KEYS.values()] == [[], []]


def test_a_run_that_breaks_off_keeps_what_it_has_and_says_so_in_the_record(machine, store):
    rows = [row("calls", call_id=str(each)) for each in range(20_000)]
    put(store, "half", calls_20230105=[row("calls", call_id="x")], calls_20230106=rows)
    with wire(store.port) as line:
        write_profile(machine, store_at(line.port, "half").replace("= 2", "= 1"))
        line.cut(500_000, times=1)
        broken = machine.hotline("run", **KEYS)
        assert broken.returncode == 1
        assert "连不上或中途断开" in broken.stderr
        assert not (machine.warehouse / "current").exists()
        with dg.DagsterInstance.from_config(str(machine.warehouse / "dagster")) as instance:
            taken = instance.get_materialized_partitions(dg.AssetKey(["exports", "calls"]))
        assert taken == {"2023-01-05"}
        healed = machine.hotline("run", **KEYS)
        assert healed.returncode == 0, healed.stderr
        assert "处理文件 1 个" in healed.stdout


def test_a_secret_in_a_profile_is_refused_in_one_sentence(machine):
    write_profile(machine, f'kind = "sftp"\npassword = "{SECRET}"')
    sentence = machine.refuses("status")
    assert "HOTLINE_SFTP_PASSWORD" in sentence
    assert SECRET not in sentence


def test_the_demo_writes_into_no_other_source(machine):
    write_profile(machine, store_at(1, "x"))
    assert "[source]" in machine.refuses("demo")


def test_a_folder_needs_nothing_of_the_other_kinds():
    code = (
        "import sys, json\n"
        "from pipelines import definitions\n"
        "from assets.exports.take import source_of\n"
        "source_of(definitions.site)\n"
        "print(json.dumps([n for n in sys.modules if n in"
        " ('asyncssh', 'boto3', 'botocore', 'psycopg', 'pymysql', 'tenacity')]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1]) == []
    assert FolderSettings().kind == "folder"


def test_without_the_extra_it_says_what_to_install(site, monkeypatch):
    from assets.exports.take import waiting
    from assets.sources.settings import S3Settings
    from tests.driver import set_profile

    set_profile(site, source=S3Settings(kind="s3", endpoint="http://x", bucket="x"))
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert "pip install -e '.[sources]'" in waiting(site).unreachable
