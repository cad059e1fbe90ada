"""What a column is: name, Chinese title, kind, limits, and its types in Polars and Arrow.

Belongs here: properties of one column, whatever table it stands in. Rules that look at several
columns of a row belong to the table (`schemas.tables`); sentences belong to `schemas.rules`.
"""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl
import pyarrow as pa

TIME_ZONE = "Asia/Shanghai"
# No timestamp lies before (DATA.md, section 3).
EARLIEST_YEAR = 2015


class Kind(StrEnum):
    """How the values of a column are written and stored."""

    IDENTIFIER = "identifier"
    CODE = "code"
    TEXT = "text"
    MONTH = "month"
    PERIOD = "period"
    TIMESTAMP = "timestamp"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"


class Protection(StrEnum):
    """What happens to personal data at the door (DATA.md, section 4)."""

    NONE = "none"
    PSEUDONYM = "pseudonym"
    MASKED = "masked"


_POLARS: dict[Kind, pl.DataType] = {
    Kind.TIMESTAMP: pl.Datetime("us", TIME_ZONE),
    Kind.DATE: pl.Date(),
    Kind.INTEGER: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.FLAG: pl.Boolean(),
}
_ARROW: dict[Kind, pa.DataType] = {
    Kind.TIMESTAMP: pa.timestamp("us", TIME_ZONE),
    Kind.DATE: pa.date32(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an export or of a published table.

    Attributes:
        name: snake_case name inside the pipeline and in Parquet.
        title: the Chinese name: the header in the default profile, the label for readers.
        description: one English sentence on the meaning.
        unit: unit of the values, empty where there is none.
        required: False where the column may be absent or empty ("?" in DATA.md, section 2).
        codes: the only values that a CODE may take.
        aliases: further headers that real platforms use for this column.
        max_length: characters that a text may have (DATA.md, section 3).
        minimum: smallest number allowed.
        maximum: largest number allowed.
        horizon_days: days after the export date that a timestamp may lie in.
        is_name: whether a "?" in the text is the trace of a lost character.
        protection: how personal data in this column is handled at the door.
        stored_as: name of the column once the protection has been applied.
        items: fields of the records that a LIST holds.
    """

    name: str
    title: str
    kind: Kind
    description: str
    unit: str = ""
    required: bool = True
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    max_length: int = 0
    minimum: float | None = None
    maximum: float | None = None
    horizon_days: int = 1
    is_name: bool = False
    protection: Protection = Protection.NONE
    stored_as: str = ""
    items: tuple["Column", ...] = ()

    @property
    def stored_name(self) -> str:
        """Name in the detail rows: personal columns change theirs."""
        return self.stored_as or self.name

    @property
    def polars_type(self) -> pl.DataType:
        """Type inside the pipeline; everything that identifies is text."""
        if self.kind is Kind.LIST:
            return pl.List(pl.Struct({item.name: item.polars_type for item in self.items}))
        return _POLARS.get(self.kind, pl.String())

    @property
    def detail_type(self) -> pl.DataType:
        """Type in detail rows: names and codes recur, and facts are grouped by them."""
        recurs = self.kind is Kind.CODE or self.is_name
        return pl.Categorical() if recurs else self.polars_type

    @property
    def arrow_type(self) -> pa.DataType:
        """Type in published Parquet: plain types only, no enum, no dictionary."""
        if self.kind is Kind.LIST:
            record = pa.struct([(item.name, item.arrow_type) for item in self.items])
            # The name that Parquet prescribes; any other comes back changed.
            return pa.list_(pa.field("element", record))
        return _ARROW.get(self.kind, pa.string())


ID_LENGTH = 64
NAME_LENGTH = 200
TITLE_LENGTH = 500
CONTENT_LENGTH = 20_000
