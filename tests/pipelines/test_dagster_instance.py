"""Dagster's record: its settings, PostgreSQL in place of files, and old logs, which go."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy
import yaml

from assets.core.errors import HotlineError
from assets.installation.installation import Installation
from assets.installation.settings import Postgres
from pipelines.config import load_installation
from pipelines.dagster_instance import (
    FILE_NAME,
    POSTGRES_PASSWORD,
    is_ours,
    prepare_home,
    prune,
    reach,
    recording,
    settings_of,
)
from tests.driver import bring_up_to_date, change
from tests.pipelines.test_cli import Machine, exports_of_a_day
from tests.pipelines.test_dagster import night
from tests.samples import row, write
from tests.servers import postgres


def write_settings(folder: Path, **settings: object) -> None:
    lines = [f"{name} = {value!r}" for name, value in settings.items()]
    (folder / "hotline.toml").write_text("\n".join(["[postgres]", *lines, ""]))


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    exports_of_a_day(made.landing)
    return made


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent != folder and "dagster" not in path.parts
    }


@pytest.mark.proof
def test_a_night_is_recorded_in_postgresql_and_survives_its_absence(machine, monkeypatch):
    with postgres() as server:
        write_settings(machine.folder, port=server.port, user=server.user, database="postgres")
        secret = {POSTGRES_PASSWORD: server.password}
        first = machine.hotline("run", **secret)
        assert first.returncode == 0, first.stderr
        assert "新发布" in first.stdout

        url = sqlalchemy.URL.create(
            "postgresql+psycopg2",
            username=server.user,
            password=server.password,
            host="127.0.0.1",
            port=server.port,
            database="postgres",
        )
        engine = sqlalchemy.create_engine(url)
        with engine.connect() as connection:
            count = sqlalchemy.text("SELECT count(*) FROM runs WHERE status = 'SUCCESS'")
            assert connection.execute(count).scalar_one() == 1
            days = sqlalchemy.text(
                'SELECT DISTINCT partition FROM event_logs WHERE asset_key = \'["exports", '
                "\"calls\"]' AND dagster_event_type = 'ASSET_MATERIALIZATION'"
            )
            assert connection.execute(days).scalars().all() == ["2023-01-05"]
        engine.dispose()
        home = machine.warehouse / "dagster"
        assert not (home / "history").exists()
        assert server.password not in (home / FILE_NAME).read_text(encoding="utf-8")

        # The facts are the same as without any record.
        other = Installation(landing=machine.landing, root=machine.folder / "other")
        assert bring_up_to_date(other).id == (machine.warehouse / "current").readlink().name

        address = Postgres("127.0.0.1", server.port, server.user, "postgres")
        for password, said in (("", "没有口令"), ("falsch", "password authentication failed")):
            monkeypatch.setenv(POSTGRES_PASSWORD, password)
            with pytest.raises(HotlineError, match=said) as refused:
                reach(address)
            assert not password or password not in str(refused.value)

        before = files_below(machine.warehouse)
        server.process.send_signal(signal.SIGINT)
        server.process.wait(timeout=60)
        said = machine.refuses("run", **secret)
        assert f"hotline@127.0.0.1:{server.port}/postgres 连不上" in said
        assert "未受影响" in said
        assert server.password not in said
        assert files_below(machine.warehouse) == before


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An installation's folder, as the working folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("DAGSTER_HOME", *(each for each in os.environ if each.startswith("HOTLINE"))):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def prepare(folder: Path, **settings: object) -> Path:
    """Write [postgres] and prepare Dagster's folder; gives dagster.yaml."""
    write_settings(folder, **settings)
    home = prepare_home(load_installation())
    return home / FILE_NAME


def test_settings_that_are_not_ours_and_lack_the_server_are_refused(folder):
    path = prepare_home(load_installation()) / FILE_NAME
    own = "# mine\ntelemetry:\n  enabled: false\n"
    path.write_text(own)
    with pytest.raises(HotlineError, match="移走"):
        prepare(folder)
    assert path.read_text() == own


