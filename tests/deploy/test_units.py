"""deploy/: units, compose file and log rotation, checked by their own tools."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
import yaml

from pipelines.cli import app
from pipelines.recorded_run import LOCATION
from tests.driver import bring_up_to_date, deliver
from tests.samples import row

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SYSTEMD = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in SYSTEMD.glob("*.service"))
TIMERS = sorted(path.name for path in SYSTEMD.glob("*.timer"))
PROGRAM = "/usr/local/lib/hotline"
# Of 100; 0 is a unit that can do nothing, 96 one without any of this.
EXPOSURE = 20


def tool(name: str, package: str) -> str:
    """Path of a program, or a reason to skip."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return found or pytest.skip(f"{name} is not installed (apt package {package})")


def ran(*words: object, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        **settings,  # type: ignore[call-overload]
    )


def unit(name: str) -> dict[str, str]:
    """Settings of a unit's own section; the last one of a name."""
    read = configparser.RawConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(SYSTEMD / name, encoding="utf-8")
    return {key: value for section in read.sections() for key, value in read[section].items()}


# --- systemd ------------------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path) -> Path:
    """The root of a file system on which the units are installed."""
    tool("systemd-analyze", "systemd")
    system = next(
        (each for each in map(Path, ("/usr/lib/systemd/system", "/lib/systemd/system"))
         if (each / "sysinit.target").exists()),
        None,
    )  # fmt: skip
    if system is None:
        pytest.skip("systemd has no units here (apt package systemd)")
    shutil.copytree(system, tmp_path / "usr/lib/systemd/system", symlinks=True)
    target = tmp_path / "etc/systemd/system"
    target.mkdir(parents=True)
    for name in (*SERVICES, *TIMERS):
        shutil.copy(SYSTEMD / name, target)
    shutil.copytree(SYSTEMD / "hotline-.service.d", target / "hotline-.service.d")
    programs = tmp_path / PROGRAM[1:] / ".venv/bin"
    programs.mkdir(parents=True)
    for name in ("hotline", "dagster", "dagster-webserver", "dagster-daemon", "celery"):
        assert (Path(sys.executable).parent / name).exists()
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    return tmp_path


def complaints(machine: Path) -> str:
    """What systemd-analyze says of our units; of the others it copied it may say what it likes."""
    done = ran("systemd-analyze", "verify", f"--root={machine}", "--man=no", *SERVICES, *TIMERS)
    lines = (done.stdout + done.stderr).splitlines()
    return "\n".join(each for each in lines if "hotline-" in each)


def test_systemd_understands_every_unit(machine):
    assert complaints(machine) == ""
    # The check can fail: a setting that does not exist, a program that is not there.
    daemon = machine / "etc/systemd/system/hotline-daemon.service"
    whole = daemon.read_text()
    daemon.write_text(whole.replace("MemoryMax=", "MemoryMost="))
    assert "MemoryMost" in complaints(machine)
    daemon.write_text(whole.replace("dagster-daemon run", "dagster-demon run"))
    assert "dagster-demon" in complaints(machine)


def exposure(machine: Path, name: str) -> int:
    """Exit status: 0 where a unit is exposed no more than it may be."""
    words = ("security", "--offline=true", f"--threshold={EXPOSURE}", f"--root={machine}", name)
    return ran("systemd-analyze", *words).returncode


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_can_do_little(machine, name):
    assert exposure(machine, name) == 0
    common = machine / "etc/systemd/system/hotline-.service.d/hardening.conf"
    common.write_text(common.read_text().replace("CapabilityBoundingSet=\n", ""))
    assert exposure(machine, name) != 0


def test_what_a_unit_may_write():
    writable = {name: unit(name)["ReadWritePaths"] for name in SERVICES}
    assert writable == {
        "hotline-backup.service": "/var/lib/hotline /var/backups/hotline",
        "hotline-code.service": "/var/lib/hotline",
        "hotline-daemon.service": "/var/lib/hotline/warehouse/dagster",
        "hotline-night.service": "/var/lib/hotline",
        "hotline-notify.service": "/var/lib/hotline",
        "hotline-viewer.service": "/var/lib/hotline/warehouse/dagster",
        "hotline-webserver.service": "/var/lib/hotline/warehouse/dagster",
        "hotline-worker@.service": "/var/lib/hotline",
    }
    assert all("MemoryMax" in unit(name) for name in SERVICES)


