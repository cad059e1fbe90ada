"""Run a command in a fresh process and say what it cost.

Only the standard library: the kernel charges a process with the peak memory of the one that started
it, so the measuring process must stay small.
"""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_REPOSITORY = Path(__file__).parents[2]
# An installation that the caller's shell is set up for must not be touched.
_FOREIGN = ("HOTLINE_", "DAGSTER_")
_SHOWN = 2000


@dataclass(frozen=True)
class Cost:
    """What a process and the processes it waited for cost.

    Attributes:
        wall: seconds from start to end.
        cpu: seconds of CPU time, user and system, over all threads.
        peak: largest resident memory of any one process, in MiB.
    """

    wall: float
    cpu: float
    peak: float


def measure(command: Sequence[str], *, folder: Path, settings: Mapping[str, str]) -> Cost:
    """Run a command to its end.

    Args:
        command: program and arguments.
        folder: working folder; output goes to a file beside it, `<folder>.log`.
        settings: environment variables on top of the present ones.

    Raises:
        SystemExit: the command failed; with the end of what it printed.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    environment = kept | {"PYTHONPATH": str(_REPOSITORY)} | dict(settings)
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = log.read_text(encoding="utf-8", errors="replace")[-_SHOWN:]
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit)
