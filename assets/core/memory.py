"""In how many parts rows must be worked on, from the sizes that Parquet files state themselves."""

from collections.abc import Collection, Iterable
from pathlib import Path

import pyarrow.parquet as pq

from assets.core.sealed import whole

# Bytes, where nobody says otherwise.
MEMORY = 1 << 30
# A row in work is there several times: as read, with its fate, sorted, and as it is written.
_COPIES = 4
# In memory each value is found through a view, beside its own bytes.
_VIEW_BYTES = 16


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
