"""Start the night of all cities on the workers of a cluster, and wait for it.

For the command line; the schedule starts the same job.
"""

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import dagster as dg

from assets.core import HotlineError
from pipelines.cities.definitions import night_job
from pipelines.config import BROKER, load_top_level
from pipelines.dagster_instance import prepare_home, recording
from pipelines.layers import QUIET

_SECONDS = 10


@dataclass(frozen=True)
class Step:
    """What a worker recorded of a city, or of the roll-up.

    Attributes:
        told: its metadata.
        problems: a sentence for each thing that went wrong.
        good: whether it is up to date.
    """

    told: Mapping[str, object]
    problems: tuple[str, ...]
    good: bool


def run_on_workers() -> tuple[dict[str, Step], bool]:
    """Run the night of all cities and the roll-up.

    Returns:
        What was recorded, by city (and "province"), and whether everything is up to date.

    Raises:
        HotlineError: there is no broker.
    """
    _reach(os.environ.get(BROKER, ""))
    installation = load_top_level()
    with (
        warnings.catch_warnings(),
        recording(prepare_home(installation), installation.postgres) as instance,
    ):
        # dagster-celery declares its one task anew for each step, and Celery says so each time.
        warnings.filterwarnings("ignore", "Task name 'execute_plan' is already registered")
        job = dg.reconstructable(night_job)
        with dg.execute_job(
            job, instance=instance, run_config=QUIET, raise_on_error=False
        ) as result:
            return _steps(instance, result.run_id), result.success


def _reach(broker: str) -> None:
    """Log in to the broker once: Celery itself would try for long and end in many words."""
    from kombu.connection import Connection
    from kombu.exceptions import OperationalError

    if not broker:
        raise HotlineError(
            f"没有设环境变量 {BROKER}：请写明消息队列的地址，如 redis://主机:6379/0。"
        )
    try:
        with Connection(broker, connect_timeout=_SECONDS) as connection:
            connection.ensure_connection(max_retries=1)
    except OperationalError:
        raise HotlineError(
            f"消息队列无法连接：请检查它是否在运行，以及环境变量 {BROKER}。"
        ) from None


def _steps(instance: dg.DagsterInstance, run_id: str) -> dict[str, Step]:
    metadata: dict[str, dict[str, object]] = {}
    checks: dict[str, dg.AssetCheckEvaluation] = {}
    of_type = {
        dg.DagsterEventType.ASSET_CHECK_EVALUATION,
        dg.DagsterEventType.ASSET_MATERIALIZATION,
    }
    for entry in instance.all_logs(run_id, of_type=of_type):
        event = entry.dagster_event
        assert event is not None, "asked for events only"
        if event.is_step_materialization:
            made = event.step_materialization_data.materialization
            metadata[made.asset_key.path[-1]] = {
                name: value.value for name, value in made.metadata.items()
            }
        else:
            check = event.asset_check_evaluation_data
            checks[check.asset_key.path[-1]] = check
    return {name: _step(told, checks.get(name)) for name, told in metadata.items()}


def _step(told: Mapping[str, object], check: dg.AssetCheckEvaluation | None) -> Step:
    if check is None:
        return Step(told, (), True)
    problems = str(check.metadata["problems"].value).splitlines()
    return Step(told, tuple(line for line in problems if line), check.passed)