def test_settings_follow_the_configuration_until_somebody_changes_them(folder):
    path = prepare_home(load_installation()) / FILE_NAME
    assert "base_dir" in yaml.safe_load(path.read_text())["event_log_storage"]["config"]
    prepare(folder, host="db.example", port=6000)
    address = yaml.safe_load(path.read_text())["storage"]["postgres"]["postgres_db"]
    assert (address["hostname"], address["port"]) == ("db.example", 6000)
    assert address["scheme"] == "postgresql+psycopg2"
    assert address["password"] == {"env": POSTGRES_PASSWORD}
    assert is_ours(path.read_text())
    changed = path.read_text().replace("enabled: true", "enabled: false")
    path.write_text(changed)
    prepare(folder, host="other.example")
    assert path.read_text() == changed


def test_settings_that_are_not_ours_find_our_storages_where_they_are_now(folder):
    path = prepare_home(load_installation()) / FILE_NAME
    own = path.read_text().replace("nux:", "# mine\nnux:")
    earlier = own.replace("dagster_storage\n  class: EventLog", "event_log\n  class: EventLog")
    path.write_text(earlier.replace("dagster_storage", "storages"))
    with recording(prepare_home(load_installation()), None) as instance:
        assert instance.get_runs() == []
    assert path.read_text() == own


def test_names_that_yaml_would_misread_stay_text(installation, tmp_path):
    change(installation, postgres=Postgres("::1", 5432, "no: {x}", "123"))
    written = yaml.safe_load(settings_of(installation, tmp_path))["storage"]["postgres"][
        "postgres_db"
    ]
    assert [written[name] for name in ("hostname", "username", "db_name")] == [
        *("::1", "no: {x}", "123")
    ]


def test_a_section_with_a_misspelt_key(folder):
    write_settings(folder, hots="x")
    with pytest.raises(HotlineError, match=r"postgres\.hots"):
        load_installation()


def test_a_fresh_home_that_several_processes_open_at_once_is_whole(installation, home):
    code = (
        "import sys; from pathlib import Path; from pipelines.dagster_instance import recording\n"
        "with recording(Path(sys.argv[1]), None) as instance:\n"
        "    print(instance.get_runs_count(), instance.run_storage.alembic_version())"
    )
    opened = [
        subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {each.communicate()[0] for each in opened}
    assert [each.returncode for each in opened] == [0] * 4
    assert len(said) == 1
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    with recording(home, None) as instance:
        assert night(installation, instance).good


# --- old logs -------------------------------------------------------------------------------------

CALLS = dg.AssetKey(["exports", "calls"])


@pytest.fixture
def home(installation, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    return prepare_home(installation)


def files_of(home, run_id):
    return [path for path in home.rglob("*") if path.is_file() and run_id in str(path)]


def test_old_logs_go_and_the_history_of_assets_stays(installation, home):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    now = datetime.now(UTC)
    with recording(home, None) as instance:
        assert night(installation, instance).good
        runs = instance.get_runs()
        known = {run.run_id: run.status for run in runs}
        event = instance.get_latest_materialization_event(CALLS)
        assert all(files_of(home, each) for each in known)

        # None is that old yet.
        assert prune(instance, home, now - timedelta(days=7)).runs == 0
        assert all(files_of(home, each) for each in known)

        # One that has not ended keeps its log.
        open_run = instance.create_run_for_job(
            dg.job(name="open")(lambda: None), status=dg.DagsterRunStatus.STARTED
        )
        instance.report_engine_event("始", open_run)
        pruned = prune(instance, home, datetime.now(UTC) + timedelta(seconds=1))
        assert pruned.runs == len(known)
        assert pruned.size > 100_000
        assert not any(files_of(home, each) for each in known)
        assert files_of(home, open_run.run_id)
        assert prune(instance, home, datetime.now(UTC) + timedelta(seconds=1)).runs == 0

    with recording(home, None) as instance:
        assert instance.get_materialized_partitions(CALLS) == {"2023-01-05"}
        assert instance.get_latest_materialization_event(CALLS) == event
        assert {run.run_id: run.status for run in instance.get_runs()} == {
            **known,
            open_run.run_id: dg.DagsterRunStatus.STARTED,
        }
        # The next night works, and the page of a pruned run shows an empty log.
        write(installation.landing, "calls_20230106.csv", [row("calls", call_id="2")])
        assert night(installation, instance).good
        assert instance.get_materialized_partitions(CALLS) == {"2023-01-05", "2023-01-06"}
        assert list(instance.all_logs(runs[0].run_id)) == []
