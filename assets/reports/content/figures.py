"""Make figures: the only place where a rate, a mean or a change is rounded and worded.

By the display rule of FACTS.md, section 3. A change of a count is in percent; a change of a rate in
个百分点, and of the rates as displayed, so that a reader who subtracts gets the same.
"""

from collections.abc import Sequence
from dataclasses import replace

from assets.facts import NOTHING, hundredths, percent, ratio
from assets.reports.content.model import Figure, Form, Tone

_UP, _DOWN = "▲", "▼"


def nothing(form: Form, reason: str) -> Figure:
    """A figure that cannot be formed."""
    return Figure(form, None, NOTHING, reason=reason)


def count(value: int | None, *, reason: str = "没有数据") -> Figure:
    """A count, with separators."""
    if value is None:
        return nothing(Form.COUNT, reason)
    return Figure(Form.COUNT, value, f"{value:,}")


def plain(value: int | None, *, reason: str = "没有数据") -> Figure:
    """A count as the evaluation prints it."""
    if value is None:
        return nothing(Form.PLAIN, reason)
    return Figure(Form.PLAIN, value, str(value))


def rate(numerator: int | None, denominator: int | None, *, reason: str = "分母为零") -> Figure:
    """A rate in percent with two decimals."""
    text = percent(numerator, denominator)
    if text == NOTHING:
        return nothing(Form.RATE, reason if numerator is not None else "没有数据")
    return Figure(Form.RATE, _scaled(text) / 10_000, f"{text}%")


def mean(numerator: int | None, denominator: int | None, *, reason: str = "分母为零") -> Figure:
    """A mean with two decimals."""
    text = ratio(numerator, denominator)
    if text == NOTHING:
        return nothing(Form.MEAN, reason if numerator is not None else "没有数据")
    return Figure(Form.MEAN, _scaled(text) / 100, text)


def _scaled(text: str) -> int:
    """A text with two decimals, in hundredths."""
    return int(text.replace(".", ""))


def rounded(numerator: int, denominator: int, *, reason: str = "分母为零") -> Figure:
    """A mean as a whole number, for places where decimals would only be noise."""
    if not denominator:
        return nothing(Form.COUNT, reason)
    return count((2 * numerator + denominator) // (2 * denominator))


def goal(target: int, form: Form) -> Figure:
    """A target, in whole units or whole percent."""
    if form is Form.RATE:
        return Figure(form, target / 100, f"{target}%")
    return Figure(form, target, f"{target:,}")


def published(value: float | None) -> str:
    """A number that another table publishes, as it is; — where it has none."""
    return NOTHING if value is None else f"{value:,.10g}"


def marked(figure: Figure, bad: bool) -> Figure:
    """The figure, as bad news where it is."""
    return replace(figure, tone=Tone.BAD) if bad else figure


def change(
    now: Figure, before: Figure, *, more_is: Tone = Tone.NEUTRAL, days: tuple[int, int] = (1, 1)
) -> Figure:
    """How a figure changed: counts in percent, rates in points, means in percent.

    Args:
        now: the figure.
        before: the same of the period that it is compared with.
        more_is: whether an increase is good or bad news; volumes are neither.
        days: of the two periods: counts of periods of different length are compared per day.
    """
    form = Form.POINTS if now.form is Form.RATE else Form.CHANGE
    if now.value is None or before.value is None:
        return nothing(form, now.reason or f"对比期{before.reason}")
    scale = 10_000 if form is Form.POINTS else 100
    new, old = round(now.value * scale), round(before.value * scale)
    if form is Form.CHANGE:
        new, old = new * days[1], old * days[0]
    if form is Form.POINTS:
        difference = new - old
        shown, value = f"{abs(difference) / 100:.2f}个百分点", difference / 100
    elif old == 0:
        return nothing(form, "对比期为零")
    else:
        # Tenths of a percent: hundredths of ten times the ratio.
        difference = hundredths(10 * (new - old), old)
        shown, value = f"{abs(difference) / 10:.1f}%", difference / 1000
    if difference == 0:
        return Figure(form, 0, "持平")
    return Figure(form, value, f"{_UP if difference > 0 else _DOWN}{shown}", _tone(value, more_is))


def _tone(value: float, more_is: Tone) -> Tone:
    if more_is is Tone.NEUTRAL:
        return Tone.NEUTRAL
    return more_is if value > 0 else (Tone.BAD if more_is is Tone.GOOD else Tone.GOOD)


def moved_words(moved: Figure) -> str:
    """A change in a sentence: volumes 增长4.2%, rates 提高0.62个百分点; 下降…, 持平, —."""
    up = "提高" if moved.form is Form.POINTS else "增长"
    return moved.text.replace(_UP, up).replace(_DOWN, "下降")


def listed(items: Sequence[str], most: int) -> str:
    """Some items in a sentence, the first few where there are many: 甲、乙等."""
    return "、".join(items[:most]) + ("等" if len(items) > most else "")
