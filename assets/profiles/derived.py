"""Columns that a profile makes of other cells: what it may say, and what of it is impossible."""

import re
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.fields import Kind
from schemas.table import ExportTable

# The date that a file's name holds, as a piece of a column: how it is written.
FILE_DATES = {"{date}": "%Y-%m-%d", "{month}": "%Y-%m", "{year}": "%Y"}
_GRAINS = {"{date}": ("day",), "{month}": ("day", "month"), "{year}": ("day", "month", "year")}

Unit = Literal["milliseconds", "seconds", "minutes", "hours", "mm:ss", "hh:mm"]


class Derivation(BaseModel):
    """One way to make a column; a profile may list several, the first that gives a text counts.

    Attributes:
        of: (written `from`) headers or columns whose cells are put together, a space between them
            in a time, a "-" in anything else; or `FILE_DATES`. Empty where one of them is.
        value: a fixed text instead.
        pattern: regular expression whose first group (or whole match) is taken; empty where
            nothing matches.
        plus: headers of lengths of time that are added.
        minus: the same, taken away.
        unit: what these lengths are counted in; H:MM:SS is read whatever it says.
        where: header or column -> texts, as in `Exclusion`; the column is empty in other rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    of: tuple[str, ...] = Field(default=(), alias="from")
    value: str | None = None
    pattern: str = ""
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    unit: Unit = "seconds"
    where: dict[str, tuple[str, ...]] = {}

    @field_validator("of", "plus", "minus", mode="before")
    @classmethod
    def _one_or_several(cls, given: object) -> object:
        return (given,) if isinstance(given, str) else given

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers or columns that it reads."""
        cells = (*self.of, *self.plus, *self.minus, *self.where)
        return tuple(dict.fromkeys(each for each in cells if each not in FILE_DATES))

    @property
    def described(self) -> str:
        """How it is made, for people: names of headers only."""
        text = f"固定为“{self.value}”" if self.value is not None else "＋".join(self.of)
        text += f" 中的 {self.pattern}" if self.pattern else ""
        text += "".join(f"＋{each}" for each in self.plus)
        text += "".join(f"－{each}" for each in self.minus)
        return text + (f"（{'、'.join(self.where)} 符合时）" if self.where else "")

    @property
    def group(self) -> int:
        """Group of the pattern that is taken; 0 is the whole match."""
        return min(1, re.compile(self.pattern).groups)

    @model_validator(mode="after")
    def _is_one_thing(self) -> "Derivation":
        if (self.value is None) == (not self.of):
            raise ValueError("from（取哪些列名）和 value（固定值）须写且只写一项")
        if self.value is not None and (self.pattern or self.plus or self.minus):
            raise ValueError("value 是固定值，不能再写 pattern、plus、minus")
        try:
            re.compile(self.pattern)
            pl.Series(["x"]).str.extract(self.pattern, 0)
        except (re.error, pl.exceptions.PolarsError):
            raise ValueError(
                f"pattern “{self.pattern}”不是有效的正则表达式（不支持前后断言和反向引用）"
            ) from None
        for header, texts in self.where.items():
            if not texts:
                raise ValueError(f"where 中的“{header}”没有写取值")
        return self


def check_derivation(
    where: str, column: str, ways: tuple[Derivation, ...], table: ExportTable, grain: str
) -> None:
    """Hold one column's statement against its dataset.

    Args:
        where: name of the statement in the profile.
        column: the column that is made.
        ways: how.
        table: the dataset.
        grain: what a file name of it dates: a day, month or year.

    Raises:
        ValueError: it is impossible; a Chinese sentence says why.
    """
    is_time = table.by_name[column].kind is Kind.TIMESTAMP
    if not ways:
        raise ValueError(f"{where}：至少要写一种取法")
    for way in ways:
        if (way.plus or way.minus) and not is_time:
            raise ValueError(f"{where}：只有时间可以加减时长（plus、minus）")
        if way.value is not None and (is_time or column in (*table.key, table.period)):
            raise ValueError(f"{where}：编号和时间不能是固定值（value）")
        for each in way.of:
            if each.startswith("{") and grain not in _GRAINS.get(each, ()):
                known = "、".join(name for name, grains in _GRAINS.items() if grain in grains)
                raise ValueError(f"{where}：{each} 取自文件名，这个数据集只能写 {known}")
