"""Several cities on the command line: each as if it were alone, and all of them at once."""

from pathlib import Path

import pytest

from tests.pipelines.test_cli import Machine
from tests.pipelines.two_cities import machine_of_two_cities
from tests.samples import row, write


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Machine:
    return machine_of_two_cities(tmp_path, monkeypatch)


def exports(machine: Machine, city: str, **changes: str) -> None:
    """A day of a city."""
    landing = machine.folder / "in" / city
    landing.mkdir(parents=True, exist_ok=True)
    write(landing, "calls_20230105.csv", [row("calls", **changes)])
    write(landing, "tickets_20230105.csv", [row("tickets")])


def release(machine: Machine, city: str) -> Path:
    return (machine.warehouse / city / "current").resolve(strict=True)


def test_all_cities_one_after_another_and_one_that_fails_stops_none(machine):
    exports(machine, "beta", outcome="用户挂断", answered_at="")
    looked = machine.hotline("status")
    assert looked.returncode == 1
    assert "in/alpha 不存在" in looked.stderr
    assert ["beta", "—", "2", "0", "0", "0", "（尚无）"] in [
        line.split() for line in looked.stdout.splitlines()
    ]
    first = machine.hotline("run")
    assert first.returncode == 1
    assert "in/alpha 不存在" in first.stderr
    assert "Traceback" not in first.stderr
    lines = [line.split() for line in first.stdout.splitlines()]
    assert ["alpha", "甲市", "未完成", "0", "0", "（尚无）"] in lines
    assert ["beta", "完成", "2", "1", release(machine, "beta").name] in lines
    exports(machine, "alpha")
    assert machine.hotline("run").returncode == 0
    assert release(machine, "alpha") != release(machine, "beta")
    shown = machine.hotline("status")
    assert shown.returncode == 0
    assert release(machine, "alpha").name in shown.stdout
    assert machine.hotline("verify", "--city", "alpha").returncode == 0
    assert machine.hotline("verify", HOTLINE_CITY="beta").returncode == 0
    for city in ("alpha", "beta"):
        assert (machine.warehouse / city / "dagster" / "history").is_dir()
    home = machine.hotline("home", "--city", "beta", DAGSTER_HOME=str(machine.folder / "records"))
    assert home.stdout.strip() == str(machine.folder / "records/beta")


def test_a_city_is_as_if_it_were_alone(machine):
    for city in ("alpha", "beta"):
        exports(machine, city)
    assert machine.hotline("run", "--city", "beta").returncode == 0
    assert not (machine.warehouse / "alpha").exists()
    (machine.folder / "hotline.toml").write_text('landing = "in/alpha"\n', encoding="utf-8")
    assert machine.hotline("run").returncode == 0
    assert (machine.warehouse / "current").resolve().name == release(machine, "beta").name
