"""Kinds of bad rows that occur in several datasets: ids, codes, times, lengths, missing values.

Belongs here: one small function for each kind, which turns a good row with fresh ids into a bad
one. Rules about several columns of one dataset are in `call_rows`, `ticket_rows` and
`other_rows`.
"""

from datetime import datetime, timedelta

import numpy as np

from assets.sample.damage.kind import Row
from assets.sample.damage.registry import bad_row
from assets.sample.year import DAILY_TIMES

KEYS = {
    "calls": "call_id",
    "tickets": "ticket_id",
    "callbacks": "callback_id",
    "quality": "inspection_id",
    "knowledge": "article_id",
}
_REQUIRED = {
    "calls": ("line", "offered_at", "ended_at"),
    "tickets": ("channel", "region", "title", "accepted_at", "category"),
    "callbacks": ("ticket_id", "called_at", "result"),
    "quality": ("call_id", "inspected_at", "score"),
    "knowledge": ("title", "unit"),
    "staff": ("agent_id",),
    "survey": ("answer",),
}
_CODES = {
    "calls": ("outcome", "已接"),
    "tickets": ("channel", "传真"),
    "callbacks": ("result", "空号"),
    "quality": ("passed", "合格"),
    "knowledge": ("action", "删除"),
    "staff": ("assessment", "良好"),
    "declared": ("metric", "average_mood"),
}
_FORM = "%Y-%m-%d %H:%M:%S"


def shifted(text: str | None, seconds: int) -> str:
    """A time as the platform writes it, so many seconds later."""
    assert text is not None
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).strftime(_FORM)


@bad_row("calls", "tickets", rule="scientific_id")
def id_in_scientific_notation(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An id that a spreadsheet turned into 2.02504E+12."""
    return row | {KEYS[dataset]: f"2.{rng.integers(10_000, 99_999)}E+17"}


@bad_row("quality", rule="scientific_id")
def call_in_scientific_notation(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An inspection whose call can no longer be told."""
    return row | {"call_id": f"2.{rng.integers(10_000, 99_999)}E+17"}


@bad_row(*_REQUIRED, rule="required")
def required_value_missing(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A value that must be there is empty, or is one of the signs for "none"."""
    column = str(rng.choice(_REQUIRED[dataset]))
    return row | {column: str(rng.choice(["", "-", "NULL"])) or None}


@bad_row(*DAILY_TIMES, rule="timestamp")
def impossible_date(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A day that no calendar has."""
    return row | {DAILY_TIMES[dataset]: f"2023-02-30 {rng.integers(10, 24)}:15:00"}


@bad_row(*DAILY_TIMES, rule="timestamp")
def time_as_a_number(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A time of day that was written as the number 000400.0."""
    column = DAILY_TIMES[dataset]
    return row | {column: f"{(row[column] or '')[:10]} 000{rng.integers(100, 960)}.0"}


@bad_row(*_CODES, rule="code")
def unknown_code(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A value that is not in the list of codes."""
    column, code = _CODES[dataset]
    return row | {column: code}


@bad_row(*KEYS, rule="too_long")
def id_too_long(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An id of more than 64 characters."""
    column = KEYS[dataset]
    return row | {column: (row[column] or "") + "0" * 60}


@bad_row(*KEYS, rule="control_character")
def control_character_in_id(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An id with a bell or a zero-width space in it."""
    column = KEYS[dataset]
    sign = str(rng.choice(["\x07", "\u200b", "\x1f"]))
    text = row[column] or ""
    return row | {column: f"{text[:8]}{sign}{text[8:]}"}


@bad_row(*DAILY_TIMES, rule="timestamp_range")
def before_the_hotline(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A time before 2015: the clock of the exchange was reset."""
    return row | {DAILY_TIMES[dataset]: f"2014-12-{rng.integers(10, 32)} 23:59:59"}


@bad_row(*DAILY_TIMES, rule="timestamp_range")
def after_the_export(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A time more than a day after the export."""
    column = DAILY_TIMES[dataset]
    return row | {column: shifted(row[column], 86_400 * int(rng.integers(3, 40)))}
