"""Dagster's own settings, dagster.yaml: where it records runs, and how it watches them.

Belongs here: writing that file. What it records is history: data and releases do not depend on it.
"""

import json
import os
from pathlib import Path

from assets.files import make_folder, write_bytes
from assets.site import Site

_SETTINGS = """\
telemetry:
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
"""
_SQLITE = """\
event_log_storage:
  module: pipelines.event_log
  class: EventLog
  config:
    base_dir: {history}
"""
_HEAD = "# Written by hotline at first start; yours to change.\n"


def prepare_home(site: Site) -> Path:
    """DAGSTER_HOME: as set, or `<warehouse>/dagster`, with a configuration to begin with."""
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(site.root / "dagster")))
    make_folder(home)
    if not (home / "dagster.yaml").exists():
        history = json.dumps(str(home / "history"))
        text = _HEAD + _SETTINGS + _SQLITE.format(history=history)
        write_bytes(home / "dagster.yaml", text.encode())
    return home
