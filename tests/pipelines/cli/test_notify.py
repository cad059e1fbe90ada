"""Telling from the command, the night, the schedule and the sensor, and nothing personal."""

import dagster as dg
import pytest
import typer

from assets.installation.installation import Installation
from assets.installation.settings import Channel, NoticeSettings
from assets.notifications import outbox
from assets.notifications.events import DEFAULT_EVENTS
from assets.notifications.outbox import notify_on_exit
from pipelines.cli import notify as command
from pipelines.cli.console import err
from pipelines.definitions import defs
from pipelines.notices import (
    JOB,
    FailedRun,
    failure_sensor,
    missing_schedule,
    notify_job,
    send_notices,
)
from tests.driver import change
from tests.exports.test_protect import MOBILE, leaks
from tests.notifications.servers import free_port, web_server
from tests.pipelines.test_cli import Machine, exports_of_a_day
from tests.pipelines.test_dagster import code_location
from tests.promises.test_privacy_everywhere import NAME, planted
from tests.samples import csv_text, row, write

# Reports take longer than everything else, and are no matter here.
SETTINGS = """\
[reports]
first_daily = 2030-01-01
first_weekly = 2030-01-01
first_monthly = 2030-01-01
first_annual = 2030-01-01

[notify]
quarantined_above = 0

[[notify.channels]]
name = "网"
url_from = "WEB_URL"

[[notify.channels]]
name = "坏"
url_from = "BAD_URL"
"""


@pytest.fixture
def web(monkeypatch):
    with web_server() as server:
        monkeypatch.setenv("WEB_URL", server.url)
        yield server


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    (tmp_path / "hotline.toml").write_text(SETTINGS, encoding="utf-8")
    return made


