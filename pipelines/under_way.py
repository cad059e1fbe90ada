"""Whether Dagster believes that a run is under way, looked up without loading Dagster.

Belongs here: this one look, for the night that has nothing else to do. Where it cannot be told so
cheaply, the answer is yes, and whoever asks opens Dagster's record (`pipelines.dead_runs`).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from assets.installation import Installation
from pipelines.instance import FILE_NAME, is_ours

_ASKED = "SELECT 1 FROM runs WHERE status IN ('NOT_STARTED', 'STARTING', 'STARTED') LIMIT 1"


def may_be_under_way(installation: Installation, home: Path) -> bool:
    """Whether a run may be under way.

    Args:
        installation: the installation.
        home: its DAGSTER_HOME, with a dagster.yaml.
    """
    if installation.postgres or not is_ours((home / FILE_NAME).read_text(encoding="utf-8")):
        return True
    runs = home / "history" / "runs.db"
    if not runs.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{runs.as_uri()}?mode=ro", uri=True)) as file:
            return file.execute(_ASKED).fetchone() is not None
    except sqlite3.Error:
        return True
