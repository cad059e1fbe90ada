"""How Celery is set up, by which Dagster gives the steps of a night to workers on other machines.

Belongs here: its settings, once for the workers and for whoever starts a night.
"""

from typing import Any

import dagster as dg
from dagster_celery import celery_executor

from assets.settings.cluster import ClusterSettings
from pipelines.sections.cluster import BROKER


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
    return celery_executor.configured(
        {
            "broker": {"env": BROKER},
            "backend": {"env": BROKER},
            "config_source": celery_settings(cluster),
        },
        name="celery",
    )
