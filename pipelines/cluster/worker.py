"""What a worker runs: `celery -A pipelines.cluster.worker worker --concurrency 1`.

A worker does a city at a time; several of them on a machine are several processes, each with its
share of the cores (POLARS_MAX_THREADS).
"""

import os

from dagster_celery.executor import CeleryExecutor
from dagster_celery.make_app import make_app
from dagster_celery.tasks import create_task

from assets.core import HotlineError
from pipelines.cluster.celery import celery_settings
from pipelines.config import BROKER, load_top_level

# Loaded once, before Celery starts the process that does the steps: neither the first step nor the
# one after a process that died waits for them.
_LOADED = [
    "assets.sync.s3",
    "dagster_postgres",
    "obstore",
    "pandera.backends.polars.builtin_checks",
    "pipelines.cities.definitions",
]

_cluster = load_top_level().cluster
_broker = os.environ.get(BROKER)
if _cluster is None or not _broker:
    raise HotlineError(f"工作进程需要 hotline.toml 的 [cluster] 和环境变量 {BROKER}。")

app = make_app(
    CeleryExecutor.for_cli(
        broker=_broker,
        backend=_broker,
        include=_LOADED,
        config_source=celery_settings(_cluster),
    ).app_args()
)
execute_plan = create_task(app)
