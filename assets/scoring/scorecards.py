"""The scorecard of a year, read from a release.

Belongs here: which file it is read from, totals, and both sets of weights.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from assets.core import HotlineError
from assets.scoring.score import Score, score


@dataclass(frozen=True)
class Scorecard:
    """The scores of a year.

    Attributes:
        year: the year.
        release: id of the release that it was read from.
        scores: of the indicators of the scheme, in its order of levels.
        alternative: total by the scheme's second set of weights; None where it has none.
        printed_annex: total of the scores that the evaluation's own annex prints; None likewise.
    """

    year: int
    release: str
    scores: tuple[Score, ...]
    alternative: float | None
    printed_annex: float | None

    @property
    def total(self) -> float:
        """Sum of the marks; missing indicators add nothing."""
        return round(sum(each.score or 0.0 for each in self.scores), 4)

    @property
    def printed(self) -> float | None:
        """Sum of the printed scores; None where none was printed."""
        found = [each.printed for each in self.scores if each.printed is not None]
        return round(sum(found), 4) if found else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the indicators that have no figure."""
        return tuple(each.title for each in self.scores if each.score is None)


def scorecard(release: Path, year: int) -> Scorecard:
    """Score a year.

    Args:
        release: folder of the release; resolve `current` once before.
        year: which year.

    Raises:
        HotlineError: the release has no indicators of that year.
    """
    path = release / "indicators" / f"{year}.parquet"
    if not path.exists():
        there = "、".join(sorted(each.stem for each in path.parent.glob("*.parquet"))) or "无"
        raise HotlineError(
            f"发布 {release.name} 里没有 {year} 年的绩效指标（有：{there}）："
            "请核对年度，或先运行 hotline run。"
        )
    rows = pl.read_parquet(path).sort("position").to_dicts()
    alternative = None
    if any(row["alternative_weight"] is not None for row in rows):
        other = (score(row, weight=row["alternative_weight"]) for row in rows)
        alternative = round(sum(each.score or 0.0 for each in other), 4)
    annex = [row["printed_annex_score"] for row in rows]
    printed = [
        row["printed_score"] if own is None else own for row, own in zip(rows, annex, strict=True)
    ]
    return Scorecard(
        year,
        release.name,
        tuple(score(row) for row in rows if row["weight"]),
        alternative,
        round(sum(each or 0.0 for each in printed), 4)
        if any(each is not None for each in annex)
        else None,
    )
