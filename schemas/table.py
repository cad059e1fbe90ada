"""What a table is: a pandera model, its name and sentences, and what its columns are for.

`Export` and `Fact` are the bases of all models. Other rooms read the value that `Model.table()`
returns, made once from the model; pandera and the model itself only where rows are validated.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal

import pandera.polars as pa
import pyarrow
from pandera.api.polars.model_config import BaseConfig

from schemas import rules
from schemas.fields import Column, Day, Kind, columns_of
from schemas.rules import ARRIVED, EARLIEST, EXPORT_DATE, Rule

Cadence = Literal["daily", "monthly", "yearly"]

# Columns of a correction file that say which quarantined row a row replaces, beside the columns
# of its dataset: they feed nothing (`assets.quarantine`, `assets.exports`).
CORRECTED_FILE, CORRECTED_LINE, CORRECTED_REASON = "隔离文件", "隔离行号", "隔离原因"
CORRECTED_DELIVERY = "隔离编号"
CORRECTION = (CORRECTED_FILE, CORRECTED_LINE, CORRECTED_REASON, CORRECTED_DELIVERY)

_ABSENT = "absent"
_FRICTIONLESS = {
    Kind.TIMESTAMP: "datetime",
    Kind.DATE: "date",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.FLAG: "boolean",
    Kind.MONTH: "yearmonth",
    Kind.LIST: "array",
}


@dataclass(frozen=True, kw_only=True)
class ExportTable:
    """A dataset as the platform exports it (DATA.md, sections 1 to 3).

    Attributes:
        name: dataset name, also the beginning of its file names.
        title: Chinese name.
        zh: one Chinese sentence, for the operator: the docstring of the model.
        description: one English sentence.
        cadence: how often a file is expected.
        key: columns that identify a row.
        period: column that decides which month (or year) a row belongs to.
        order: timestamps that must not run backwards, earliest first.
        tolerance_seconds: difference of two clocks that is clipped instead of refused.
        version: column that says which of two rows with one key is newer, before file order does.
        fixed: column that must not differ between versions of one key.
        helping: headers of columns that help whoever fills the file in, and feed nothing.
        model: the pandera model, which validates the columns, `EXPORT_DATE`, `ARRIVED` and
            `EARLIEST`.
        columns: in the order of DATA.md, section 2.
        checks: every check of the model, with the column that it blames; "required", which pandera
            knows as nullability, is none of them.
    """

    name: str
    title: str
    zh: str
    description: str
    cadence: Cadence
    key: tuple[str, ...]
    period: str
    order: tuple[str, ...] = ()
    tolerance_seconds: int = 0
    version: str = ""
    fixed: str = ""
    helping: tuple[str, ...] = ()
    model: type[pa.DataFrameModel]
    columns: tuple[Column, ...]
    checks: tuple[tuple[str, pa.Check], ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @property
    def stored_columns(self) -> tuple[str, ...]:
        """Names of the columns of a detail row, personal data already protected."""
        return tuple(column.stored_name for column in self.columns)

    @property
    def period_format(self) -> str:
        """How the period of a row is written: months, or years for yearly exports."""
        return "%Y" if self.cadence == "yearly" else "%Y-%m"


@dataclass(frozen=True, kw_only=True)
class FactTable:
    """A published table (FACTS.md, section 2).

    Attributes:
        name: table name, also its folder in a release.
        title: Chinese name.
        zh: one Chinese sentence, for the operator: the docstring of the model.
        description: one English sentence.
        grain: columns that identify a row; rows are sorted by them.
        path: where the file of a period lies in a release.
        version: contract version, "major.minor": a new column raises the minor, a changed
            meaning the major.
        of: the table whose rows it holds for every city; empty where it is none of those.
        model: the pandera model.
        columns: grain first, then measures.
    """

    name: str
    title: str
    zh: str
    description: str
    grain: tuple[str, ...]
    path: str = "facts/{table}/{period}.parquet"
    version: str = "1.0"
    of: str = ""
    model: type[pa.DataFrameModel]
    columns: tuple[Column, ...]

    def published_path(self, period: str) -> str:
        """Path of the file of a month (or year) below the release.

        A contract with a changed meaning has its own path: who reads the old one finds nothing,
        which is better than finding something else.
        """
        major = self.version.partition(".")[0]
        table = self.name if major == "1" else f"{self.name}-v{major}"
        return self.path.format(table=table, period=period)

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the columns that are no grain."""
        return tuple(c.name for c in self.columns if c.name not in self.grain)


class _Model(pa.DataFrameModel):
    """What exports and facts share: a frame has the columns of the model and no others."""

    class Config(BaseConfig):
        strict = True


