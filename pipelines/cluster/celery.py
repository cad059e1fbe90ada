"""Celery, by which Dagster gives the steps of a night to workers on other machines.

Its settings are the same for the workers and for whoever starts a night.
"""

from typing import TYPE_CHECKING, Any

from assets.installation import ClusterSettings
from pipelines.config import BROKER

if TYPE_CHECKING:
    from dagster import ExecutorDefinition


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


def celery_executor(cluster: ClusterSettings) -> "ExecutorDefinition":
    """What runs the steps of a night in a cluster."""
    from dagster_celery import celery_executor as stock

    return stock.configured(
        {
            "broker": {"env": BROKER},
            "backend": {"env": BROKER},
            "config_source": celery_settings(cluster),
        },
        name="celery",
    )
