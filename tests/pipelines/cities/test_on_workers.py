"""A night on several machines: a real broker, database and object store, workers as processes."""

import json
import os
import re
import signal
from pathlib import Path

import pytest

from assets.core.errors import HotlineError
from assets.releases.package import is_sound
from tests.samples import row, write

pytest.importorskip("dagster_celery", reason="the extra cluster is not installed")
pytest.importorskip("obstore", reason="the extra cluster is not installed")

from pipelines.cities.on_workers import run_on_workers
from pipelines.config import BROKER
from tests.cluster import Cluster, cluster, kill, until

CITIES = ("alpha", "beta")
SETTINGS = "\n".join(
    [
        "start = 2023-01-01",
        "[reports]",
        *(f"first_{kind} = 2099-01-01" for kind in ("daily", "weekly", "monthly", "annual")),
        *(f'[cities.{name}]\nlanding = "in/{name}"' for name in CITIES),
    ]
)


def exports(folder: Path, day: int) -> None:
    """A day of every city, each a little different."""
    for number, city in enumerate(CITIES):
        landing = folder / "in" / city
        landing.mkdir(parents=True, exist_ok=True)
        ids = [f"{day}{call}" for call in range(number + 1)]
        write(landing, f"calls_202301{day:02}.csv", [row("calls", call_id=each) for each in ids])
        write(landing, f"tickets_202301{day:02}.csv", [row("tickets")])


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        made.configure(SETTINGS, visibility_timeout=15)
        yield made


def contents(release: Path) -> dict[str, bytes]:
    """Every file of a release."""
    files = (path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in files}


def worked(machines: Cluster, name: str) -> bool:
    """Whether a worker has done a step."""
    return "succeeded in" in (machines.folder / name / "worker.log").read_text(encoding="utf-8")


def holders(machines: Cluster, name: str) -> list[int]:
    """Processes of a machine that are in the middle of a city."""
    found = []
    for path in (machines.folder / name / "warehouse").glob("*/.lock.holder"):
        try:
            found.append(json.loads(path.read_bytes())["pid"])
        except (OSError, ValueError):
            continue
    return found


@pytest.mark.proof
def test_a_worker_has_no_threads_of_polars_before_it_is_forked(machines):
    """The process that does the steps is forked from it, and would wait for them for ever."""
    with machines.worker("first") as worker:
        names = [path.read_text() for path in Path(f"/proc/{worker.pid}/task").glob("*/comm")]
    assert names
    assert not [name for name in names if re.match(r"polars-\d", name)]


@pytest.mark.proof
def test_workers_make_the_bytes_of_one_machine_whoever_is_killed(machines):
    with machines.worker("first") as first, machines.worker("second"):
        # The process that works on a city, then the whole machine.
        for day, whole in ((5, False), (6, True)):
            exports(machines.folder, day)
            with machines.start("office", "run") as night:
                until(lambda: bool(holders(machines, "first")), "the first worker has a city")
                if whole:
                    kill(first)
                else:
                    os.kill(holders(machines, "first")[0], signal.SIGKILL)
                out, err = night.communicate(timeout=300)
            assert night.returncode == 0, out + err
            lines = [line.split() for line in out.splitlines()]
            for name in CITIES:
                assert [name, "完成", "2", "1", machines.release(name).name] in lines
            assert "DEBUG" not in err
            assert "Warning" not in err
        assert worked(machines, "second")
    settings = (machines.folder / "hotline.toml").read_text(encoding="utf-8")
    (machines.folder / "hotline.toml").write_text(SETTINGS, encoding="utf-8")
    status, out, err = machines.hotline("alone", "run")
    (machines.folder / "hotline.toml").write_text(settings, encoding="utf-8")
    assert status == 0, out + err
    for name in (*CITIES, "province"):
        release = machines.release(name)
        assert is_sound(release)
        alone = machines.folder / "alone" / "warehouse" / name / "current"
        assert contents(release) == contents(alone.resolve())


@pytest.mark.proof
def test_of_two_machines_that_race_for_a_city_one_wins(machines):
    exports(machines.folder, 7)
    nights = [machines.start(name, "run", "--city", "alpha") for name in ("third", "fourth")]
    said = [night.communicate(timeout=300) for night in nights]
    statuses = [night.returncode for night in nights]
    assert 0 in statuses, said
    for status, (out, err) in zip(statuses, said, strict=True):
        assert status == 0 or (status == 2 and "另一台机器" in err), out + err
    # Any machine sees what the winner made, and finds it right.
    status, out, _ = machines.hotline("office", "verify", "--city", "alpha")
    assert status == 0
    assert machines.release("alpha").name in out


def test_without_a_broker_it_is_one_sentence_before_anything_is_started(monkeypatch):
    monkeypatch.delenv(BROKER, raising=False)
    with pytest.raises(HotlineError, match=BROKER):
        run_on_workers()
    monkeypatch.setenv(BROKER, "redis://:secret@127.0.0.1:1/0")
    with pytest.raises(HotlineError, match="消息队列无法连接") as caught:
        run_on_workers()
    assert "secret" not in str(caught.value)
