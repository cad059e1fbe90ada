"""Seeded damage to a text export; every mutation knows which rows it has touched.

Belongs here: what can be done to the lines of a file. A line whose `key` is None is no valid row
any more, and nothing is expected of it but that it is accounted for. Damage to archives and
workbooks is in `archives.py`.
"""

import csv
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fuzz.corpus import NASTY, NASTY_BYTES

# What a file may be refused for once its header is not what it was.
HEADER_RULES = frozenset(
    {"header_unknown", "header_extra", "header_missing", "header_doubled", "encoding",
     "encoding_utf16", "no_valid_line", "empty_file"}
)  # fmt: skip


@dataclass
class Line:
    """A line, or the lines of one record.

    Attributes:
        raw: its bytes without the last line end.
        key: key of the valid row that it holds, or None.
    """

    raw: bytes
    key: str | None


@dataclass
class Sheet:
    """A text export on its way to being damaged.

    Attributes:
        header: the header row without its line end.
        lines: what stands below it.
        encoding: of all of it.
        separator: between cells.
        end: line end.
        above: bytes in front of the header.
        below: bytes after the last line.
        may_refuse: file rules for which a declared refusal is right by now.
    """

    header: bytes
    lines: list[Line]
    encoding: str
    separator: bytes = b","
    end: bytes = b"\n"
    above: bytes = b""
    below: bytes = b""
    may_refuse: set[str] = field(default_factory=set)

    def content(self, chance: random.Random) -> bytes:
        """The file; its line ends differ from line to line where `end` is empty."""
        ends = [self.end] if self.end else [b"\n", b"\r\n", b"\r"]
        lines = [self.header, *(line.raw for line in self.lines)]
        body = b"".join(line + chance.choice(ends) for line in lines[:-1])
        return self.above + body + lines[-1] + self.below


Mutation = Callable[[random.Random, Sheet], None]
MUTATIONS: dict[str, Mutation] = {}


def mutation(function: Mutation) -> Mutation:
    """Register a mutation under the name of its function."""
    MUTATIONS[function.__name__] = function
    return function


def _any_line(chance: random.Random, sheet: Sheet) -> Line:
    line = chance.choice(sheet.lines)
    line.key = None
    return line


def _encoded(text: str, sheet: Sheet) -> bytes:
    return text.encode(sheet.encoding, "surrogatepass")


def _in_one_cell(chance: random.Random, sheet: Sheet, change: Callable[[bytes], bytes]) -> None:
    line = _any_line(chance, sheet)
    cells = line.raw.split(sheet.separator)
    at = chance.randrange(len(cells))
    cells[at] = change(cells[at])
    line.raw = sheet.separator.join(cells)


# ---- bytes


