"""The bytes of an Excel workbook, as platforms write them: ids as text, times partly real dates.

Belongs here: cell types. The same sheet gives the same bytes whenever it is written.
"""

import io
from datetime import datetime

import xlsxwriter

from assets.sample.sheets import Cell, Sheet
from schemas import EXPORTS
from schemas.fields import Kind

CREATED = datetime(2024, 1, 1)
_NUMBERS = (Kind.INTEGER, Kind.NUMBER)


def workbook_bytes(sheet: Sheet) -> bytes:
    """One worksheet with a header row; every third row holds real dates instead of text."""
    table = EXPORTS[sheet.dataset]
    kinds = [table.by_name[name].kind for name in sheet.titles]
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        page = book.add_worksheet(table.title)
        as_time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for number, line in enumerate(sheet.above):
            page.write_string(number, 0, line)
        top = len(sheet.above)
        for column, title in enumerate(sheet.titles.values()):
            page.write_string(top, column, title)
        body: list[tuple[Cell, ...]] = list(sheet.rows.select(list(sheet.titles)).rows())
        body += [tuple(row.get(name) for name in sheet.titles) for row in sheet.cells]
        for number, row in enumerate(body, start=top + 1):
            for column, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
                if cell is None:
                    continue
                if isinstance(cell, float):
                    page.write_number(number, column, cell)
                elif kind in _NUMBERS:
                    page.write_number(number, column, float(cell))
                elif kind is Kind.TIMESTAMP and number % 3 == 0 and _is_time(cell):
                    page.write_datetime(number, column, datetime.fromisoformat(cell), as_time)
                else:
                    page.write_string(number, column, cell)
    return target.getvalue()


def _is_time(text: str) -> bool:
    """Whether it is a time and not one of the signs for "none"."""
    return len(text) == len("2023-01-01 00:00:00") and text.startswith("202")