@pytest.fixture
def told_installation(installation, web) -> Installation:
    change(
        installation, notices=NoticeSettings(channels=(Channel("网", "WEB_URL", DEFAULT_EVENTS),))
    )
    return installation


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def notify(machine, monkeypatch, capsys):
    """Run the command in this process: its exit status and what it says."""
    monkeypatch.chdir(machine.folder)
    for variable in ("HOTLINE_CONFIG", "HOTLINE_LANDING", "HOTLINE_WAREHOUSE", "HOTLINE_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("BAD_URL", f"json://u:s3cret@127.0.0.1:{free_port()}")

    def run(**options: bool) -> tuple[int, str]:
        with pytest.raises(typer.Exit) as raised:
            command.notify(**options)
        return raised.value.exit_code, "".join(capsys.readouterr())

    return run


def test_a_night_tells_and_does_not_fail_where_a_channel_does(machine, web, notify):
    exports_of_a_day(machine.landing)
    done = machine.hotline("run")
    assert done.returncode == 0, done.stderr
    assert "“坏”没有送达" in done.stderr
    (got,) = web.got
    assert "【已发布新的一版】1 项" in got["message"]

    status, shown = notify(dry_run=True)
    mine, _, bad_ones = shown.partition("通道 坏")
    assert status == 0
    assert "没有新的情况" in mine
    assert "【已发布新的一版】1 项" in bad_ones
    status, again = notify()
    assert (status, len(web.got)) == (1, 1)
    assert "“坏”没有送达" in again

    status, tried = notify(test=True)
    assert status == 1
    assert "“网”：已发出" in tried
    assert "“坏”没有送达" in tried
    assert web.got[-1]["title"] == "热线数据通知：测试"

    machine.landing.rename(machine.landing.with_name("elsewhere"))
    failed = machine.hotline("run")
    assert failed.returncode == 1
    assert "不存在" in failed.stderr
    assert web.got[-1]["title"].startswith("热线数据通知：任务失败")
    assert "夜间任务：仍未完成：接收目录" in web.got[-1]["message"]
    said = done.stdout + done.stderr + shown + again + tried + failed.stdout + failed.stderr
    assert "s3cret" not in said
    assert "Traceback" not in said


def test_without_channels_everything_can_be_shown_and_nothing_be_sent(machine, notify):
    (machine.folder / "hotline.toml").write_text("")
    status, said = notify()
    assert status == 2
    assert "[[notify.channels]]" in said
    status, said = notify(dry_run=True)
    assert status == 0
    assert "没有新的情况" in said


def test_no_personal_datum_is_told(machine, web, notify):
    """Numbers and names in texts, file names, headers and codes."""
    planted(machine.landing)
    for number in range(2):
        write(machine.landing, f"knowledge_2023011{number}_{NAME}_{MOBILE}.csv", [])
        head = csv_text("callbacks", []).rstrip()
        name = f"callbacks_2023011{number}_{NAME}.csv"
        extra = [NAME, "备注"][number]
        (machine.landing / name).write_text(f"{head},{extra}{MOBILE}\n", encoding="utf-8")
    machine.hotline("run")
    (got,) = web.got
    for section in ("文件被拒收", "导出格式有变化", "隔离行增多", "导出缺失"):
        assert f"【{section}】" in got["message"]
    texts = [*map(str, got.values()), notify(dry_run=True)[1]]
    assert leaks("\n".join(texts)) == []
    assert NAME not in "\n".join(texts)
    assert "“13" not in got["message"]


# --- the night as such --------------------------------------------------------------------------


def test_what_goes_wrong_with_telling_never_fails_the_work(told_installation, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise ValueError(MOBILE)

    monkeypatch.setattr(outbox, "compose", broken)
    said: list[str] = []
    with notify_on_exit(told_installation, "1", "夜间任务", said.append):
        pass
    assert said == ["通知没有发出：这是程序的错误（ValueError），请联系维护人员。"]


def test_an_error_of_the_work_is_told_and_goes_on(told_installation, web):
    with (
        pytest.raises(ZeroDivisionError),
        notify_on_exit(told_installation, "1", "夜间任务", err.print) as left,
    ):
        left("仍未完成：甲。")
        raise ZeroDivisionError
    assert "夜间任务：仍未完成：甲" in web.got[0]["message"]


# --- Dagster ------------------------------------------------------------------------------------


def test_the_code_location_holds_schedule_and_sensor():
    assert defs.resolve_schedule_def("notify").cron_schedule == "0 8 * * *"
    assert defs.resolve_sensor_def("failed_runs")


def test_schedule_and_sensor_run_only_where_somebody_is_told(installation, told_installation):
    running = missing_schedule(told_installation), failure_sensor(told_installation)
    assert {each.default_status.value for each in running} == {"RUNNING"}
    change(installation, notices=NoticeSettings())
    stopped = missing_schedule(installation), failure_sensor(installation)
    assert {each.default_status.value for each in stopped} == {"STOPPED"}


def test_the_night_of_the_schedule_tells_its_failure_and_the_sensor_adds_nothing(
    told_installation, web
):
    write(told_installation.landing, "calls_20230105.csv", [row("calls")])
    told_installation.landing.rename(told_installation.landing.with_name("elsewhere"))
    own = code_location(told_installation)
    with dg.DagsterInstance.ephemeral() as instance:
        night = own.resolve_job_def("night")
        failed = night.execute_in_process(instance=instance, raise_on_error=False)
        assert not failed.success
        assert "夜间任务：仍未完成：接收目录" in web.got[0]["message"]
        context = dg.build_run_status_sensor_context(
            sensor_name="failed_runs",
            dagster_instance=instance,
            dagster_run=failed.dagster_run,
            dagster_event=failed.get_run_failure_event(),
        ).for_run_failure()
        assert isinstance(failure_sensor(told_installation)(context), dg.SkipReason)
        job = own.resolve_job_def(JOB)
        assert job.execute_in_process(instance=instance, run_config=other_run()).success
    assert len(web.got) == 2
    assert "任务 __ASSET_JOB：运行 abcdef01 失败" in web.got[1]["message"]


def other_run() -> dg.RunConfig:
    return dg.RunConfig({send_notices.name: FailedRun(run="abcdef012345", job="__ASSET_JOB")})


def test_the_job_that_tells_does_not_tell_of_itself(told_installation):
    with dg.DagsterInstance.ephemeral() as instance:
        resources = {"installation": told_installation}
        done = notify_job.execute_in_process(instance=instance, resources=resources)
        assert done.success
        context = dg.build_run_status_sensor_context(
            sensor_name="failed_runs",
            dagster_instance=instance,
            dagster_run=done.dagster_run,
            dagster_event=done.all_events[-1],
        ).for_run_failure()
        assert isinstance(failure_sensor(told_installation)(context), dg.SkipReason)
