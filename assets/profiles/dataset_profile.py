"""How one dataset of a platform is exported: one `[datasets.<name>]` of a profile.

Belongs here: the shape of these statements, and whether they are possible for their dataset.
"""

import re
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from schemas.fields import Kind
from schemas.table import ExportTable

_DATE_TOKENS = {
    "{YYYYMMDD}": r"(?P<date>[0-9]{8})(?![0-9])",
    "{YYYYMM}": r"(?P<date>[0-9]{6})(?![0-9])",
    "{YYYY}": r"(?P<date>[0-9]{4})(?![0-9])",
}


class Exclusion(BaseModel):
    """Rows that are left out before they are read, and counted by name.

    Attributes:
        name: what such rows are, for whoever reads the count.
        where: header or column -> texts, one of which the cell must hold; all headers must agree.
            "" stands for an empty cell, a text that ends in "*" for everything that begins so.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=50)
    where: dict[str, tuple[str, ...]] = Field(min_length=1)


class DatasetProfile(BaseModel):
    """How one dataset is exported.

    Attributes:
        files: file name without its ending; a date token in braces, `*` for anything.
        headers: header in the file -> column, in addition to the titles of the schema.
        ignore: headers that are known and not needed.
        extra_columns: what an unknown header does: "refuse" the file, or be "name"d and left.
        join: column -> headers whose cells are put together, a space between them in a timestamp,
            a "-" in anything else; empty where one of them is.
        constants: column -> text for the rows of a file that lacks the column.
        row_key: the ids of the export identify nothing: each row is known by its file and line, so
            that rows are counted by row and none is taken for another version of another.
        codes: column -> (value in the file -> canonical value).
        fallback: column -> canonical value of every code that is in no list.
        exclude: rows to leave out.
        sheet: name of the worksheet; the first one with a known header row where it is empty.
        quarantine_share: share of quarantined rows above which the file is refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    files: str
    headers: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    extra_columns: Literal["refuse", "name"] = "refuse"
    join: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    row_key: bool = False
    codes: dict[str, dict[str, str]] = {}
    fallback: dict[str, str] = {}
    exclude: tuple[Exclusion, ...] = ()
    sheet: str = ""
    quarantine_share: float = Field(default=0.05, ge=0, le=1)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The file name pattern, its date in the group "date"."""
        escaped = re.escape(self.files).replace(r"\*", ".*")
        for token, regex in _DATE_TOKENS.items():
            escaped = escaped.replace(re.escape(token), regex)
        return re.compile(f"{escaped}$")

    @model_validator(mode="after")
    def _names_a_date(self) -> "DatasetProfile":
        if sum(token in self.files for token in _DATE_TOKENS) != 1:
            raise ValueError(f"files 须含 {'、'.join(_DATE_TOKENS)} 之一")
        return self


def check_statements(where: str, dataset: DatasetProfile, table: ExportTable) -> None:
    """Hold the statements about a dataset against its columns.

    Args:
        where: path of the dataset in the profile, for the message.
        dataset: the statements.
        table: the dataset.

    Raises:
        ValueError: a statement is impossible; a Chinese sentence says which and why.
    """
    columns = table.by_name
    named = {
        "headers": dataset.headers.values(),
        "join": dataset.join,
        "constants": dataset.constants,
        "codes": dataset.codes,
        "fallback": dataset.fallback,
    }
    for statement, names in named.items():
        for column in names:
            if column not in columns:
                raise ValueError(f"{where}.{statement}：数据集里没有 {column} 这一列")
            if statement in ("codes", "fallback") and not columns[column].codes:
                raise ValueError(f"{where}.{statement}.{column}：这一列没有代码表")
    for column, headers in dataset.join.items():
        if len(headers) < 2:
            raise ValueError(f"{where}.join.{column}：至少要有两个列名才能拼接")
    for column in dataset.constants:
        _check_constant(f"{where}.constants.{column}", column, dataset, table)
    if dataset.row_key and table.key[0] in dataset.join:
        raise ValueError(f"{where}.row_key：{table.key[0]} 已由 join 拼成，两者只能选一")
    _check_codes(where, dataset, table)
    _check_exclusions(f"{where}.exclude", dataset)


def _check_constant(where: str, column: str, dataset: DatasetProfile, table: ExportTable) -> None:
    identifies = (*table.key, table.version, table.fixed, table.period)
    if column in identifies or table.by_name[column].kind is Kind.TIMESTAMP:
        raise ValueError(f"{where}：编号和时间不能是固定值")
    if column in dataset.join or column in dataset.headers.values():
        raise ValueError(f"{where}：已有列名对应，不能又是固定值")


def _check_exclusions(where: str, dataset: DatasetProfile) -> None:
    names = [rule.name for rule in dataset.exclude]
    for rule in dataset.exclude:
        if names.count(rule.name) > 1:
            raise ValueError(f"{where}：“{rule.name}”出现两次，名称不能相同")
        if not all(rule.where.values()):
            raise ValueError(f"{where}：“{rule.name}”有一列没有写取值")


def _check_codes(where: str, dataset: DatasetProfile, table: ExportTable) -> None:
    meant = [
        *(("codes", c, value) for c, each in dataset.codes.items() for value in each.values()),
        *(("fallback", column, value) for column, value in dataset.fallback.items()),
        *(
            ("constants", column, dataset.codes.get(column, {}).get(value, value))
            for column, value in dataset.constants.items()
            if table.by_name[column].codes
        ),
    ]
    for statement, column, value in meant:
        if value not in table.by_name[column].codes:
            raise ValueError(f"{where}.{statement}.{column}：“{value}”不在代码表中")
