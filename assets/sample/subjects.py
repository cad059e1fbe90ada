"""What tickets are about and where: subjects, units, regions, drawn from `subjects.toml`.

Belongs here: the catalogue and the draw. The sentences are put together in `texts`.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from assets.sample.clock import Flags, Floats, Ints
from assets.sample.volumes import read_data

DIRECT_TYPES = ("咨询", "求助", "建议", "表扬", "投诉", "其他")
DIRECT_TYPE_SHARES = (0.885, 0.05, 0.02, 0.01, 0.02, 0.015)
DISPATCHED_TYPES = ("求助", "投诉", "举报", "咨询", "建议", "其他", "表扬")
DISPATCHED_TYPE_SHARES = (0.385, 0.335, 0.09, 0.11, 0.045, 0.025, 0.01)
CONSULTATION = "咨询"
# Share of a county's matters that its own government handles instead of the city's bureau.
COUNTY_SHARE = 0.5


@dataclass(frozen=True)
class Catalogue:
    """Subjects and regions as columns, to be drawn from by position.

    Attributes:
        categories: category of each subject.
        sectors: sector of each subject, or None.
        units: unit in charge of each subject.
        ask_weights: weight of each subject among direct answers.
        issue_weights: weight of each subject among dispatched tickets.
        regions: name of each region.
        region_weights: weight of each region.
        region_units: unit of each region's government.
    """

    categories: pl.Series
    sectors: pl.Series
    units: pl.Series
    ask_weights: Floats
    issue_weights: Floats
    regions: pl.Series
    region_weights: Floats
    region_units: pl.Series


@cache
def load_catalogue() -> Catalogue:
    """Read the catalogue from `subjects.toml`."""
    content = read_data("subjects.toml")
    subjects, regions = content["subject"], content["region"]
    weights = np.array([each["weights"] for each in subjects], np.float64)
    region_weights = np.array([each["weight"] for each in regions], np.float64)
    return Catalogue(
        categories=pl.Series([each["category"] for each in subjects]),
        sectors=pl.Series([each.get("sector") for each in subjects], dtype=pl.String),
        units=pl.Series([each["unit"] for each in subjects]),
        ask_weights=weights[:, 0] / weights[:, 0].sum(),
        issue_weights=weights[:, 1] / weights[:, 1].sum(),
        regions=pl.Series([each["name"] for each in regions]),
        region_weights=region_weights / region_weights.sum(),
        region_units=pl.Series([each["unit"] for each in regions]),
    )


@dataclass(frozen=True)
class Matters:
    """What each ticket of the year is about; all attributes have one entry a ticket.

    Attributes:
        subject: position in the catalogue of subjects.
        first_subject: the same as the agent first filed it, corrected later.
        region: position in the catalogue of regions.
        ticket_type: kind of request.
        urgency: urgency.
        first_unit: unit that it is dispatched to.
        second_unit: unit that it goes to when the first one sends it back.
    """

    subject: Ints
    first_subject: Ints
    region: Ints
    ticket_type: pl.Series
    urgency: pl.Series
    first_unit: pl.Series
    second_unit: pl.Series


def draw_matters(rng: np.random.Generator, direct: Flags, origin: Ints) -> Matters:
    """Draw what tickets are about.

    Args:
        rng: stream to draw from.
        direct: which tickets are answered on the spot.
        origin: position of the ticket that was the first about the same matter.
    """
    catalogue = load_catalogue()
    count = len(direct)
    positions = len(catalogue.categories)
    asked = rng.choice(positions, count, p=catalogue.ask_weights)
    issued = rng.choice(positions, count, p=catalogue.issue_weights)
    subject = np.where(direct, asked, issued)[origin]
    misfiled = ~direct & (rng.random(count) < 0.01)
    region = rng.choice(len(catalogue.regions), count, p=catalogue.region_weights)[origin]
    by_county = rng.random(count) < COUNTY_SHARE
    bureau, county = catalogue.units.gather(subject), catalogue.region_units.gather(region)
    chosen = pl.Series(by_county)
    return Matters(
        subject=subject,
        first_subject=np.where(misfiled, asked, subject),
        region=region,
        ticket_type=_pick(rng, direct, DIRECT_TYPES, DIRECT_TYPE_SHARES).zip_with(
            pl.Series(direct), _pick(rng, direct, DISPATCHED_TYPES, DISPATCHED_TYPE_SHARES)
        ),
        urgency=_urgency(rng, direct),
        first_unit=county.zip_with(chosen, bureau),
        second_unit=bureau.zip_with(chosen, county),
    )


def _pick(
    rng: np.random.Generator, like: Flags, names: tuple[str, ...], shares: tuple[float, ...]
) -> pl.Series:
    return pl.Series(names).gather(rng.choice(len(names), len(like), p=shares))


def _urgency(rng: np.random.Generator, direct: Flags) -> pl.Series:
    drawn = rng.random(len(direct))
    level = np.where(direct, drawn < 0.01, (drawn < 0.06).astype(int) + (drawn < 0.006))
    return pl.Series(["一般", "紧急", "突发"]).gather(level.astype(np.int64))
