"""Dagster's own settings, dagster.yaml: where it records runs, and how it watches them.

Belongs here: writing that file. What it records is history: data and releases do not depend on it.
"""

import json
import os
from pathlib import Path

from assets.core import HotlineError, fingerprint, make_folder, write_bytes
from assets.installation import Installation
from pipelines import postgres

FILE_NAME = "dagster.yaml"
_SETTINGS = """\
telemetry:
  enabled: false
# No step prints anything, and copying that would take four processes for each run. What a process
# says of itself is where the process writes: the terminal, or the journal of its service.
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
# No window that asks whoever opens the interface to join a mailing list.
nux:
  enabled: false
run_monitoring:
  enabled: true
  max_runtime_seconds: 14400
# A run whose process died is started again; one that failed has said why.
run_retries:
  enabled: true
  max_retries: 2
  retry_on_asset_or_op_failure: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days: 30
"""
_SQLITE = """\
run_storage:
  module: pipelines.storages
  class: RunStorage
  config:
    base_dir: {history}
event_log_storage:
  module: pipelines.event_log
  class: EventLog
  config:
    base_dir: {history}
schedule_storage:
  module: pipelines.storages
  class: ScheduleStorage
  config:
    base_dir: {schedules}
"""


def _headed(settings: str) -> str:
    """Settings below a line that tells whether they are still as they were written."""
    mark = fingerprint(settings)
    return f"# Written by hotline ({mark}). Once changed, it is yours and left alone.\n{settings}"


def settings_of(installation: Installation, home: Path) -> str:
    """What dagster.yaml says for an installation."""
    if installation.postgres:
        return _headed(_SETTINGS + postgres.storage(installation.postgres))
    history, schedules = (json.dumps(str(home / each)) for each in ("history", "schedules"))
    return _headed(_SETTINGS + _SQLITE.format(history=history, schedules=schedules))


def is_ours(text: str) -> bool:
    """Whether a dagster.yaml is as this or another version of the program wrote it."""
    return text == _headed(text.partition("\n")[2])


def home_of(installation: Installation) -> Path:
    """DAGSTER_HOME: as set, or `<warehouse>/dagster`.

    The cities of an installation have one each, below it where it is set: their assets have the
    same names.
    """
    above = os.environ.get("DAGSTER_HOME")
    return Path(above, installation.name) if above else installation.root / "dagster"


def prepare_home(installation: Installation) -> Path:
    """DAGSTER_HOME with its settings, which are renewed unless somebody changed them.

    Raises:
        HotlineError: PostgreSQL is to be used, and a file that is not ours does not.
    """
    home = home_of(installation)
    make_folder(home)
    path, wanted = home / FILE_NAME, settings_of(installation, home)
    found = path.read_text(encoding="utf-8") if path.exists() else ""
    if not found or (is_ours(found) and found != wanted):
        write_bytes(path, wanted.encode())
    elif installation.postgres and found != wanted and "postgres" not in found:
        raise HotlineError(
            f"hotline.toml 设了 [postgres]，但 {path} 是改过的或旧版本写的，没有用它："
            "请移走这个文件，程序会另写一份。"
        )
    return home
