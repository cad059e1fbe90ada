"""The real command on a disk that fails or kills at the k-th operation below the warehouse.

As a script: AT ERROR WORDS..., the words being those of `hotline`. AT 0 disturbs nothing. The
operations seen are written to the file that SEEN names, if it does.
"""

import os
import sys
from pathlib import Path

from pipelines.cli import main
from pipelines.config import load_installation
from tests.lasting.disk import Disk, watched


def disturbed() -> None:
    """Run the command."""
    at, error = int(sys.argv[1]), int(sys.argv[2])
    sys.argv = ["hotline", *sys.argv[3:]]
    disk = Disk(
        load_installation().root, at=at, error=error, ignored=("dagster/history", "dagster/storage")
    )
    try:
        with watched(disk):
            main()
    finally:
        if seen := os.environ.get("SEEN"):
            Path(seen).write_text("\n".join(disk.seen), encoding="utf-8")


if __name__ == "__main__":
    disturbed()
