"""Kinds of files that look different and hold the same rows: encodings, formats, headers, banners.

Belongs here: one small function for each kind. All are harmless, but for the few that add one bad
line.
"""

import polars as pl

from assets.sample.damage.desk import Desk
from assets.sample.damage.registry import Outcome, to_files
from assets.sample.sheets import GB18030, UTF8_BOM, Form, csv_line
from schemas import EXPORTS
from schemas.fields import Kind

_DAILY = {"calls": 10, "tickets": 8, "callbacks": 10, "quality": 6}
_FEW = {"calls": 4, "tickets": 3, "callbacks": 3, "quality": 2}
# Characters that look like the usual ones and are others: NFKC makes them equal.
COMPATIBLE = str.maketrans("工大小生水火力行食老方人金用口日", "⼯⼤⼩⽣⽔⽕⼒⾏⾷⽼⽅⼈⾦⽤⼝⽇")


@to_files(Outcome.HARMLESS)
def gb18030(desk: Desk) -> None:
    """A file in the encoding that Excel in China saves."""
    for sheet in desk.claim({**_DAILY, "staff": 2, "knowledge": 4}):
        sheet.encoding = GB18030
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.HARMLESS)
def utf8_with_bom(desk: Desk) -> None:
    """A file with a byte order mark."""
    for sheet in desk.claim({**_DAILY, "staff": 2, "knowledge": 4, "survey": 1}):
        sheet.encoding = UTF8_BOM
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.HARMLESS)
def gzipped(desk: Desk) -> None:
    """A file that was packed."""
    for sheet in desk.claim(_DAILY):
        sheet.form = Form.GZIP
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.HARMLESS)
def windows_line_ends(desk: Desk) -> None:
    """A file whose lines end in CR LF."""
    for sheet in desk.claim(_DAILY):
        sheet.line_end = "\r\n"
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.HARMLESS)
def workbook(desk: Desk) -> None:
    """An Excel workbook: ids as text, times partly text and partly dates, a banner in some."""
    wanted = {"calls": 5, "tickets": 3, "callbacks": 8, "quality": 8, "knowledge": 6}
    for sheet in desk.claim({**wanted, "staff": 2}):
        sheet.form = Form.EXCEL
        if desk.rng.random() < 0.25:
            sheet.above = [f"汉中市12345政务服务便民热线{EXPORTS[sheet.dataset].title}明细"]
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.QUARANTINED, "number_precision")
def id_as_a_number(desk: Desk) -> None:
    """A row of a workbook whose id of 18 digits became a floating number."""
    for sheet in desk.sheets:
        if sheet.dataset == "calls" and sheet.form is Form.EXCEL:
            row = desk.donor(sheet)
            assert row is not None
            sheet.cells.append({**row, "call_id": float(f"{sheet.date}9000000001")})
            desk.trace(sheet, 1)


@to_files(Outcome.HARMLESS)
def banner(desk: Desk) -> None:
    """Lines above the header: what it is, and who exported it when."""
    for sheet in desk.claim(_FEW):
        title = f"汉中市12345政务服务便民热线{EXPORTS[sheet.dataset].title}明细表"
        sheet.above = [title, f"导出时间：{sheet.date[:4]}年,导出人：系统管理员", ""]
        desk.trace(sheet, len(sheet.above))


@to_files(Outcome.HARMLESS)
def totals_row(desk: Desk) -> None:
    """A last row of totals that does not equal the sum."""
    for sheet in desk.claim(_FEW):
        wrong = sheet.rows.height + int(desk.rng.integers(-9, 10))
        word = str(desk.rng.choice(["合计", "合计：", "总计"]))
        sheet.below = [csv_line([word, str(wrong), *[""] * (len(sheet.titles) - 2)])]
        desk.trace(sheet, 1)


