"""Kinds of deliveries: parts, late and repeated files, corrections, files that must be refused.

Belongs here: one small function for each kind. Whatever they do, the facts stay the same.
"""

from dataclasses import replace

import polars as pl

from assets.sample.damage.desk import Desk, is_plain
from assets.sample.damage.kind import Outcome
from assets.sample.damage.registry import to_files
from assets.sample.sheets import UTF8, UTF8_BOM, Form, Sheet, csv_line

LATE = "补传"
_OLE_HEADER = bytes.fromhex("d0cf11e0a1b11ae1")
# What is wrong in a file that is corrected later, by dataset: column -> wrong value.
_MISTAKES: dict[str, dict[str, str | None]] = {
    "calls": {"line": "12306", "rating": "不满意"},
    "tickets": {"category": "其他-其他事项", "region": "其他区县"},
    "callbacks": {"result": "未接通", "satisfaction": None},
    "quality": {"passed": "否", "score": "0"},
}
_CUT_ID_LENGTH = 9


@to_files(Outcome.DUPLICATE)
def month_twice(desk: Desk) -> None:
    """A month that was published twice, without and with a byte order mark."""
    fits = lambda sheet: sheet.date.startswith("202306")  # noqa: E731
    for sheet in desk.claim({"callbacks": 30, "quality": 30}, fits=fits):
        path = f"重发/{sheet.dataset}_{sheet.date}_bom.csv"
        sheet.copies = [(path, UTF8_BOM)]
        sheet.takes_lines = False
        desk.trace(sheet, sheet.rows.height, path=path)


@to_files(Outcome.DUPLICATE)
def same_file_again(desk: Desk) -> None:
    """The same bytes under another name."""
    for sheet in desk.claim({"calls": 3, "tickets": 3, "callbacks": 3, "quality": 2}):
        mark = str(desk.rng.choice(["(1)", " - 副本", "_final"]))
        path = f"{sheet.dataset}_{sheet.date}{mark}.csv"
        sheet.copies = [(path, UTF8)]
        sheet.takes_lines = False
        desk.trace(sheet, sheet.rows.height, path=path)


@to_files(Outcome.DUPLICATE)
def answered_calls_only(desk: Desk) -> None:
    """A first export held answered calls only; the whole one came after it."""
    for sheet in desk.claim({"calls": 3}):
        answered = sheet.rows.filter(pl.col("outcome") == "接通")
        first = Sheet("calls", sheet.date, answered, takes_lines=False)
        sheet.suffix = "_r1"
        desk.add(first)
        desk.trace(first, answered.height)


@to_files(Outcome.SUPERSEDED)
def correction(desk: Desk) -> None:
    """Some rows were wrong; a later file of the same day puts them right."""
    wanted = {"calls": 4, "tickets": 4, "callbacks": 4, "quality": 2}
    for sheet in desk.claim(wanted, least_rows=20, fits=_reached_enough):
        mistake = _MISTAKES[sheet.dataset]
        rows = sheet.rows.with_row_index("at")
        if sheet.dataset == "callbacks":
            rows = rows.filter(pl.col("result") == "接通")
        if sheet.dataset == "quality":
            rows = rows.filter(pl.col("passed") == "是")
        number = int(desk.rng.integers(3, 8))
        wrong = rows["at"].gather(desk.rng.choice(rows.height, number, replace=False)).sort()
        desk.add(replace(_bare(sheet), rows=sheet.rows[wrong], suffix="_r1", takes_lines=False))
        is_wrong = pl.int_range(pl.len()).is_in(wrong.to_list())
        sheet.rows = sheet.rows.with_columns(
            pl.when(is_wrong).then(pl.lit(value, pl.String)).otherwise(name).alias(name)
            for name, value in mistake.items()
        )
        desk.trace(sheet, number)


@to_files(Outcome.HARMLESS)
def two_parts(desk: Desk) -> None:
    """A day in two files."""
    for sheet in desk.claim({"calls": 4, "tickets": 4, "callbacks": 3}, least_rows=20):
        _split(desk, sheet, folder="")


@to_files(Outcome.HARMLESS)
def late_part(desk: Desk) -> None:
    """The second half of a day came late, in another folder."""
    for sheet in desk.claim({"calls": 2, "tickets": 2, "callbacks": 2}, least_rows=20):
        _split(desk, sheet, folder=LATE)


@to_files(Outcome.HARMLESS)
def late_file(desk: Desk) -> None:
    """A day that came late, in another folder."""
    for sheet in desk.claim({"calls": 3, "tickets": 3, "callbacks": 3, "quality": 2}):
        sheet.folder = LATE
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.REFUSED, "xls_format")
def old_excel_format(desk: Desk) -> None:
    """A workbook in the old format, beside the file that was taken."""
    empty = desk.sheets[0].rows.clear()
    content = _OLE_HEADER + bytes(2040)
    sheet = Sheet("calls", "20230712", empty, form=Form.OLD_EXCEL, content=content)
    desk.add(sheet)
    desk.trace(sheet, 0)


@to_files(Outcome.REFUSED, "header_unknown")
def unknown_header(desk: Desk) -> None:
    """A file of another platform."""
    lines = ["序号,名称,数量,备注", "1,市民热线,12,", "2,网上信箱,3,", ""]
    empty = next(sheet for sheet in desk.sheets if sheet.dataset == "knowledge").rows.clear()
    content = "\n".join(lines).encode()
    sheet = Sheet("knowledge", "20230718", empty, suffix="_新平台", content=content)
    desk.add(sheet)
    desk.trace(sheet, 0)


@to_files(Outcome.REFUSED, "key_unusable")
def ids_cut_off(desk: Desk) -> None:
    """A file whose ids were cut to nine characters, beside the file that was taken."""
    fits = lambda sheet: is_plain(sheet) and not sheet.copies and not sheet.above  # noqa: E731
    for sheet in desk.claim({"callbacks": 1}, least_rows=100, fits=fits):
        cut = pl.col("callback_id").str.slice(0, _CUT_ID_LENGTH)
        desk.add(
            Sheet(
                "callbacks",
                sheet.date,
                sheet.rows.with_columns(cut),
                suffix="_重导",
                takes_lines=False,
            )
        )
        desk.trace(desk.sheets[-1], sheet.rows.height)


@to_files(Outcome.DUPLICATE)
def line_twice(desk: Desk) -> None:
    """The same line twice in one file."""
    wanted = {"calls": 8, "tickets": 8, "callbacks": 6, "quality": 3, "knowledge": 2}
    for sheet in desk.claim(wanted, least_rows=5):
        row = sheet.rows.row(int(desk.rng.integers(sheet.rows.height)))
        sheet.inserts.append((desk.place(sheet), csv_line(row)))
        desk.trace(sheet, 1)


def _reached_enough(sheet: Sheet) -> bool:
    """Whether a file has enough rows that a mistake changes something in."""
    if sheet.dataset == "callbacks":
        return sheet.rows.filter(pl.col("result") == "接通").height >= 10
    if sheet.dataset == "quality":
        return sheet.rows.filter(pl.col("passed") == "是").height >= 10
    return True


def _bare(sheet: Sheet) -> Sheet:
    return Sheet(sheet.dataset, sheet.date, sheet.rows.clear())


def _split(desk: Desk, sheet: Sheet, folder: str) -> None:
    half = sheet.rows.height // 2
    second = replace(_bare(sheet), rows=sheet.rows[half:], suffix="_2", folder=folder)
    sheet.rows, sheet.suffix = sheet.rows[:half], "_1"
    desk.add(second)
    desk.trace(sheet, half)
    desk.trace(second, second.rows.height)
