"""Kinds of lines that are no proper rows: too wide, shifted, broken in two.

Belongs here: one small function for each kind, which lays a good row with fresh ids down wrongly.
"""

from assets.sample.damage.kind import Row
from assets.sample.damage.registry import bad_line
from assets.sample.sheets import csv_line

# Where the line is broken, or the comma stands.
_TYPED = {"calls": "line", "tickets": "title", "callbacks": "ticket_id", "knowledge": "title"}


def _cells(row: Row) -> list[str]:
    return ["" if cell is None else cell for cell in row.values()]


@bad_line("tickets", "knowledge", rule="field_count")
def unquoted_comma(row: Row, dataset: str) -> list[str]:
    """An unquoted comma in a title: the columns shift and the line is too wide."""
    cells = _cells(row)
    at = list(row).index(_TYPED[dataset])
    left, text, right = cells[:at], cells[at], cells[at + 1 :]
    return [",".join([*map(_quoted, left), text[:3], text[3:], *map(_quoted, right)])]


@bad_line("tickets", rule="code")
def shifted_values(row: Row, dataset: str) -> list[str]:
    """An unquoted comma in the title, and an empty sector left out: shifted, of the right width."""
    cells = _cells(row)
    sector, title = list(row).index("sector"), list(row).index("title")
    parts = [cells[title][:4], cells[title][4:] or "等"]
    left = [*cells[:sector], *cells[sector + 1 : title]]
    return [csv_line([*left, *parts, *cells[title + 1 :]])]


@bad_line("calls", "tickets", "callbacks", rule="field_count", lines=2)
def broken_in_two(row: Row, dataset: str) -> list[str]:
    """A record broken in two by a newline outside quotes."""
    cells = _cells(row)
    at = list(row).index(_TYPED[dataset])
    text = cells[at]
    half = len(text) // 2
    first = csv_line([*cells[:at], text[:half]])
    second = csv_line([text[half:], *cells[at + 1 :]])
    return [first, second]


def _quoted(cell: str) -> str:
    return csv_line([cell, ""])[:-1]
