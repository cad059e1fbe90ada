"""The yearly form: a workbook of what the office has to fill in, and the check of a filled-in one.

Its first sheet is an export like any other: filled in and put into the landing folder as
`annual_<year>….xlsx` it is read, checked and kept like one. Its grey columns help the office and
feed nothing (`ExportTable.helping`).
"""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.core import HotlineError
from assets.exports import DELIVERY, LINE, Delivery, HeaderMatcher, ingest_files, read_files
from assets.indicators.inputs import FormItem
from assets.indicators.scheme import Entry, Scheme, entries
from assets.profiles import Profile
from schemas import EXPORTS
from schemas.exports.annual import BOUNDS, EXPLANATION, LAST_YEAR, TITLE
from schemas.file_rules import FILE_RULES
from schemas.table import rule_sentences

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_ANNUAL = EXPORTS["annual"]
_TITLES = {column.name: column.title for column in _ANNUAL.columns}
# Columns of the sheet and their widths.
_COLUMNS = {
    _TITLES["year"]: 7,
    _TITLES["indicator"]: 24,
    TITLE: 22,
    _TITLES["item"]: 16,
    _TITLES["value"]: 12,
    _TITLES["unit"]: 8,
    _TITLES["evidence"]: 50,
    BOUNDS: 12,
    LAST_YEAR: 12,
    EXPLANATION: 60,
}
_COMPUTED = {"三级指标": 22, "数值": 12, "单位": 8, "状态": 10, "依据": 100}
_HOW = (
    "填写白色的“数值”和“依据”两列；填不出的行请整行删除。"
    "存盘后改名为 annual_{year}_填报.xlsx，放入接收目录，下一次夜间任务会接收。"
)


def missing_entries(scheme: Scheme, filled: dict[tuple[str, str], FormItem]) -> list[Entry]:
    """Figures that the form of a year still lacks."""
    return [each for each in entries(scheme) if each.key not in filled]


def annual_form(
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
        page = book.add_worksheet(_ANNUAL.title)
        page.set_default_row(24)
        page.write_string(0, 0, f"{year}年度绩效指标填报表", heading)
        page.write_string(1, 0, _HOW.format(year=year))
        _write_titles(page, 2, _COLUMNS, head)
        for row, entry in enumerate(wanted, 3):
            known = _known_cells(year, entry, last_year.get(entry.key))
            for column, title in enumerate(_COLUMNS):
                page.write(row, column, known.get(title), fixed if title in known else free)
            _validate(page, row, entry)
        page.freeze_panes(3, 0)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(2)
        # No password: this guards against a slip of the hand; rows may be removed.
        page.protect("", {"delete_rows": True, "format_columns": True})
        page = book.add_worksheet("已计算（只读）")
        _write_titles(page, 0, _COMPUTED, head)
        shown = computed.select("level3", "display", "unit", "status", "evidence")
        for row, cells in enumerate(shown.iter_rows(), 1):
            page.write_row(row, 0, cells, fixed)
        page.protect()
    return target.getvalue()


def _write_titles(page: "Worksheet", row: int, widths: dict[str, int], look: "Format") -> None:
    for column, (title, width) in enumerate(widths.items()):
        page.write_string(row, column, title, look)
        page.set_column(column, column, width)


def _known_cells(year: int, entry: Entry, before: FormItem | None) -> dict[str, str | int]:
    """Cells of a row that are filled in beforehand, by title."""
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


def check_form(path: Path, year: int, scheme: Scheme, profile: Profile) -> Iterator[str]:
    """Sentences about a filled-in form, each naming its cell; none where it is good.

    Args:
        path: the workbook (or CSV).
        year: the year that it is about.
        scheme: in force in that year.
        profile: how the platform exports.

    Raises:
        HotlineError: it cannot be read at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HotlineError(f"填报表 {path} 无法读取（{type(error).__name__}）。") from None
    # Checked with no share of bad rows refusing the file: each of them is named instead.
    settings = profile.datasets["annual"].model_copy(update={"quarantine_share": 1.0})
    lenient = profile.model_copy(update={"datasets": {"annual": settings}})
    form = Delivery("form", _ANNUAL.name, date(year, 12, 31), path.name, "", 0, 0, 0, "")
    (reading,) = read_files([form], lambda _: content, HeaderMatcher(_ANNUAL, settings), lenient)
    if reading.rule:
        sentence = FILE_RULES[reading.rule].zh.format(**reading.detail)
        raise HotlineError(f"填报表 {path.name}：{sentence}")
    batch = ingest_files(
        [form], lambda _: content, _ANNUAL, lenient, key="", built_with="", batch=""
    )
    from xlsxwriter.utility import xl_col_to_name

    cells = {name: xl_col_to_name(position) for name, position in reading.positions.items()}
    sentences = rule_sentences(_ANNUAL)
    for line, rules, columns in batch.quarantine.select("line", "rules", "columns").iter_rows():
        for rule, column in zip(rules, columns, strict=True):
            words = sentences[rule, column][0] if (rule, column) in sentences else rule
            yield f"{cells.get(column, '')}{line}：{words}"
    known = {each.key: each for each in entries(scheme)}
    rows = batch.rows.drop(DELIVERY).select(LINE, "year", "indicator", "item", "value")
    for line, of_year, indicator, item, value in rows.sort(LINE).iter_rows():
        entry = known.get((indicator, item))
        if of_year != year:
            yield f"{cells['year']}{line}：年度应为 {year}，写的是 {of_year}。"
        elif entry is None:
            yield f"{cells['item']}{line}：{year}年的指标体系里没有这个指标和数据项，请核对。"
        elif not entry.allows(value):
            yield f"{cells['value']}{line}：{value:g} 超出范围，应为{entry.bounds}。"
