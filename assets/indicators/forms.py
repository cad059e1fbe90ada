"""The yearly form as a workbook: what the office still has to fill in, beside what is known.

Belongs here: the sheets. The first is an export like any other: filled in and put into the landing
folder as `annual_<year>….xlsx` it is read, checked and kept like one. Its grey columns help the
office and feed nothing (`ExportTable.helping`).
"""

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.indicators.entries import Entry, entries
from assets.indicators.inputs import FormItem
from assets.indicators.scheme import Scheme
from schemas import EXPORTS
from schemas.exports.annual import BOUNDS, EXPLANATION, LAST_YEAR, TITLE

annual = EXPORTS["annual"]

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_TITLES = {column.name: column.title for column in annual.columns}
# Columns of the sheet, their widths, and whether the office writes in them.
_COLUMNS: dict[str, tuple[int, bool]] = {
    _TITLES["year"]: (7, False),
    _TITLES["indicator"]: (24, False),
    TITLE: (22, False),
    _TITLES["item"]: (16, False),
    _TITLES["value"]: (12, True),
    _TITLES["unit"]: (8, False),
    _TITLES["evidence"]: (50, True),
    BOUNDS: (12, False),
    LAST_YEAR: (12, False),
    EXPLANATION: (60, False),
}
_HOW = (
    "填写白色的“数值”和“依据”两列；填不出的行请整行删除。"
    "存盘后改名为 annual_{year}_填报.xlsx，放入接收目录，下一次夜间任务会接收。"
)


def missing_entries(scheme: Scheme, filled: dict[tuple[str, str], FormItem]) -> list[Entry]:
    """Figures that the form of a year still lacks."""
    return [each for each in entries(scheme) if each.key not in filled]


def form(
    year: int,
    wanted: list[Entry],
    last_year: dict[tuple[str, str], FormItem],
    computed: pl.DataFrame,
    *,
    created: datetime,
) -> bytes:
    """The workbook.

    Args:
        year: which year.
        wanted: figures to fill in.
        last_year: the form of the year before, for comparison.
        computed: rows of `indicators` that come from the facts; shown on a sheet of their own.
        created: date of the document, part of its bytes.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    import xlsxwriter

    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": created})
        look = {"border": 1, "text_wrap": True, "valign": "vcenter"}
        head = book.add_format({**look, "bold": True, "bg_color": "#D9D9D9"})
        fixed = book.add_format({**look, "bg_color": "#F2F2F2"})
        free = book.add_format({**look, "locked": False})
        heading = book.add_format({"bold": True, "font_size": 16})
        page = book.add_worksheet(annual.title)
        page.set_default_row(24)
        page.write_string(0, 0, f"{year}年度绩效指标填报表", heading)
        page.write_string(1, 0, _HOW.format(year=year))
        for column, (title, (width, _)) in enumerate(_COLUMNS.items()):
            page.write_string(2, column, title, head)
            page.set_column(column, column, width)
        for row, entry in enumerate(wanted, 3):
            _write_entry(page, row, _cells(year, entry, last_year.get(entry.key)), (fixed, free))
            _validate(page, row, entry)
        page.freeze_panes(3, 0)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        # No password: this guards against a slip of the hand; rows may be removed.
        page.protect("", {"delete_rows": True, "format_columns": True})
        _write_computed(book.add_worksheet("已计算（只读）"), computed, head, fixed)
    return target.getvalue()


def _cells(year: int, entry: Entry, before: FormItem | None) -> dict[str, str | int]:
    """What stands in a row before the office writes in it, by title."""
    return {
        _TITLES["year"]: year,
        _TITLES["indicator"]: entry.indicator.id,
        TITLE: entry.indicator.levels[-1],
        _TITLES["item"]: entry.item,
        _TITLES["unit"]: entry.unit,
        BOUNDS: entry.bounds,
        LAST_YEAR: f"{before.value:g}" if before else "—",
        EXPLANATION: entry.indicator.explanation,
    }


def _write_entry(
    page: "Worksheet", row: int, cells: dict[str, str | int], formats: "tuple[Format, Format]"
) -> None:
    fixed, free = formats
    for column, (title, (_, writable)) in enumerate(_COLUMNS.items()):
        cell = cells.get(title)
        if writable:
            page.write_blank(row, column, None, free)
        elif isinstance(cell, int):
            page.write_number(row, column, cell, fixed)
        else:
            page.write_string(row, column, cell or "", fixed)


def _validate(page: "Worksheet", row: int, entry: Entry) -> None:
    """Let the spreadsheet itself refuse a figure out of bounds."""
    rule: dict[str, Any] = {"criteria": ">=", "value": 0}
    if entry.most is not None:
        rule = {"criteria": "between", "minimum": 0, "maximum": entry.most}
    column = list(_COLUMNS).index(_TITLES["value"])
    told = {
        "validate": "decimal",
        "error_title": "超出范围",
        "error_message": f"{entry.item}应为{entry.bounds}的数字。",
    }
    page.data_validation(row, column, row, column, told | rule)


def _write_computed(
    page: "Worksheet", computed: pl.DataFrame, head: "Format", fixed: "Format"
) -> None:
    titles = {"三级指标": 22, "数值": 12, "单位": 8, "状态": 10, "依据": 100}
    for column, (title, width) in enumerate(titles.items()):
        page.write_string(0, column, title, head)
        page.set_column(column, column, width)
    names = ("level3", "display", "unit", "status", "evidence")
    for row, cells in enumerate(computed.select(names).iter_rows(), 1):
        for column, cell in enumerate(cells):
            page.write_string(row, column, cell, fixed)
    page.protect()