class Export(_Model):
    """Base of the models of exports.

    Class keywords are the attributes of `ExportTable` that do not follow from the model. Beside its
    own columns a frame holds the export date and the day of arrival of the file that a row came
    from, and the first day that timestamps may have.
    """

    export_date: Day = pa.Field(alias=EXPORT_DATE)
    arrived: Day = pa.Field(alias=ARRIVED)
    earliest: Day = pa.Field(alias=EARLIEST)
    _table: ClassVar[ExportTable]

    def __init_subclass__(
        cls, *, period: str, cadence: Cadence, order: tuple[str, ...] = (), **declared: Any
    ) -> None:
        """Add the checks of `period` and `order`, and make the value for other rooms."""
        super().__init_subclass__()  # type: ignore[no-untyped-call]
        fields = {name: field for name, (_, field) in cls.__fields__.items()}
        if cadence != "daily":  # A daily file arrives once its day is over.
            moments = (fields[period].metadata or {})["kind"] is Kind.TIMESTAMP
            fields[period].checks.append(rules.begun(yearly=cadence == "yearly", moments=moments))
        checks = [(name, check) for name, field in fields.items() for check in field.checks]
        for position, later in enumerate(order[1:], start=1):
            check = rules.not_before(order[:position], later)
            fields[later].checks.append(check)
            checks.append((later, check))
        checks += [(name, check) for name, of in cls.__checks__.items() for check in of]
        cls._table = ExportTable(
            zh=str(cls.__doc__),
            period=period,
            cadence=cadence,
            order=order,
            model=cls,
            columns=columns_of(cls),
            checks=tuple(checks),
            **declared,
        )

    @classmethod
    def table(cls) -> ExportTable:
        """What the other rooms read of the model."""
        return cls._table


class Fact(_Model):
    """Base of the models of published tables.

    Class keywords are the attributes of `FactTable` that do not follow from the model.
    """

    _table: ClassVar[FactTable]

    def __init_subclass__(cls, **declared: Any) -> None:
        """Make the value for other rooms."""
        super().__init_subclass__()  # type: ignore[no-untyped-call]
        cls._table = FactTable(zh=str(cls.__doc__), model=cls, columns=columns_of(cls), **declared)

    @classmethod
    def table(cls) -> FactTable:
        """What the other rooms read of the model."""
        return cls._table


def rule_sentences(table: ExportTable) -> dict[tuple[str, str], tuple[str, str]]:
    """(rule id, column) -> sentence in Chinese and in English, for every rule of a table."""
    sentences: dict[tuple[str, str], tuple[str, str]] = {}

    def add(rule: Rule, column: Column | None = None) -> None:
        title, name = (column.title, column.name) if column else ("", "")
        sentences[rule.id, name] = (rule.zh.format(title=title), rule.en.format(column=name))

    for column in table.columns:
        if column.required:
            add(rules.REQUIRED, column)
        if column.kind is Kind.TIMESTAMP:
            add(rules.TIMESTAMP, column)
        if column.kind in (Kind.INTEGER, Kind.NUMBER):
            add(rules.NUMBER, column)
    for name, check in table.checks:
        rule = Rule(str(check.name), str(check.title), str(check.description))
        add(rule, table.by_name[name])
    if table.fixed:
        add(rules.FIXED_CHANGED, table.by_name[table.fixed])
    for rule in rules.STRUCTURE_RULES:
        add(rule)
    return sentences


def arrow_schema(table: FactTable, absent: Mapping[str, str] | None = None) -> pyarrow.Schema:
    """The schema of one published file; nothing in it depends on when or where it was written.

    Chinese title, English description and unit of each column are its field metadata.

    Args:
        table: its table.
        absent: column that may be empty although the contract fills it -> why, in Chinese: the
            platform does not have what it is made of. The field says so (`absent_columns`).
    """
    why = absent or {}
    fields = [
        pyarrow.field(
            c.name,
            c.arrow_type,
            nullable=not c.required or c.name in why,
            metadata=c.labels | ({_ABSENT: why[c.name]} if c.name in why else {}),
        )
        for c in table.columns
    ]
    labels = {"title": table.title, "table": table.name, "version": table.version}
    return pyarrow.schema(fields, metadata=labels)


def absent_columns(schema: pyarrow.Schema) -> dict[str, str]:
    """Columns of a published file that its platform cannot fill -> why, in Chinese."""
    found = {field.name: (field.metadata or {}).get(_ABSENT.encode()) for field in schema}
    return {name: why.decode() for name, why in found.items() if why is not None}


def table_schema(table: FactTable, absent: Collection[str] = ()) -> dict[str, Any]:
    """The Frictionless Table Schema that `datapackage.json` holds.

    The grain is its primary key where it is never empty. `absent` as for `arrow_schema`.
    """
    filled = {column.name for column in table.columns if column.required} - set(absent)
    schema: dict[str, Any] = {
        "fields": [
            {"name": c.name, "type": _FRICTIONLESS.get(c.kind, "string"), **c.labels}
            | ({"constraints": {"required": True}} if c.name in filled else {})
            for c in table.columns
        ]
    }
    if filled >= set(table.grain):
        schema["primaryKey"] = list(table.grain)
    return schema
