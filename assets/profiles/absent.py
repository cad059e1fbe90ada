"""Columns that a platform does not have: which these may be, and which rules fall with them."""

from functools import cache

import polars as pl

from schemas import rules
from schemas.rules import ARRIVED, EARLIEST, EXPORT_DATE
from schemas.table import ExportTable


def check_absent(where: str, absent: tuple[str, ...], fed: set[str], table: ExportTable) -> None:
    """Hold the statement `absent` of a dataset against its columns.

    Args:
        where: name of the statement in the profile.
        absent: the columns.
        fed: columns that the profile says how to fill.
        table: the dataset.

    Raises:
        ValueError: it is impossible; a Chinese sentence says why.
    """
    for column in absent:
        if column not in table.by_name:
            raise ValueError(f"{where}：数据集里没有 {column} 这一列")
        if column in table.key:
            raise ValueError(f"{where}：{column} 是编号，不能没有；没有可用编号时写 row_key = true")
        if column == table.period:
            raise ValueError(f"{where}：{column} 决定数据属于哪个月，不能没有")
        if column in fed:
            raise ValueError(f"{where}：{column} 已由列名、固定值或其他列得出，不能又说没有")


@cache
def unanswerable(table: ExportTable, absent: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Rules that cannot be asked of rows without some columns: (rule id, column that it blames).

    A rule falls that blames an absent column or reads one; an order of times goes on without the
    one that is lacking.
    """
    dates = dict.fromkeys((EXPORT_DATE, ARRIVED, EARLIEST), pl.Date())
    columns = {each.name: each.polars_type for each in table.columns} | dates
    there = pl.LazyFrame(schema={n: of for n, of in columns.items() if n not in absent})
    ordered = {
        (f"{later}_before_{earlier}", later)
        for earlier, later in zip(table.order, table.order[1:], strict=False)
    }
    found = {(rules.REQUIRED.id, name) for name in absent}
    for blamed, check in table.checks:
        rule = (str(check.name), blamed)
        if blamed in absent:
            found.add(rule)
        elif rule not in ordered:
            try:
                check(there, blamed).check_output.collect()
            except pl.exceptions.ColumnNotFoundError:
                found.add(rule)
    return frozenset(found)
