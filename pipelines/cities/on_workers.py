"""Start the night of all cities on the workers of a cluster, and wait for it.

For the command line; the schedule starts the same job.
"""

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from assets.core import HotlineError
from pipelines.config import BROKER, load_top_level
from pipelines.dagster_instance import prepare_home, recording

_SECONDS = 10


@dataclass(frozen=True)
class Step:
    """What a worker recorded of a city, or of the roll-up.

    Attributes:
        metadata: how much was done, and the release.
        problems: a sentence for each thing that went wrong.
        good: whether it is up to date.
    """

    metadata: Mapping[str, object]
    problems: tuple[str, ...] = ()
    good: bool = True


def run_on_workers() -> tuple[dict[str, Step], bool]:
    """Run the night of all cities and the roll-up.

    Returns:
        What was recorded, by city (and "province"), and whether everything is up to date.

    Raises:
        HotlineError: there is no broker.
    """
    _reach(os.environ.get(BROKER, ""))
    import dagster as dg

    from pipelines.cities.definitions import night_job
    from pipelines.recorded_run import QUIET

    installation = load_top_level()
    with (
        warnings.catch_warnings(),
        recording(prepare_home(installation), installation.postgres) as instance,
    ):
        # dagster-celery declares its one task anew for each step, and Celery says so each time.
        warnings.filterwarnings("ignore", "Task name 'execute_plan' is already registered")
        with dg.execute_job(
            dg.reconstructable(night_job),
            instance=instance,
            run_config=QUIET,
            raise_on_error=False,
        ) as result:
            steps = {}
            for event in result.get_asset_materialization_events():
                made = event.step_materialization_data.materialization
                metadata = {name: each.value for name, each in made.metadata.items()}
                steps[made.asset_key.path[-1]] = Step(metadata)
            for check in result.get_asset_check_evaluations():
                name = check.asset_key.path[-1]
                problems = str(check.metadata["problems"].value).splitlines()
                steps[name] = Step(steps[name].metadata, tuple(problems), check.passed)
            return steps, result.success


def _reach(broker: str) -> None:
    """Log in to the broker once: Celery itself would try for long and end in many words."""
    if not broker:
        raise HotlineError(
            f"没有设环境变量 {BROKER}：请写明消息队列的地址，如 redis://主机:6379/0。"
        )
    from kombu.connection import Connection
    from kombu.exceptions import OperationalError

    try:
        with Connection(broker, connect_timeout=_SECONDS) as connection:
            connection.ensure_connection(max_retries=1)
    except OperationalError:
        raise HotlineError(
            f"消息队列无法连接：请检查它是否在运行，以及环境变量 {BROKER}。"
        ) from None
