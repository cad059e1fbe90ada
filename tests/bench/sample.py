"""Write the clean sample year. Run as `python -m tests.bench.sample LANDING`."""

import sys
from pathlib import Path

from assets.sample import write_exports

if __name__ == "__main__":
    print(f"{write_exports(Path(sys.argv[1]), damaged=False):,} files")
