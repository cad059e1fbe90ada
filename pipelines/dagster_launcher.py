"""Dagster's launcher of runs, which also watches and ends those that a command executes itself.

`hotline run` executes its run in its own process. Its place and the time of its birth are tags of
the run, so that Dagster's daemon sees it die, and Terminate in the interface ends it.
"""

import os
import signal
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import dagster as dg
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import ConfigurableClassData, deserialize_value

PROCESS_TAG = "hotline/process"
_DIED = "执行它的进程中断了；没做完的由下一次夜间任务接着做。"


def this_process() -> dict[str, str]:
    """The tag of a run that this process executes."""
    pid = os.getpid()
    return {PROCESS_TAG: f"{socket.gethostname()} {pid} {_born(pid)}"}


def _born(pid: int) -> str:
    """When a process was born, in ticks since the machine was; empty where there is none."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # A zombie is dead, and only its parent has not noticed.
    return "" if fields[0] == "Z" else fields[19]


def _is_of_command(run: dg.DagsterRun) -> bool:
    """Whether a command executes a run; one that the interface executes again inherits the tag."""
    return PROCESS_TAG in run.tags and GRPC_INFO_TAG not in run.tags


class Launcher(DefaultRunLauncher):
    """Launches runs in the code server, and knows of the processes of commands."""

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData, config_value: Mapping[str, Any]
    ) -> Self:
        """As dagster.yaml says."""
        return cls(inst_data=inst_data)

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Dagster's daemon may ask."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Whether the process of a run lives; on another machine that is taken for granted."""
        alive = self._alive_here(run) if _is_of_command(run) else self._alive_in_server(run)
        if alive:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, _DIED)

    def terminate(self, run_id: str) -> bool:
        """Ask the process of a run to stop at its next safe point."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished or not _is_of_command(run):
            return bool(super().terminate(run_id))
        host, pid, _ = run.tags[PROCESS_TAG].split()
        if host != socket.gethostname() or not self._alive_here(run):
            return False
        self._instance.report_run_canceling(run)
        os.kill(int(pid), signal.SIGTERM)
        return True

    def _alive_here(self, run: dg.DagsterRun) -> bool:
        host, pid, born = run.tags[PROCESS_TAG].split()
        return host != socket.gethostname() or _born(int(pid)) == born

    def _alive_in_server(self, run: dg.DagsterRun) -> bool:
        """Whether the code server that a run was given to still has it; one that restarts may."""
        client = self._get_grpc_client_for_termination(run.run_id)
        if client is None:
            return True
        try:
            answer = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id))
        except DagsterUserCodeUnreachableError:
            return True
        return deserialize_value(answer, CanCancelExecutionResult).can_cancel