@mutation
def bytes_flipped(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    raw = bytearray(line.raw or b"x")
    for _ in range(chance.randint(1, 4)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    line.raw = bytes(raw)


@mutation
def bytes_replaced(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    raw = bytearray(line.raw or b"x")
    for _ in range(chance.randint(1, 6)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    line.raw = bytes(raw)


@mutation
def bytes_inserted(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    at = chance.randrange(len(line.raw) + 1)
    line.raw = line.raw[:at] + chance.choice(NASTY_BYTES) + line.raw[at:]


@mutation
def a_sector_of_nulls(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    at = chance.randrange(len(line.raw) + 1)
    line.raw = line.raw[:at] + bytes(512)


@mutation
def header_bytes_flipped(chance: random.Random, sheet: Sheet) -> None:
    header = bytearray(sheet.header)
    header[chance.randrange(len(header))] ^= 1 << chance.randrange(8)
    sheet.header = bytes(header)
    sheet.may_refuse |= HEADER_RULES


# ---- lines


@mutation
def a_line_lost(chance: random.Random, sheet: Sheet) -> None:
    sheet.lines.remove(chance.choice(sheet.lines))


@mutation
def a_line_cut(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    line.raw = line.raw[: chance.randrange(len(line.raw) + 1)]


@mutation
def a_line_broken(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    at = chance.randrange(len(line.raw) + 1)
    line.raw = line.raw[:at] + chance.choice([b"\n", b"\r\n", b"\r", b"\n\n"]) + line.raw[at:]


@mutation
def a_line_doubled(chance: random.Random, sheet: Sheet) -> None:
    line = chance.choice(sheet.lines)
    sheet.lines.insert(chance.randrange(len(sheet.lines) + 1), Line(line.raw, line.key))


@mutation
def two_lines_merged(chance: random.Random, sheet: Sheet) -> None:
    if len(sheet.lines) > 1:
        at = chance.randrange(len(sheet.lines) - 1)
        second = sheet.lines.pop(at + 1)
        sheet.lines[at] = Line(sheet.lines[at].raw + second.raw, None)


@mutation
def a_strange_line(chance: random.Random, sheet: Sheet) -> None:
    raw = chance.choice(
        [
            chance.randbytes(chance.randint(1, 200)),
            chance.choice(NASTY_BYTES),
            _encoded(chance.choice(NASTY), sheet),
            sheet.header,
            b"",
            sheet.separator * sheet.header.count(sheet.separator),
            _encoded("合计", sheet) + sheet.separator * sheet.header.count(sheet.separator),
        ]
    )
    sheet.lines.insert(chance.randrange(len(sheet.lines) + 1), Line(raw, None))


@mutation
def lines_in_another_order(chance: random.Random, sheet: Sheet) -> None:
    chance.shuffle(sheet.lines)


@mutation
def the_end_cut_off(chance: random.Random, sheet: Sheet) -> None:
    line = sheet.lines[-1]
    line.raw, line.key = line.raw[: chance.randrange(len(line.raw) + 1)], None
    sheet.below = b""


@mutation
def other_line_ends(chance: random.Random, sheet: Sheet) -> None:
    sheet.end = chance.choice([b"\r\n", b"\r", b"\n", b""])


@mutation
def a_banner_above(chance: random.Random, sheet: Sheet) -> None:
    sheet.above = _encoded("汉中市12345热线\n制表日期,2023-01-06\n\n", sheet) + sheet.above


@mutation
def totals_below(chance: random.Random, sheet: Sheet) -> None:
    if sheet.below:
        sheet.below += _encoded(chance.choice(["合计,12\n", "总计\n", ",,,\n\n"]), sheet)


# ---- cells


@mutation
def a_nasty_value(chance: random.Random, sheet: Sheet) -> None:
    value = chance.choice(NASTY)
    _in_one_cell(chance, sheet, lambda cell: _encoded(value, sheet))


@mutation
def a_nasty_value_in_quotes(chance: random.Random, sheet: Sheet) -> None:
    value = '"' + chance.choice(NASTY).replace('"', '""') + '"'
    _in_one_cell(chance, sheet, lambda cell: _encoded(value, sheet))


@mutation
def a_nasty_value_appended(chance: random.Random, sheet: Sheet) -> None:
    value = chance.choice(NASTY)
    _in_one_cell(chance, sheet, lambda cell: cell + _encoded(value, sheet))


@mutation
def many_nasty_values(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    count = line.raw.count(sheet.separator) + 1
    values = (_encoded(chance.choice(NASTY), sheet) for _ in range(count))
    line.raw = sheet.separator.join(values)


@mutation
def two_cells_swapped(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    cells = line.raw.split(sheet.separator)
    first, second = chance.randrange(len(cells)), chance.randrange(len(cells))
    cells[first], cells[second] = cells[second], cells[first]
    line.raw = sheet.separator.join(cells)


@mutation
def a_cell_too_many(chance: random.Random, sheet: Sheet) -> None:
    _in_one_cell(chance, sheet, lambda cell: cell + sheet.separator + cell)


@mutation
def a_cell_too_few(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    cells = line.raw.split(sheet.separator)
    cells.pop(chance.randrange(len(cells)))
    line.raw = sheet.separator.join(cells)


@mutation
def an_unquoted_comma_that_leaves_the_width(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    cells = line.raw.split(sheet.separator)
    at = chance.randrange(len(cells))
    cells[at] = cells[at] + sheet.separator + b"x"
    line.raw = sheet.separator.join(sheet.separator.join(cells).split(sheet.separator)[:-1])


@mutation
def another_encoding(chance: random.Random, sheet: Sheet) -> None:
    line = _any_line(chance, sheet)
    others = [each for each in ("utf-8", "gb18030", "utf-16-le", "big5") if each != sheet.encoding]
    text = line.raw.decode(sheet.encoding, "replace")
    line.raw = text.encode(chance.choice(others), "replace")


def a_copy_becomes_the_header(sheet: Sheet, header: bytes) -> None:
    """Give up the rows above a copy of the header where the header itself is no longer one.

    Whatever stands above a header is a banner.
    """
    copies = [at for at, line in enumerate(sheet.lines) if header in line.raw]
    if copies and sheet.header != header:
        for line in sheet.lines[: copies[0]]:
            line.key = None


def quotes_reach_further(sheet: Sheet) -> None:
    """Give up the rows between a quote that damage has opened and one that may close it.

    They are one quoted field by the rules of CSV, and nobody can tell that it was not meant.
    """
    damaged = [at for at, line in enumerate(sheet.lines) if line.key is None and b'"' in line.raw]
    for at in damaged:
        if _opens(sheet.lines[at].raw, sheet.separator):
            for line in sheet.lines[at : damaged[-1] + 1]:
                line.key = None
            return


def _opens(raw: bytes, separator: bytes) -> bool:
    lines = raw.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for first in range(len(lines)):
        reader = csv.reader(
            (line + "\n" for line in lines[first:]), delimiter=separator.decode(), strict=True
        )
        try:
            next(reader)
        except csv.Error:
            return True
    return False