def test_daemon_and_web_servers_use_the_one_code_server_on_loopback():
    words = shlex.split(unit("hotline-code.service")["ExecStart"])
    assert words[words.index("-h") + 1] == "127.0.0.1"
    [server] = yaml.safe_load((DEPLOY / "workspace.yaml").read_text())["load_from"]
    server = server["grpc_server"]
    assert words[words.index("-p") + 1] == str(server["port"])
    assert words[words.index("--location-name") + 1] == server["location_name"] == LOCATION
    hardening = (SYSTEMD / "hotline-.service.d/hardening.conf").read_text()
    assert f"Environment={server['host']['env']}=127.0.0.1\n" in hardening
    for name in ("daemon", "webserver", "viewer"):
        assert f"-w {PROGRAM}/deploy/workspace.yaml" in unit(f"hotline-{name}.service")["ExecStart"]
        assert "hotline-code.service" in unit(f"hotline-{name}.service")["After"]


def test_web_servers_listen_on_loopback_only():
    for name in ("hotline-webserver.service", "hotline-viewer.service"):
        words = shlex.split(unit(name)["ExecStart"])
        assert words[words.index("-h") + 1] == "127.0.0.1"
        assert unit(name)["IPAddressDeny"] == "any"


def test_every_command_of_the_units_exists():
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    text = "\n".join((SYSTEMD / name).read_text(encoding="utf-8") for name in SERVICES)
    named = set(re.findall(rf"^Exec\w+={PROGRAM}/\.venv/bin/hotline (\w+)", text, re.MULTILINE))
    assert named == {"home", "run", "backup", "prune", "notify"}
    assert named <= set(commands)


@pytest.mark.parametrize("name", TIMERS)
def test_timers_go_by_the_time_of_beijing(name):
    tool("systemd-analyze", "systemd")
    when = unit(name)["OnCalendar"]
    done = ran("systemd-analyze", "calendar", when, env=os.environ | {"TZ": "UTC", "LC_ALL": "C"})
    assert done.returncode == 0, done.stderr
    hour = {
        "hotline-night.timer": "18:00:00",
        "hotline-backup.timer": "22:00:00",
        "hotline-notify.timer": "00:00:00",
    }[name]
    assert f"{hour} UTC" in done.stdout
    assert (SYSTEMD / name.replace(".timer", ".service")).exists()


def test_the_night_has_one_starter():
    timers = ("hotline-night.timer", "hotline-notify.timer")
    assert unit("hotline-daemon.service")["Conflicts"].split() == list(timers)
    assert {unit(each)["Conflicts"] for each in timers} == {"hotline-daemon.service"}


def test_user_and_folders(tmp_path):
    (tmp_path / "etc").mkdir()
    made = ran(tool("systemd-sysusers", "systemd"), f"--root={tmp_path}", SYSTEMD / "sysusers.conf")
    assert made.returncode == 0, made.stderr
    assert re.search(r"^hotline:", (tmp_path / "etc/passwd").read_text(), re.MULTILINE)
    if os.geteuid():
        pytest.skip("folders of another user can be made by root only")
    create = (tool("systemd-tmpfiles", "systemd"), f"--root={tmp_path}", "--create")
    secret = tmp_path / "etc/hotline/hotline.env"
    assert ran(*create, SYSTEMD / "tmpfiles.conf").returncode == 0
    secret.write_text("HOTLINE_POSTGRES_PASSWORD=x\n")
    secret.chmod(0o644)
    assert ran(*create, SYSTEMD / "tmpfiles.conf").returncode == 0
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var/backups/hotline").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "var/lib/hotline/warehouse/dagster").stat().st_uid != 0


def test_readers_of_the_group_reach_releases_and_nothing_private(installation):
    hardening = (SYSTEMD / "hotline-.service.d/hardening.conf").read_text()
    before = os.umask(int(re.search(r"^UMask=(\d+)$", hardening, re.MULTILINE)[1], 8))
    try:
        deliver(installation, "calls_20230105.csv", [row("calls")])
        bring_up_to_date(installation)
    finally:
        os.umask(before)
    release = installation.warehouse.current.resolve()
    for path in (installation.root, installation.warehouse.releases, release, release / "facts"):
        assert path.stat().st_mode & 0o077 == 0o050, path
    assert (release / "files.parquet").stat().st_mode & 0o777 == 0o440
    for path in (
        installation.warehouse.archive,
        installation.warehouse.ledgers.parent,
        installation.warehouse.caller_key,
    ):
        assert path.stat().st_mode & 0o077 == 0, path


