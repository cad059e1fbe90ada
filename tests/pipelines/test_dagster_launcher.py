"""The launcher knows whether the process of a command lives, and ends it."""

import json
import os
import signal
import socket
import subprocess
import sys

import dagster as dg
import pytest
from dagster._core.launcher import WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG

from pipelines.dagster_instance import prepare_home, recording
from pipelines.dagster_launcher import PROCESS_TAG, Launcher, this_process


@pytest.fixture
def instance(installation, tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "home"))
    with recording(prepare_home(installation), None) as made:
        assert isinstance(made.run_launcher, Launcher)
        yield made


def started(instance: dg.DagsterInstance, tag: str) -> dg.DagsterRun:
    run = dg.DagsterRun(
        job_name="night", status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: tag}
    )
    instance.add_run(run)
    return run


def tag_of(pid: int) -> str:
    code = f"import os; os.getpid = lambda: {pid}\n"
    code += "from pipelines.dagster_launcher import this_process; print(*this_process().values())"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_process_lives_until_it_is_dead_and_another_with_its_number_is_not_it(instance):
    health = instance.run_launcher.check_run_worker_health
    with subprocess.Popen(["sleep", "60"]) as process:
        tag = tag_of(process.pid)
        run = started(instance, tag)
        assert health(run).status is WorkerStatus.RUNNING
        host, pid, born = tag.split()
        again = started(instance, f"{host} {pid} {int(born) - 1}")
        assert health(again).status is WorkerStatus.FAILED
        process.kill()
        # A zombie, which nobody has waited for yet.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert health(run).status is WorkerStatus.FAILED
    assert health(run).status is WorkerStatus.FAILED
    assert health(started(instance, this_process()[PROCESS_TAG])).status is WorkerStatus.RUNNING


def test_a_process_on_another_machine_is_taken_to_live_and_not_ended(instance):
    run = started(instance, "elsewhere 1 1")
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
    assert not instance.run_launcher.terminate(run.run_id)


def test_terminate_ends_the_process_and_marks_the_run(instance):
    with subprocess.Popen(["sleep", "60"]) as process:
        run = started(instance, tag_of(process.pid))
        assert instance.run_launcher.terminate(run.run_id)
        assert process.wait(10) == -signal.SIGTERM
    assert instance.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.CANCELING
    assert not instance.run_launcher.terminate(run.run_id)


def test_a_run_that_was_never_given_to_a_server_is_left_to_its_time_limit(instance):
    run = dg.DagsterRun(job_name="night", status=dg.DagsterRunStatus.STARTED)
    instance.add_run(run)
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING


def test_a_run_executed_again_in_the_code_server_is_not_looked_for_in_the_dead_process(instance):
    server = json.dumps({"host": "127.0.0.1", "port": 1})
    tags = {PROCESS_TAG: f"{socket.gethostname()} 1 0", GRPC_INFO_TAG: server}
    run = dg.DagsterRun(job_name="night", status=dg.DagsterRunStatus.STARTED, tags=tags)
    instance.add_run(run)
    # The server does not answer: it may be starting again.
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
