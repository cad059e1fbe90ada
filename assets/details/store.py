"""One file of details, written range by range.

Belongs here: the form of the file. Ranges become row groups; what is known only once all rows have
been seen is written into the footer, so that the rows and the account of them cannot disagree.
"""

from collections.abc import Callable, Iterable
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from assets.deadlines import DEADLINE
from schemas import EXPORTS
from schemas.wall_clock import TIME_ZONE

META = "hotline"
# Small enough that a reader of one range of keys can leave out the others.
_ROW_GROUP = 1 << 18
_RECUR = ["__delivery", DEADLINE]


def details_schema(dataset: str) -> dict[str, pl.DataType]:
    """Columns of a details file, where a row came from apart."""
    schema = {column.stored_name: column.detail_type for column in EXPORTS[dataset].columns}
    if dataset == "tickets":
        schema[DEADLINE] = pl.Datetime("us", TIME_ZONE)
    return schema


def write_details(
    file: IO[bytes], dataset: str, parts: Iterable[pl.DataFrame], account: Callable[[], str]
) -> None:
    """Write the rows of a period.

    Args:
        file: open for writing.
        dataset: name of the dataset.
        parts: the rows in order of the key; each part is made when the one before is written.
        account: gives what the footer says, once all parts are written.
    """
    schema = details_schema(dataset) | {"__delivery": pl.String(), "__line": pl.Int64()}
    form: pa.Schema = pl.DataFrame(schema=schema).to_arrow().schema
    table = EXPORTS[dataset]
    with pq.ParquetWriter(
        file,
        form,
        compression="zstd",
        # What recurs. Anything else is sought among what was written before for nothing.
        use_dictionary=[name for name, of in schema.items() if of == pl.Categorical] + _RECUR,
        # What readers skip rows by.
        write_statistics=[*table.key, table.period],
        column_encoding={
            name: "DELTA_BINARY_PACKED"
            for name, of in schema.items()
            if name not in _RECUR and (of == pl.Datetime or of.is_integer())
        },
    ) as writer:
        for part in parts:
            rows = part.select(pl.col(name).cast(of) for name, of in schema.items())
            for group in rows.iter_slices(_ROW_GROUP):
                writer.write_table(group.to_arrow().cast(form))
        writer.add_key_value_metadata({META: account()})
