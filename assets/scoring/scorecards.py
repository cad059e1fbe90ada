"""The scorecard of a year, by the rules that stand in its indicator inputs.

This is what a downstream tool does: nothing of the warehouse is used but one Parquet file of a
release; `examples/scorecard.sql` does the same in DuckDB.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from assets.core import HotlineError

Row = Mapping[str, Any]
# A quotient that is whole on paper (0.3 short, steps of 0.1) may be a hair less in binary.
_HAIR = 1e-9


@dataclass(frozen=True)
class Score:
    """The marks of one indicator.

    Attributes:
        indicator: its id.
        title: name of its third level.
        weight: full marks.
        display: the figure that is scored, as printed.
        score: marks by the rule; None where the figure is missing.
        printed: marks that the evaluation printed; None where it printed none.
        reason: how the rule gives the marks, in Chinese.
        note: where the evaluation contradicts itself.
    """

    indicator: str
    title: str
    weight: float
    display: str
    score: float | None
    printed: float | None
    reason: str
    note: str

    @property
    def differs(self) -> bool:
        """Whether the rule gives other marks than were printed."""
        return None not in (self.score, self.printed) and self.score != self.printed


def _linear(row: Row) -> tuple[float, str]:
    short = row["target"] - row["value"]
    if short <= 0:
        return row["weight"], f"达到目标{row['target']:g}{row['unit']}，得满分"
    steps = int(short / row["per"] + _HAIR)
    marks = row["weight"] - row["step"] * steps
    return marks, (
        f"比目标{row['target']:g}{row['unit']}低，每满{row['per']:g}扣{row['step']:g}分，"
        f"扣{row['step'] * steps:g}分"
    )


def _months(row: Row) -> tuple[float, str]:
    below, step = row["months_below_target"], row["step"]
    return (
        row["weight"] - step * below,
        f"{below}个月未达{row['target']:g}{row['unit']}，每月扣{step:g}分",
    )


def _bands(row: Row) -> tuple[float, str]:
    reached = next((each for each in row["bands"] if row["value"] >= each["at_least"]), None)
    if reached is None:
        return 0.0, "低于最低一档，不得分"
    return reached["score"], f"不低于{reached['at_least']:g}这一档，得{reached['score']:g}分"


def _each(row: Row) -> tuple[float, str]:
    if not row["parts"]:
        cases, step = row["numerator"], row["step"]
        return row["weight"] - step * cases, f"{cases:g}{row['unit']}，每一项扣{step:g}分"
    words = "、".join(
        f"{part['part']}{part['numerator']:g}{row['unit']}每件扣{part['step']:g}分"
        for part in row["parts"]
    )
    off = [part["step"] * part["numerator"] for part in row["parts"]]
    if row["parts"][0]["weight"] is None:
        return row["weight"] - sum(off), words
    # Parts with marks of their own: none can cost more than it has.
    return sum(max(0.0, p["weight"] - o) for p, o in zip(row["parts"], off, strict=True)), words


def _share(row: Row) -> tuple[float, str]:
    share = min(1.0, row["numerator"] / row["denominator"])
    return row["weight"] * share, f"按完成比例{row['display']}%计，最多满分"


def _whole(row: Row) -> tuple[float, str]:
    reached = [part for part in row["parts"] if part["numerator"] >= part["denominator"]]
    words = "、".join(
        f"{part['part']}{part['numerator']:g}/{part['denominator']:g}" for part in row["parts"]
    )
    return sum(part["weight"] for part in reached), f"{words}，达到才得该项分"


def _judged(row: Row) -> tuple[float, str]:
    return row["value"], "评价组评分"


_RULES: dict[str, Callable[[Row], tuple[float, str]]] = {
    "linear": _linear,
    "months": _months,
    "bands": _bands,
    "each": _each,
    "share": _share,
    "whole": _whole,
    "judged": _judged,
}


def _weighted(row: Row, weight: float) -> Row:
    """A row with other full marks; those of its bands and parts are in proportion."""
    scale = weight / row["weight"] if row["weight"] else 1.0
    bands = [{**each, "score": each["score"] * scale} for each in row["bands"]]
    parts = [
        {**each, "weight": None if each["weight"] is None else each["weight"] * scale}
        for each in row["parts"]
    ]
    return {**row, "weight": weight, "bands": bands, "parts": parts}


def score(row: Row, *, weight: float | None = None) -> Score:
    """Score one row of the table `indicators`.

    Marks are never below 0 or above the weight; a missing figure has none. They are rounded to
    four decimals, so that 2 less nine times 0.2 is 0.2.

    Args:
        row: of the published Parquet, by column.
        weight: full marks, where not those of the row's own scheme.
    """
    if weight is not None:
        row = _weighted(row, weight)
    marks: float | None = None
    reason = "数据缺失，不计分"
    if row["status"] != "missing":
        raw, reason = _RULES[row["rule"]](row)
        marks = round(min(max(raw, 0.0), row["weight"]), 4)
    return Score(
        row["indicator"],
        row["level3"],
        row["weight"],
        row["display"],
        marks,
        row["printed_score"],
        reason,
        row["note"],
    )


# --- a year ---------------------------------------------------------------------------------------


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
        return _total(each.score for each in self.scores)

    @property
    def printed(self) -> float | None:
        """Sum of the printed scores; None where none was printed."""
        found = [each.printed for each in self.scores if each.printed is not None]
        return _total(found) if found else None

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
    alternative = printed_annex = None
    if any(row["alternative_weight"] is not None for row in rows):
        alternative = _total(score(row, weight=row["alternative_weight"]).score for row in rows)
    if any(row["printed_annex_score"] is not None for row in rows):
        annex = [(row["printed_annex_score"], row["printed_score"]) for row in rows]
        printed_annex = _total(printed if own is None else own for own, printed in annex)
    scores = tuple(score(row) for row in rows if row["weight"])
    return Scorecard(year, release.name, scores, alternative, printed_annex)


def _total(marks: Iterable[float | None]) -> float:
    """Sum of marks; missing ones add nothing."""
    return round(sum(each or 0.0 for each in marks), 4)