# --- logs ---------------------------------------------------------------------------------------


def test_logrotate_understands_its_file(tmp_path):
    logrotate = tool("logrotate", "logrotate")
    text = (DEPLOY / "logrotate/hotline").read_text().replace("/var/log/hotline", str(tmp_path))
    (tmp_path / "access.log").write_text("x\n")
    rules = tmp_path / "rules"
    rules.write_text(text.replace("www-data adm", "root root"))
    rules.chmod(0o644)
    done = ran(logrotate, "-d", "-s", tmp_path / "state", rules)
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr
    assert f"considering log {tmp_path}/access.log" in done.stderr
    rules.write_text(text.replace("rotate 90", "rotate often"))
    assert "error" in ran(logrotate, "-d", "-s", tmp_path / "state", rules).stderr


def test_the_proxy_writes_where_logs_are_rotated():
    named = re.findall(r"_log +(\S+);", (DEPLOY / "nginx/hotline.conf").read_text())
    assert {str(Path(each).parent) for each in named} == {"/var/log/hotline"}
    assert unit("journald@hotline.conf").keys() >= {"SystemMaxUse", "MaxRetentionSec"}
    hardening = (SYSTEMD / "hotline-.service.d/hardening.conf").read_text()
    assert "LogNamespace=hotline\n" in hardening


# --- containers ---------------------------------------------------------------------------------


def composed(**missing: None) -> subprocess.CompletedProcess[str]:
    """`docker compose config` of the file, with the settings of the example."""
    lines = (DEPLOY / "compose/env.example").read_text().splitlines()
    settings = dict(each.split("=", 1) for each in lines if "=" in each and each[0] != "#")
    settings["HOTLINE_POSTGRES_PASSWORD"] = "x"
    for name in missing:
        del settings[name]
    if shutil.which("docker-compose"):
        words = ["docker-compose"]
    elif shutil.which("docker") and ran("docker", "compose", "version").returncode == 0:
        words = ["docker", "compose"]
    else:
        pytest.skip("neither docker compose nor docker-compose is installed")
    environment = {"PATH": os.environ["PATH"], "HOME": "/", **settings}
    return ran(*words, "-f", DEPLOY / "compose/compose.yaml", "config", env=environment)


def test_the_compose_file_opens_the_proxy_only():
    done = composed()
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)
    services = read["services"]
    assert [name for name, each in services.items() if each.get("ports")] == ["proxy"]
    assert read["networks"]["inside"]["internal"] is True
    assert set(services["postgres"]["networks"]) == {"inside"}
    for name, each in services.items():
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert each["logging"]["options"]["max-size"] == "10m", name
        if each.get("image") == "hotline-pipeline":
            assert each["read_only"] is True, name
            assert each["cap_drop"] == ["ALL"], name
            assert each["user"] == "10001:10001", name
            assert re.search(r":/landing:ro'|/landing.*read_only: true", str(each["volumes"]))
    assert read["networks"]["private"]["internal"] is True
    private = {name for name, each in services.items() if "private" in each["networks"]}
    assert private == {"code", "daemon", "webserver", "viewer"}
    assert services["viewer"]["command"].count("--read-only") == 1
    for name in ("postgres", "code", "daemon", "webserver", "viewer", "proxy"):
        assert services[name]["healthcheck"]["test"], name


def test_a_compose_file_without_its_secret_does_not_start():
    done = composed(HOTLINE_POSTGRES_PASSWORD=None)
    assert done.returncode != 0
    assert "set it in .env" in done.stderr


def test_the_image_is_made_of_what_is_there():
    lines = (DEPLOY / "compose/Dockerfile").read_text().splitlines()
    copied = [word for each in lines if each.startswith("COPY ") for word in each.split()[1:-1]]
    assert copied
    assert all((ROOT / each).exists() for each in copied)
    ignored = (DEPLOY / "compose/Dockerfile.dockerignore").read_text().split()
    assert set(copied) == {each[1:] for each in ignored if each.startswith("!")}
    assert any("pip install" in each and "-c constraints.txt" in each for each in lines)
    assert [each for each in lines if each.startswith("USER ")] == ["USER 10001:10001"]
