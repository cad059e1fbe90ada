"""The dialect of our fields: what a column is, and the functions that declare one in a model.

Each function returns a pandera field that carries the checks of its kind and, as metadata, what
pandera has no place for. A column of a type of its own is annotated `Moment`, `Day` or `Records`.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypedDict, Unpack

import pandera.polars as pa
import polars as pl
import pyarrow
from pandera.engines.polars_engine import DateTime

from schemas import rules
from schemas.wall_clock import TIME_ZONE

# Validated in the zone of the profile, stored and published in that of `schemas.wall_clock`.
Moment = Annotated[DateTime, True, TIME_ZONE, "us"]
Day = date
Records = pl.List

ID_LENGTH = 64
NAME_LENGTH = 200
TITLE_LENGTH = 500
CONTENT_LENGTH = 20_000
_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
_YEAR_OR_MONTH = r"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$"


class Kind(StrEnum):
    """What the values of a column are."""

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


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an export or of a published table, as its model declares it.

    Attributes:
        name: snake_case name inside the pipeline and in Parquet.
        title: the Chinese name: the header in the default profile, the label for readers.
        description: one English sentence on the meaning.
        required: False where the column may be absent or empty ("?" in DATA.md, section 2).
        header_required: whether the column must be there although its cells may be empty.
        polars_type: type inside the pipeline; everything that identifies is text.
        kind: what its values are.
        unit: unit of the values, empty where there is none.
        codes: the only values that a CODE may take.
        aliases: further headers that real platforms use for this column.
        max_length: characters that a text may have (DATA.md, section 3).
        minimum: smallest number allowed.
        maximum: largest number allowed.
        horizon_days: days after the export date that a timestamp may lie in.
        ends_day: whether a date alone means the end of its day in this column.
        is_name: whether a "?" in the text is the trace of a lost character.
        protection: how personal data in this column is handled at the door.
        stored_as: name of the column once the protection has been applied.
        items: fields of the records that a LIST holds.
    """

    name: str
    title: str
    description: str
    required: bool
    polars_type: pl.DataType
    kind: Kind
    unit: str = ""
    codes: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    max_length: int = 0
    minimum: float | None = None
    maximum: float | None = None
    horizon_days: int = 1
    ends_day: bool = False
    is_name: bool = False
    protection: Protection = Protection.NONE
    stored_as: str = ""
    header_required: bool = False
    items: tuple["Column", ...] = ()

    @property
    def stored_name(self) -> str:
        """Name in the detail rows: personal columns change theirs."""
        return self.stored_as or self.name

    @property
    def detail_type(self) -> pl.DataType:
        """Type in detail rows: names and codes recur, and facts are grouped by them."""
        recurs = self.kind is Kind.CODE or self.is_name
        return pl.Categorical() if recurs else self.polars_type

    @property
    def labels(self) -> dict[str, str]:
        """What published files say of the column: title, description, unit if it has one."""
        labels = {"title": self.title, "description": self.description}
        return labels | ({"unit": self.unit} if self.unit else {})

    @property
    def arrow_type(self) -> pyarrow.DataType:
        """Type in published Parquet: plain types only, no enum, no dictionary."""
        if self.kind is Kind.LIST:
            record = pyarrow.struct([(item.name, item.arrow_type) for item in self.items])
            # The name that Parquet prescribes; any other comes back changed.
            return pyarrow.list_(pyarrow.field("element", record))
        return _ARROW[self.polars_type]


_ARROW = {
    pl.String(): pyarrow.string(),
    pl.Datetime("us", TIME_ZONE): pyarrow.timestamp("us", TIME_ZONE),
    pl.Date(): pyarrow.date32(),
    pl.Int64(): pyarrow.int64(),
    pl.Float64(): pyarrow.float64(),
    pl.Boolean(): pyarrow.bool_(),
}


def columns_of(model: type[pa.DataFrameModel]) -> tuple[Column, ...]:
    """The columns of a model, in the order of their declaration.

    The export date that `Export` adds was not declared by a function of this module: it has no
    metadata, and is no column of the table.
    """
    return tuple(
        Column(
            name=name,
            title=column.title,
            description=column.description,
            required=not column.nullable,
            polars_type=column.dtype.type,
            **column.metadata,
        )
        for name, column in model.to_schema().columns.items()
        if column.metadata
    )


class _Options(TypedDict, total=False):
    """What most fields may be given beside title and description; see `Column`."""

    required: bool
    aliases: tuple[str, ...]
    unit: str
    minimum: float
    maximum: float
    max_length: int


def _field(
    kind: Kind,
    title: str,
    description: str,
    *checks: pa.Check,
    required: bool = True,
    **metadata: Any,
) -> Any:
    """A pandera field with the checks of its kind and those that its limits ask for."""
    field = pa.Field(
        title=title,
        description=description,
        nullable=not required,
        metadata={"kind": kind, **metadata},
    )
    field.checks.extend(checks)
    if max_length := metadata.get("max_length"):
        field.checks.append(rules.at_most_long(max_length))
    field.checks.extend(rules.in_range(metadata.get("minimum"), metadata.get("maximum")))
    return field


