"""Review the targets: what the years say of each, and which target they would justify.

The first finding of the 2023 evaluation was a target of
80 % for something that had stood above 99 % for years: a target that cannot be missed measures
nothing. A proposal is arithmetic for people to talk about; targets are changed in `schemas.kpis`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.facts import is_met, kpi_value_and_display
from schemas.kpis import KPIS, Kpi

YEARS = 3
# A rate this far above its target in its worst month has a target that says nothing.
_SLACK_POINTS = 2
# Fewer months than this carry no proposal.
_ENOUGH_MONTHS = 6


@dataclass(frozen=True)
class Review:
    """The review of one target.

    Attributes:
        kpi: whose.
        history: (year, figure as displayed), oldest first; — where there is none.
        worst: lowest month as displayed, and which; empty where there is none.
        missed: months below the target.
        months: months with a figure.
        proposed: target that the history would justify; that of today where it stays.
        reason: why, in Chinese.
    """

    kpi: Kpi
    history: tuple[tuple[int, str], ...]
    worst: tuple[str, str]
    missed: int
    months: int
    proposed: float
    reason: str


def _rounded(value: float, unit: str) -> int:
    """A figure rounded down to something a target can be: whole percents, two leading digits."""
    if unit == "%" or value < 100:
        return math.floor(value)
    step = 10 ** (len(str(int(value))) - 2)
    return int(value // step * step)


def _propose(kpi: Kpi, worst: float | None, missed: int, months: int) -> tuple[float, str]:
    target = kpi.target or 0
    if worst is None or months < _ENOUGH_MONTHS:
        return target, f"只有{months}个月的数据，不足{_ENOUGH_MONTHS}个月，暂不建议调整"
    if missed:
        return target, f"{months}个月中有{missed}个月未达到，目标保持，先解决未达标的原因"
    candidate = _rounded(worst, kpi.unit)
    # A share is to be missable by whole points, a count by anything.
    if candidate <= target or (kpi.unit == "%" and candidate - target < _SLACK_POINTS):
        return target, "各月都达到，最低月份与目标接近，目标合适"
    return candidate, "最低的月份也明显高于目标，目标不起作用，建议提高到最低月份的水平"


def review(release: Path, year: int) -> Iterator[Review]:
    """Review every KPI that has a target.

    Args:
        release: folder of the release; resolve `current` once before.
        year: the last of the years looked at.
    """
    years = range(year - YEARS + 1, year + 1)
    paths = [
        path
        for path in sorted((release / "facts" / "kpi_monthly").glob("*.parquet"))
        if int(path.stem[:4]) in years
    ]
    columns = ["month", "metric", "numerator", "denominator", "value", "display"]
    rows = pl.concat([pl.read_parquet(each, columns=columns) for each in paths]) if paths else None
    for kpi in KPIS:
        if kpi.target is None:
            continue
        own = [] if rows is None else rows.filter(metric=kpi.id).drop_nulls("value").to_dicts()
        lowest = min(own, key=lambda each: (each["value"], each["month"]), default=None)
        missed = sum(is_met(kpi, each["numerator"], each["denominator"]) is False for each in own)
        value = lowest["value"] if lowest else None
        proposed, reason = _propose(kpi, value, missed, len(own))
        yield Review(
            kpi,
            tuple((each, _year(kpi, own, each)) for each in years),
            (lowest["display"], lowest["month"]) if lowest else ("", ""),
            missed,
            len(own),
            proposed,
            reason,
        )


def _year(kpi: Kpi, rows: list[dict[str, int]], year: int) -> str:
    own = [each for each in rows if str(each["month"]).startswith(f"{year}-")]
    if not own:
        return kpi_value_and_display(kpi, None, None)[1]
    numerator = sum(each["numerator"] for each in own)
    if kpi.denominator is None:
        # A target of a count is a month's: so is the history, as the mean of the year's months.
        return f"{numerator // len(own)}"
    return kpi_value_and_display(kpi, numerator, sum(each["denominator"] for each in own))[1]