@to_files(Outcome.HARMLESS)
def spaces_in_headers(desk: Desk) -> None:
    """Headers with spaces of several kinds in and around them."""
    for sheet in desk.claim(_FEW):
        spaces = [" ", "\u3000", "\xa0"]
        for number, (column, title) in enumerate(sheet.titles.items()):
            space = spaces[number % 3]
            sheet.titles[column] = f"{space}{title[:2]}{space}{title[2:]} "
        desk.trace(sheet, 1)


@to_files(Outcome.HARMLESS)
def compatible_headers(desk: Desk) -> None:
    """Headers in characters that only look like the usual ones."""
    for sheet in desk.claim({"tickets": 4}):
        sheet.titles = {
            column: title.translate(COMPATIBLE) for column, title in sheet.titles.items()
        }
        desk.trace(sheet, 1)


@to_files(Outcome.HARMLESS)
def two_byte_order_marks(desk: Desk) -> None:
    """A byte order mark before the file and another before the first header."""
    for sheet in desk.claim(_FEW):
        sheet.encoding = UTF8_BOM
        first = next(iter(sheet.titles))
        sheet.titles[first] = f"\ufeff{sheet.titles[first]}"
        desk.trace(sheet, 1)


@to_files(Outcome.HARMLESS)
def other_headers(desk: Desk) -> None:
    """Header names that changed from one delivery to the next."""
    for sheet in desk.claim({"calls": 6, "tickets": 6, "staff": 2}):
        columns = EXPORTS[sheet.dataset].by_name
        for name in sheet.titles:
            if aliases := columns[name].aliases:
                sheet.titles[name] = aliases[int(desk.rng.integers(len(aliases)))]
        desk.trace(sheet, 1)


@to_files(Outcome.HARMLESS)
def other_column_order(desk: Desk) -> None:
    """Columns in another order."""
    for sheet in desk.claim(_FEW):
        names = list(sheet.titles)
        order = desk.rng.permutation(len(names)).tolist()
        sheet.titles = {names[place]: sheet.titles[names[place]] for place in order}
        sheet.takes_lines = False
        desk.trace(sheet, sheet.rows.height)


@to_files(Outcome.HARMLESS)
def other_time_format(desk: Desk) -> None:
    """Times written in another way: with slashes, with a T, in Chinese, without any sign."""
    forms = ("%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S")
    for number, sheet in enumerate(desk.claim(_FEW)):
        columns = EXPORTS[sheet.dataset].columns
        times = [column.name for column in columns if column.kind is Kind.TIMESTAMP]
        sheet.rows = sheet.rows.with_columns(
            _rewritten(name, forms[number % len(forms)]) for name in times
        )
        sheet.takes_lines = False
        desk.trace(sheet, sheet.rows.height)


def _rewritten(name: str, form: str) -> pl.Expr:
    """A column of times in another format; signs for "none" stay as they are."""
    text = pl.col(name)
    is_time = text.str.starts_with("202")
    return (
        pl.when(is_time)
        .then(pl.when(is_time).then(text).str.to_datetime("%Y-%m-%d %H:%M:%S").dt.strftime(form))
        .otherwise(text)
    )


@to_files(Outcome.HARMLESS)
def blank_lines(desk: Desk) -> None:
    """Lines with nothing in them."""
    for sheet in desk.claim(_FEW):
        for _ in range(int(desk.rng.integers(1, 4))):
            sheet.inserts.append((desk.place(sheet), ""))
        desk.trace(sheet, len(sheet.inserts))


@to_files(Outcome.QUARANTINED, "cut_off_line")
def cut_off_last_line(desk: Desk) -> None:
    """A file that ends in the middle of a line."""
    for sheet in desk.claim({"calls": 4, "tickets": 4, "callbacks": 4}, least_rows=60):
        row = desk.donor(sheet)
        if row is not None:
            line = csv_line(row.values())
            sheet.cut_off = line[: line.index(",") + 5]
            desk.trace(sheet, 1)
