"""From a table's declaration to the Arrow schema of its Parquet file, labels included."""

import pyarrow as pa

from schemas.columns import Column
from schemas.tables import FactTable


def arrow_field(column: Column) -> pa.Field:
    """One Parquet field with Chinese title, unit and description as field metadata."""
    metadata = {"title": column.title, "description": column.description}
    if column.unit:
        metadata["unit"] = column.unit
    return pa.field(column.name, column.arrow_type, nullable=not column.required, metadata=metadata)


def arrow_schema(table: FactTable) -> pa.Schema:
    """The schema of one published file; nothing in it depends on when or where it was written."""
    return pa.schema(
        [arrow_field(column) for column in table.columns],
        metadata={"title": table.title, "table": table.name, "version": table.version},
    )
