"""How Celery is set up, by which Dagster gives the steps of a night to workers on other machines.

Belongs here: its settings, once for the workers and for whoever starts a night.
"""

from typing import Any

import dagster as dg
from dagster_celery import celery_executor, core_execution_loop

from assets.installation import ClusterSettings
from pipelines.sections.cluster import BROKER

# Seconds after which whoever started a night looks again whether a step is done. dagster-celery
# looks once a second, and once more after the last step, for which it has no setting: two seconds
# of every night in which all workers are idle.
_LOOK = 0.2


def celery_settings(cluster: ClusterSettings) -> dict[str, Any]:
    """Settings of Celery that have to be the same everywhere."""
    # A step belongs to a worker until it is done, not from when it is taken: the step of a worker
    # that died is done by another. It may then be done twice, which the pointer of the store bears.
    waits = {"visibility_timeout": cluster.visibility_timeout}
    return {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "broker_transport_options": waits,
        "result_backend_transport_options": waits,
        "broker_connection_retry_on_startup": True,
    }


def executor(cluster: ClusterSettings) -> dg.ExecutorDefinition:
    """What runs the steps of a night in a cluster."""
    core_execution_loop.TICK_SECONDS = _LOOK  # type: ignore[assignment]  # declared int
    return celery_executor.configured(
        {
            "broker": {"env": BROKER},
            "backend": {"env": BROKER},
            "config_source": celery_settings(cluster),
        },
        name="celery",
    )
