"""The true rows of the whole year, dataset by dataset, as text in canonical column names.

Belongs here: which random stream serves which dataset, and the text form of values. In which
files the rows are laid down, and how they are damaged on the way, is decided elsewhere.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.sample.callbacks import make_callbacks
from assets.sample.calls import make_calls
from assets.sample.knowledge import make_knowledge
from assets.sample.quality import make_quality
from assets.sample.tickets import make_tickets
from assets.sample.versions import ticket_versions
from assets.sample.volumes import Volumes
from assets.sample.yearly import make_annual, make_declared, make_staff, make_survey

FILE_DATE = "__date"
DAILY_TIMES = {
    "calls": "offered_at",
    "tickets": "updated_at",
    "callbacks": "called_at",
    "quality": "inspected_at",
    "knowledge": "updated_at",
}


@dataclass(frozen=True)
class Year:
    """Everything that truly happened.

    Attributes:
        rows: dataset -> its rows, all text, with `__date`, the digits of the file that each row
            belongs to; sorted by them.
        damage: stream for everything that happens to the rows on their way.
    """

    rows: dict[str, pl.DataFrame]
    damage: np.random.SeedSequence


def _as_text(rows: pl.DataFrame, dates: pl.Expr) -> pl.DataFrame:
    """Every value as the platform writes it."""
    return rows.select(
        dates.alias(FILE_DATE),
        pl.selectors.temporal().dt.strftime("%Y-%m-%d %H:%M:%S"),
        ~pl.selectors.temporal(),
    ).select(
        FILE_DATE,
        *(pl.col(name).cast(pl.String) for name in rows.columns),
    )


def make_year(seed: int, volumes: Volumes) -> Year:
    """Draw the year.

    Args:
        seed: the same seed gives the same rows.
        volumes: the published figures that the rows must add up to.
    """
    of_calls, of_tickets, of_callbacks, of_quality, of_knowledge, of_staff, of_survey, damage = (
        np.random.SeedSequence(seed).spawn(8)
    )
    calls = make_calls(of_calls, volumes)
    tickets = make_tickets(of_tickets, volumes, calls)
    daily = {
        "calls": calls,
        "tickets": ticket_versions(tickets),
        "callbacks": make_callbacks(of_callbacks, volumes, tickets),
        "quality": make_quality(of_quality, volumes, calls),
        "knowledge": make_knowledge(of_knowledge, volumes),
    }
    rows = {
        name: _as_text(frame, pl.col(DAILY_TIMES[name]).dt.strftime("%Y%m%d"))
        for name, frame in daily.items()
    }
    month = pl.col("month").str.replace("-", "")
    whole_year = pl.lit(str(volumes.year))
    rows["staff"] = _as_text(make_staff(of_staff, volumes), month)
    rows["survey"] = _as_text(make_survey(of_survey, volumes), whole_year)
    rows["annual"] = _as_text(make_annual(volumes), whole_year)
    rows["declared"] = _as_text(make_declared(volumes), whole_year)
    return Year(rows, damage)
