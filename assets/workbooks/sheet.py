"""The cells of a sheet, row by row, as they stream past: no more than a block is held."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from string import ascii_uppercase
from typing import TypedDict

from assets.workbooks.cell_text import CellTexts
from assets.workbooks.package import MAIN, Attributes, Package, Refused, Sheet, is_on, local

HEAD = 20  # rows of the first block of a sheet: enough to see whether it is the right one
_BLOCK_ROWS = 50_000
_BLOCK_CELLS = 1 << 20
_BLOCK_CHARACTERS = 1 << 22
_MAX_ROWS = 1 << 20
_MAX_COLUMNS = 1 << 14
_CELL_COST = 16  # characters that an empty text counts as: what it takes in a frame
_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_LETTERS = ("", *ascii_uppercase)
_NAMES = [
    a + b + c for a in _LETTERS for b in _LETTERS for c in ascii_uppercase if b or not a
][:_MAX_COLUMNS]  # fmt: skip
_NUMBERS = {name: at for at, name in enumerate(_NAMES)}


class Block(TypedDict):
    """Some rows of a sheet that are not empty, column by column.

    Attributes:
        name: name of the sheet.
        is_visible: the sheet is neither hidden nor very hidden.
        lines: row number in Excel of each row.
        columns: texts of each column, from A on; an empty cell is "".
        faults: position in `lines`, column and rule of each cell that has no certain text.
    """

    name: str
    is_visible: bool
    lines: list[int]
    columns: list[list[str]]
    faults: list[tuple[int, int, str]]


class SheetEnd(TypedDict):
    """What is known of a sheet once it is read.

    Attributes:
        name: its name.
        is_visible: neither hidden nor very hidden.
        filled: rows that are not empty.
        last_line: row number of the last of them.
        hidden_rows: of them, rows that are hidden or filtered out.
        hidden_columns: first and last column, from 0, of each run of hidden columns.
        merged: first row, first column, last row and last column of merged cells.
        is_1904: its days are counted from 1904.
    """

    name: str
    is_visible: bool
    filled: int
    last_line: int
    hidden_rows: int
    hidden_columns: list[tuple[int, int]]
    merged: list[tuple[int, int, int, int]]
    is_1904: bool


@dataclass
class Budget:
    """How many characters may leave the reader, an empty text counted as a few.

    Attributes:
        left: what is left of them.
    """

    left: int

    def spend(self, characters: int) -> None:
        """Count characters.

        Raises:
            Refused: "over_memory".
        """
        self.left -= characters
        if self.left < 0:
            raise Refused("over_memory")


@dataclass
class _Rows:
    """Rows of a block in the making."""

    budget: Budget
    most: int = HEAD
    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    faults: list[tuple[int, int, str]] = field(default_factory=list)
    characters: int = 0
    width: int = 0

    def add(self, line: int, cells: list[str]) -> None:
        cost = sum(map(len, cells)) + _CELL_COST * len(cells)
        self.budget.spend(cost)
        self.characters += cost
        self.width = max(self.width, len(cells))
        self.lines.append(line)
        self.rows.append(cells)

    def is_full(self, width: int) -> bool:
        """Whether a block ends before a row of so many cells."""
        count = len(self.rows)
        return (
            count >= self.most
            or self.characters > _BLOCK_CHARACTERS
            or count * max(self.width, width) > _BLOCK_CELLS
        )

    def block(self, sheet: Sheet) -> Block:
        return {
            "name": sheet.name,
            "is_visible": sheet.is_visible,
            "lines": self.lines,
            "columns": [list(each) for each in zip_longest(*self.rows, fillvalue="")],
            "faults": self.faults,
        }


def read_sheet(
    package: Package, sheet: Sheet, texts: CellTexts, budget: Budget, *, is_1904: bool
) -> Iterator[Block | SheetEnd]:
    """Read a sheet: blocks of its rows, and what is known at its end.

    Args:
        package: the workbook.
        sheet: one of its sheets.
        texts: makes texts of cells.
        budget: of the workbook.
        is_1904: as in `SheetEnd`.

    Raises:
        Refused: cells do not stand in order, or the budget is spent.
        expat.ExpatError: it is no XML.
    """
    end: SheetEnd = {
        "name": sheet.name, "is_visible": sheet.is_visible, "filled": 0, "last_line": 0,
        "hidden_rows": 0, "hidden_columns": [], "merged": [], "is_1904": is_1904,
    }  # fmt: skip
    if sheet.part:
        for rows in _read_rows(package, sheet.part, texts, budget, end):
            yield rows.block(sheet)
    yield end


def _read_rows(  # noqa: C901, PLR0915 (one state; closures cost half of methods)
    package: Package, part: str, texts: CellTexts, budget: Budget, end: SheetEnd
) -> Iterator[_Rows]:
    """Full blocks of rows; fills `end` on the way."""
    shared, plain, number = texts.shared, texts.plain_styles, texts.number
    ready: list[_Rows] = []
    rows = _Rows(budget)
    row, row_name, column = 0, "", -1
    cells: list[str] = []
    faults: list[tuple[int, str]] = []
    kind = style = value = ""
    pieces: list[str] = []  # of the text between two tags
    has_formula = has_value = is_hidden = False
    phonetic = 0
    c_tag = v_tag = row_tag = ""

    def first(element: str, _: Attributes) -> None:
        nonlocal c_tag, v_tag, row_tag
        space, _name, name = element.rpartition(" ")
        if space not in MAIN or name != "worksheet":
            raise Refused("workbook_damaged")
        c_tag, v_tag, row_tag = (f"{space} {each}" for each in ("c", "v", "row"))
        parser.StartElementHandler = start
        parser.EndElementHandler = finish
        parser.CharacterDataHandler = pieces.append

    def start(element: str, attributes: Attributes) -> None:
        nonlocal column, kind, style, value, has_formula, has_value
        if element == v_tag:
            has_value = True
            pieces.clear()
        elif element == c_tag:
            kind = attributes.get("t", "n")
            style = attributes.get("s", "0")
            column += 1
            name = attributes.get("r")
            if name is not None and (column >= _MAX_COLUMNS or name != _NAMES[column] + row_name):
                column = _column(name, row)
            value = ""
            has_formula = has_value = False
        else:
            start_other(local(element), attributes)

    def start_other(name: str, attributes: Attributes) -> None:
        nonlocal row, row_name, column, is_hidden, phonetic, has_formula
        if name == "row":
            before, row = row, int(attributes.get("r", row + 1))
            if not before < row <= _MAX_ROWS:
                raise Refused("workbook_damaged")
            row_name, column = str(row), -1
            is_hidden = is_on(attributes.get("hidden", ""))
        elif name == "f":
            has_formula = True
        elif name == "t":
            pieces.clear()
        elif name == "rPh":
            phonetic += 1
        elif name == "col" and is_on(attributes.get("hidden", "")):
            budget.spend(_CELL_COST)
            columns = int(attributes["min"]) - 1, int(attributes["max"]) - 1
            end["hidden_columns"].append(columns)
        elif name == "mergeCell" and (found := _RANGE.fullmatch(attributes.get("ref", ""))):
            budget.spend(_CELL_COST)
            left, top, right, bottom = found.groups()
            corners = int(top), _NUMBERS[left], int(bottom), _NUMBERS[right]
            end["merged"].append(corners)

    def finish(element: str) -> None:
        nonlocal value
        if element == v_tag:
            value = "".join(pieces)
        elif element == c_tag:
            if value or has_formula:
                finish_cell()
        elif element == row_tag:
            finish_row()
        else:
            finish_other(local(element))

    def finish_other(name: str) -> None:
        nonlocal value, phonetic
        if name == "t" and not phonetic:
            value += "".join(pieces)
        elif name == "rPh":
            phonetic -= 1

    def finish_cell() -> None:
        rule = ""
        if has_formula and texts.is_not_calculated(kind, value, has_value=has_value):
            text, rule = "=", "formula_uncached"
        elif kind == "s" and style in plain and value.isdigit() and int(value) < len(shared):
            text = shared[int(value)]
        elif kind == "n":
            text, rule = number(value, style)
        else:
            text, rule = texts.other(kind, value, style)
        if not text:
            return
        if column > len(cells):
            cells.extend([""] * (column - len(cells)))
        elif column < len(cells):
            raise Refused("workbook_damaged")
        cells.append(text)
        if rule:
            faults.append((column, rule))

    def finish_row() -> None:
        nonlocal rows, cells
        if not cells:
            return
        if rows.is_full(len(cells)):
            ready.append(rows)
            rows = _Rows(budget, _BLOCK_ROWS)
        if faults:
            rows.faults += [(len(rows.rows), *each) for each in faults]
            faults.clear()
        rows.add(row, cells)
        end["filled"] += 1
        end["last_line"] = row
        end["hidden_rows"] += is_hidden
        cells = []

    parser = package.parser(first)
    for _ in package.parsed(part, parser):
        yield from ready
        ready.clear()
    if rows.rows:
        yield rows


def _column(name: str, row: int) -> int:
    """Column of a cell by its name.

    Raises:
        Refused: it is no name, or one of another row.
    """
    found = _REFERENCE.fullmatch(name)
    if found is None or int(found[2]) != row or found[1] not in _NUMBERS:
        raise Refused("workbook_damaged")
    return _NUMBERS[found[1]]
