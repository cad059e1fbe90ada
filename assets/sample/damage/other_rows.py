"""Kinds of bad rows in the small datasets: callbacks, inspections, staff, survey, yearly forms.

Belongs here: one small function for each kind.
"""

import numpy as np

from assets.sample.damage.kind import Row
from assets.sample.damage.registry import bad_row


@bad_row("callbacks", rule="satisfaction_without_contact")
def satisfaction_without_contact(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A citizen who was not reached and yet is satisfied."""
    return row | {"result": str(rng.choice(["未接通", "拒访"])), "satisfaction": "满意"}


@bad_row("quality", rule="number_range")
def score_above_hundred(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A score of more than 100 points."""
    return row | {"score": str(rng.integers(101, 130))}


@bad_row("quality", rule="number_range")
def score_below_zero(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A score of less than 0 points."""
    return row | {"score": str(-rng.integers(1, 30))}


@bad_row("quality", rule="number")
def score_in_words(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A score that is written in words."""
    return row | {"score": "九十分"}


@bad_row("knowledge", rule="too_long")
def article_title_too_long(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """The whole article in its title."""
    return row | {"title": (row["title"] or "") * 60}


@bad_row("staff", rule="pattern")
def month_in_words(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A month that is not written as agreed."""
    return row | {"month": "2023年7月"}


@bad_row("survey", rule="number_range")
def question_ten(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """The open question, which is not among the nine."""
    return row | {"question": "10", "answer": "希望周末也能办事"}


@bad_row("annual", rule="number")
def figure_in_words(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A figure with a word in it."""
    return row | {"value": "约256"}


@bad_row("annual", rule="number_range")
def year_of_two_digits(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A year without its century."""
    return row | {"year": "23"}


@bad_row("declared", rule="pattern")
def quarter_as_period(row: Row, dataset: str, rng: np.random.Generator) -> Row:
    """A period that is neither a year nor a month."""
    return row | {"period": "2023年一季度"}
