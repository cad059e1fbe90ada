"""Kinds of bad tickets: states that contradict each other, texts damaged or too long.

Belongs here: one small function for each kind. The row that it gets is a dispatched ticket that
has been closed.
"""

import numpy as np

from assets.sample.damage.any_rows import shifted
from assets.sample.damage.kind import Row
from assets.sample.damage.registry import bad_row

NAME_LENGTH, TITLE_LENGTH, CONTENT_LENGTH = 200, 500, 20_000


@bad_row("tickets", rule="dispatched_at_before_accepted_at")
def dispatched_before_accepted(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A ticket that was handed over before it came in."""
    return row | {"dispatched_at": shifted(row["accepted_at"], -int(rng.integers(60, 9000)))}


@bad_row("tickets", rule="closed_at_before_dispatched_at")
def closed_before_dispatched(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A ticket that was closed before it was handed over."""
    return row | {"closed_at": shifted(row["dispatched_at"], -int(rng.integers(1, 60)))}


@bad_row("tickets", rule="closed_exactly_when_done")
def closed_without_time(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A closed ticket without the time of closing."""
    return row | {"closed_at": None}


@bad_row("tickets", rule="closed_exactly_when_done")
def open_with_closing_time(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An open ticket with a time of closing."""
    return row | {"status": str(rng.choice(["受理", "办理中", "退回", "已作废"]))}


@bad_row("tickets", rule="dispatched_without_unit")
def dispatched_without_unit(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A ticket that was handed over to nobody."""
    return row | {"unit": None}


@bad_row("tickets", rule="merged_into")
def merged_into_nothing(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A merged ticket that does not say into which."""
    return row | {"status": "已并单"}


@bad_row("tickets", rule="merged_into")
def host_without_merging(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A closed ticket that names a host although it was not merged."""
    return row | {"merged_into": "HZ20230101000001"}


@bad_row("tickets", rule="extended_before_accepted")
def extended_before_accepted(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An extension that ends before the ticket came in."""
    return row | {"extended_to": shifted(row["accepted_at"], -86_400)}


@bad_row("tickets", rule="timestamp_range")
def extended_for_years(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """An extension of more than a year."""
    return row | {"extended_to": shifted(row["accepted_at"], 86_400 * int(rng.integers(400, 900)))}


@bad_row("tickets", rule="number_range")
def negative_returns(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A ticket that was sent back less often than never."""
    return row | {"returns": "-1"}


@bad_row("tickets", rule="number")
def returns_in_words(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A number that is written in words."""
    return row | {"returns": "两次"}


@bad_row("tickets", rule="damaged_text")
def category_with_question_marks(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A category that lost a character to an encoding that does not know it."""
    text = row["category"] or ""
    at = int(rng.integers(0, len(text)))
    return row | {"category": f"{text[:at]}?{text[at + 1 :]}"}


@bad_row("tickets", rule="too_long")
def category_too_long(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A category that swallowed a text."""
    return row | {"category": (row["category"] or "") * (NAME_LENGTH // 4 + 1)}


@bad_row("tickets", rule="too_long")
def unit_too_long(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """All units of the county in one cell."""
    return row | {"unit": "、".join([row["unit"] or ""] * (NAME_LENGTH // 5))}


@bad_row("tickets", rule="too_long")
def title_too_long(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """The whole text in the title."""
    return row | {"title": (row["title"] or "无题").ljust(TITLE_LENGTH + 1, "略")}


@bad_row("tickets", rule="too_long", at_most=3)
def content_too_long(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A text of more than 20,000 characters."""
    return row | {"content": (row["content"] or "").ljust(CONTENT_LENGTH + 1, "略")}
