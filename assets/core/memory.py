"""How much memory there is, and in how many parts rows must be worked on to stay within it.

The sizes of rows are those that Parquet files state themselves.
"""

import os
import resource
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq

from assets.core.sealed import whole

# Bytes, where nobody says otherwise.
MEMORY = 1 << 30
# A row in work is there several times: as read, with its fate, sorted, and as it is written.
_COPIES = 4
# In memory each value is found through a view, beside its own bytes.
_VIEW_BYTES = 16
# A file in work takes up to so many times its unpacked size, beside all else that is there.
_FILE_COPIES = 12
_CGROUPS = Path("/sys/fs/cgroup")


def memory_limit() -> int:
    """Bytes that this process may use: of the machine, its unit or container, and its own limit."""
    return min(_limits())


def file_budget() -> int:
    """The most bytes that what one file unpacks to may take: larger ones are refused by name."""
    return memory_limit() // _FILE_COPIES


def _limits() -> Iterator[int]:
    yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    own, _ = resource.getrlimit(resource.RLIMIT_AS)
    if own != resource.RLIM_INFINITY:
        yield own
    with suppress(OSError):  # no cgroups here
        group = Path("/proc/self/cgroup").read_text("ascii").splitlines()[-1].rpartition(":")[2]
        for folder in (_CGROUPS / group.lstrip("/"), *(_CGROUPS / group.lstrip("/")).parents):
            limit = folder / "memory.max"
            if limit.is_file() and (text := limit.read_text("ascii").strip()).isdigit():
                yield int(text)
    old = _CGROUPS / "memory" / "memory.limit_in_bytes"
    if old.is_file():
        yield int(old.read_text("ascii"))


def passes(paths: Iterable[Path], columns: Collection[str], memory: int) -> int:
    """In how many parts rows must be worked on.

    Args:
        paths: Parquet files that they are read from, which state how large they are.
        columns: what of the rows is worked on.
        memory: bytes that the rows of a part may take while they are worked on.
    """
    size = sum(_size(pq.read_metadata(whole(path)), columns) for path in paths)
    return -(-size * _COPIES // memory)


def _size(stated: pq.FileMetaData, columns: Collection[str]) -> int:
    groups = map(stated.row_group, range(stated.num_row_groups))
    chunks = [group.column(n) for group in groups for n in range(group.num_columns)]
    own = [each.total_uncompressed_size for each in chunks if each.path_in_schema in columns]
    return int(sum(own) + stated.num_rows * len(columns) * _VIEW_BYTES)
