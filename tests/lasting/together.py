"""Several processes at once: readers in a loop around publications, and another holder of the lock.

Belongs here: starting and ending such processes, for tests and for the soak.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.lasting.reader import LIBRARIES

ROOT = Path(__file__).parents[2]
_HOLD = """
import sys
from pathlib import Path
from assets.core.lock import write_lock
from assets.installation.installation import local_now
from assets.core.warehouse import Warehouse
with write_lock(Warehouse(Path(sys.argv[1])), timeout=5, now=local_now):
    print("held", flush=True)
    sys.stdin.read()
"""


def start(*words: str) -> subprocess.Popen[str]:
    """A Python process with pipes, in the project's folder."""
    return subprocess.Popen(
        [sys.executable, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


@contextmanager
def readers(warehouse: Path) -> Iterator[dict[str, dict[str, Any]]]:
    """A reader with each library, as long as the block lasts; then what each saw."""
    saw: dict[str, dict[str, Any]] = {}
    running = {
        library: start("-m", "tests.lasting.reader", str(warehouse), library)
        for library in LIBRARIES
    }
    try:
        for process in running.values():
            assert process.stdout is not None
            assert process.stdout.readline() == "reading\n"
        yield saw
        for library, process in running.items():
            saw[library] = json.loads(process.communicate()[0])
    finally:
        for process in running.values():
            process.kill()
            process.wait()


@contextmanager
def holder(warehouse: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input is closed."""
    warehouse.mkdir(parents=True, exist_ok=True)
    process = start("-c", _HOLD, str(warehouse))
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()
