"""What a table is: columns plus what holds between them.

Belongs here: the two shapes of table (an export as it arrives, a table as it is published).
The tables themselves are one module each, in `schemas.exports` and `schemas.facts`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from schemas.columns import Column
from schemas.rules import RowCheck

Cadence = Literal["daily", "monthly", "yearly"]

# Columns of a correction file that say which quarantined row a row replaces, beside the columns
# of its dataset: they feed nothing (`assets.quarantine.forms`, `assets.exports.corrections`).
CORRECTED_FILE, CORRECTED_LINE, CORRECTED_REASON = "隔离文件", "隔离行号", "隔离原因"
CORRECTED_DELIVERY = "隔离编号"
CORRECTION = (CORRECTED_FILE, CORRECTED_LINE, CORRECTED_REASON, CORRECTED_DELIVERY)


@dataclass(frozen=True, kw_only=True)
class ExportTable:
    """A dataset as the platform exports it (DATA.md, sections 1 to 3).

    Attributes:
        name: dataset name, also the beginning of its file names.
        title: Chinese name.
        zh: one Chinese sentence, for the operator.
        description: one English sentence.
        cadence: how often a file is expected.
        key: columns that identify a row.
        period: column that decides which month (or year) a row belongs to.
        columns: in the order of DATA.md, section 2.
        order: timestamps that must not run backwards, earliest first.
        tolerance_seconds: difference of two clocks that is clipped instead of refused.
        version: column that says which of two rows with one key is newer, before file order does.
        fixed: column that must not differ between versions of one key.
        checks: rules that look at several columns of a row.
        helping: headers of columns that help whoever fills the file in, and feed nothing.
    """

    name: str
    title: str
    zh: str
    description: str
    cadence: Cadence
    key: tuple[str, ...]
    period: str
    columns: tuple[Column, ...]
    order: tuple[str, ...] = ()
    tolerance_seconds: int = 0
    version: str = ""
    fixed: str = ""
    checks: tuple[RowCheck, ...] = ()
    helping: tuple[str, ...] = ()

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
        zh: one Chinese sentence, for the operator.
        description: one English sentence.
        grain: columns that identify a row; rows are sorted by them.
        columns: grain first, then measures.
        path: where the file of a period lies in a release.
        version: contract version, "major.minor": a new column raises the minor, a changed
            meaning the major.
        of: the table whose rows it holds for every city; empty where it is none of those.
    """

    name: str
    title: str
    zh: str
    description: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    path: str = "facts/{table}/{period}.parquet"
    version: str = "1.0"
    of: str = ""

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
