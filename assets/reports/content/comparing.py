"""What is most, least, first or since when: of exact values, and the level ones said as level.

Figures are compared as fractions, never as they are printed: 8 of 693 is more than 5 of 436 though
both read 1.15 %. Nobody is named above others who have as much.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, TypeVar

from assets.reports.content.model import Form

Exact = int | Fraction
T = TypeVar("T")
# So many level ones are named one by one; more are counted.
_NAMED: Final = 3
# How far from the median of the earlier ones an extreme is worth saying: a rate, a volume.
_FAR_RATE: Final = Fraction(1, 100)
_FAR_VOLUME: Final = Fraction(1, 10)


def share(part: int, whole: int) -> Fraction | None:
    """A part of a whole as it is; None of nothing."""
    return Fraction(part, whole) if whole else None


def tops(items: Iterable[tuple[T, Exact | None]], *, least: bool = False) -> list[T]:
    """All that have the most (or the least), in the given order; those without a value never do."""
    known = [(name, value) for name, value in items if value is not None]
    if not known:
        return []
    best = (min if least else max)(value for _, value in known)
    return [name for name, value in known if value == best]


def outstanding(items: Sequence[tuple[T, Exact | None]], *, least: bool = False) -> list[T]:
    """Those with the most (or the least) where it sets them apart: few, and not all there are."""
    found = tops(items, least=least)
    known = sum(value is not None for _, value in items)
    return found if len(found) < known and len(found) <= _NAMED else []


def foremost(items: Sequence[tuple[T, Exact]], most: int) -> list[T]:
    """The first few of some in order, broken off only where the next one has less."""
    if len(items) <= most:
        return [name for name, _ in items]
    return [name for name, value in items[:most] if value > items[most][1]]


def level(names: Sequence[str], text: str) -> str:
    """Names with what they have in common: 甲、乙（各3件）; of one alone 甲（3件）."""
    return f"{'、'.join(names)}（{'各' if len(names) > 1 else ''}{text}）"


def spread(parts: Sequence[tuple[str, int]], sign: str, most: int, kind: str = "家单位") -> str:
    """Over whom a count is spread, nobody named above others who have as many.

    Args:
        parts: who has how many, most first; those with none do not count.
        sign: the unit of the count.
        most: how many may be named.
        kind: what they are called beside their number.
    """
    parts = [each for each in parts if each[1]]
    if not parts:
        return ""
    high, low = parts[0][1], parts[-1][1]
    if len(parts) <= most:
        if high == low:
            return f"涉及{level([name for name, _ in parts], f'{high:,}{sign}')}"
        return "涉及" + "、".join(f"{name}（{n:,}{sign}）" for name, n in parts)
    many = f"涉及{len(parts):,}{kind}"
    if high == low:
        return f"{many}，各{high:,}{sign}"
    # The last one named must have more than the first who is not.
    named = [each for each in parts[:most] if each[1] > parts[most][1]]
    if not named:
        return f"{many}，{low:,}至{high:,}{sign}不等"
    return f"{many}，较多的有" + "、".join(f"{name}（{n:,}{sign}）" for name, n in named)


def extreme(values: Sequence[Exact | None], window: str, enough: int, form: Form) -> str:
    """Whether the last of a series is its highest or lowest, and alone in that.

    Args:
        values: oldest first; those without a value do not count.
        window: what the series covers, such as 近30天.
        enough: earlier values that must be known: an extreme of a few says nothing.
        form: of the figures.

    Returns:
        Words such as 为近30天最高; empty where it is neither, or too few are known.
    """
    if not values or values[-1] is None:
        return ""
    last = values[-1]
    others = sorted(each for each in values[:-1] if each is not None)
    if len(others) < enough:
        return ""
    # The highest of rates that differ by a hair is no news.
    usual = others[len(others) // 2]
    near: Exact = _FAR_RATE if form is Form.RATE else _FAR_VOLUME * usual
    if abs(Fraction(last) - usual) < near:
        return ""
    if last > others[-1]:
        return f"为{window}最高"
    return f"为{window}最低" if last < others[0] else ""


def run(values: Sequence[Exact | None], enough: int) -> str:
    """For how many steps the last of a series have moved one way: 连续3个月上升; or empty.

    Args:
        values: one a month, oldest first; a month without a value ends the run.
        enough: steps that are worth saying.
    """
    for words, sign in (("上升", 1), ("下降", -1)):
        steps = 0
        for later, earlier in zip(reversed(values), reversed(values[:-1]), strict=False):
            if later is None or earlier is None or sign * (later - earlier) <= 0:
                break
            steps += 1
        if steps >= enough:
            return f"连续{steps:,}个月{words}"
    return ""