# --- of exports and of published tables -----------------------------------------------------------


def identifier(
    title: str,
    description: str,
    *,
    protection: Protection = Protection.NONE,
    stored_as: str = "",
    header_required: bool = False,
    **options: Unpack[_Options],
) -> Any:
    """Text that identifies: never a number, at most 64 characters."""
    checks = [rules.SCIENTIFIC_ID]
    if protection is not Protection.PSEUDONYM:  # of which only what is part of a number is kept
        checks.append(rules.CONTROL_CHARACTER)
    return _field(
        Kind.IDENTIFIER,
        title,
        description,
        *checks,
        max_length=ID_LENGTH,
        protection=protection,
        stored_as=stored_as,
        header_required=header_required,
        **options,
    )


def month() -> Any:
    """The month that a row belongs to, as text."""
    return _field(Kind.MONTH, "月份", "Month, YYYY-MM.", rules.matching(_MONTH))


def period(title: str, description: str) -> Any:
    """A year or a month, as text."""
    return _field(Kind.PERIOD, title, description, rules.matching(_YEAR_OR_MONTH))


def integer(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """A whole number."""
    return _field(Kind.INTEGER, title, description, **options)


def number(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """A number that need not be whole."""
    return _field(Kind.NUMBER, title, description, **options)


# --- of exports -----------------------------------------------------------------------------------


def code(title: str, description: str, codes: tuple[str, ...], **options: Unpack[_Options]) -> Any:
    """One of a closed list of Chinese terms."""
    check = rules.one_of(codes)
    return _field(
        Kind.CODE, title, description, check, codes=codes, max_length=NAME_LENGTH, **options
    )


def timestamp(
    title: str,
    description: str,
    *,
    horizon_days: int = 1,
    ends_day: bool = False,
    **options: Unpack[_Options],
) -> Any:
    """An instant, to the second, in the hotline's time zone."""
    return _field(
        Kind.TIMESTAMP,
        title,
        description,
        rules.at_most_days_ahead(horizon_days),
        horizon_days=horizon_days,
        ends_day=ends_day,
        **options,
    )


def text(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """A short text in which nobody's number may stand."""
    check = rules.PERSONAL_NUMBER
    return _field(Kind.TEXT, title, description, check, max_length=NAME_LENGTH, **options)


def name(
    title: str, description: str, *, may_be_number: bool = False, **options: Unpack[_Options]
) -> Any:
    """A text that rows are grouped by and that is published: it names no person.

    A "?" in it is the trace of a lost character. Only what is dialled may be a mere number.
    """
    checks = [
        *(rules.DAMAGED_TEXT, rules.PERSONAL_NUMBER),
        *(rules.PERSONAL_ADDRESS, rules.PERSONAL_NAME),
        *(() if may_be_number else (rules.BARE_NUMBER,)),
    ]
    return _field(
        Kind.TEXT, title, description, *checks, max_length=NAME_LENGTH, is_name=True, **options
    )


def free_text(title: str, description: str, *, max_length: int = CONTENT_LENGTH) -> Any:
    """What a citizen or an agent wrote: numbers of people are masked in it."""
    masked = Protection.MASKED
    return _field(Kind.TEXT, title, description, max_length=max_length, protection=masked)


# --- of published tables --------------------------------------------------------------------------


def count(title: str, unit: str, description: str) -> Any:
    """A count; adds up over any slice."""
    return integer(title, description, unit=unit, minimum=0)


def seconds(title: str, description: str) -> Any:
    """A sum of seconds; divide by its count for an average."""
    return count(title, "秒", description)


def hour() -> Any:
    """The hour of the local day."""
    return integer("小时", "Hour of the day, 0 to 23.", minimum=0, maximum=23)


def day(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """A local calendar day."""
    return _field(Kind.DATE, title, description, **options)


def label(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """A Chinese term that rows are grouped by; empty where the export leaves it empty."""
    return _field(Kind.TEXT, title, description, **options)


def moment(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """A point in time; empty where it has not come or there is none."""
    return _field(Kind.TIMESTAMP, title, description, **options)


def flag(title: str, description: str, **options: Unpack[_Options]) -> Any:
    """Yes or no."""
    return _field(Kind.FLAG, title, description, **options)


def records(title: str, description: str, of: type[pa.DataFrameModel]) -> Any:
    """A list of records, each with the columns of a model."""
    items = columns_of(of)
    field = _field(Kind.LIST, title, description, items=items)
    field.dtype_kwargs = {"inner": pl.Struct({item.name: item.polars_type for item in items})}
    return field
