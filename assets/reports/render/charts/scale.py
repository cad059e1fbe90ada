"""The axis of values: where it starts, where it ends, which ticks it has.

Columns and bars start at zero; a line may start above it, and then its ticks say so.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from assets.reports.content import Chart, Figure, Form

_STEPS = (1, 2, 2.5, 5, 10)
_AIMED_AT = 4  # steps between ticks


@dataclass(frozen=True)
class Scale:
    """An axis of values.

    Attributes:
        low: value at its start.
        high: value at its end.
        step: between ticks.
        form: how its ticks are written.
    """

    low: float
    high: float
    step: float
    form: Form

    def share(self, value: float) -> float:
        """Where a value stands: 0 at the start, 1 at the end."""
        return (value - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """(value, text) from the lowest to the highest."""
        many = round((self.high - self.low) / self.step)
        values = (round(self.low + self.step * i, 10) for i in range(many + 1))
        return tuple((value, self._text(value)) for value in values)

    def _text(self, value: float) -> str:
        percent = self.form in {Form.RATE, Form.CHANGE}
        shown, step = (value * 100, self.step * 100) if percent else (value, self.step)
        decimals = next((i for i in range(4) if math.isclose(step, round(step, i))), 4)
        return f"{shown:,.{decimals}f}{'%' if percent else ''}"


def chart_scale(chart: Chart) -> Scale:
    """The axis of a chart, which holds its target too."""
    figures = [figure for series in chart.series for figure in series.values]
    target = [chart.target] if chart.target else []
    return scale([*figures, *target], from_zero=chart.shape != "line")


def scale(figures: Iterable[Figure], *, from_zero: bool) -> Scale:
    """The axis that holds some figures.

    Args:
        figures: what it must hold; those without a value do not count.
        from_zero: whether it must hold zero.
    """
    shown = [figure for figure in figures if figure.value is not None]
    values = [float(figure.value) for figure in shown if figure.value is not None] or [0.0]
    low, high = min(values), max(values)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    form = shown[0].form if shown else Form.COUNT
    whole = form in {Form.COUNT, Form.PLAIN}
    step = _step(((high - low) or abs(high) * 0.1) / _AIMED_AT, whole)
    start, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if start == end:  # all the same: leave room on the side where values can be
        start, end = (start - step, end) if high > 0 else (start, end + step)
    return Scale(start, end, step, form)


def _step(rough: float, whole: bool) -> float:
    """The smallest even step that is no smaller than a rough one."""
    rough = max(rough, 1.0 if whole else 1e-4)
    power = 10.0 ** math.floor(math.log10(rough))
    steps = (each * power for each in _STEPS)
    return next(
        each for each in steps if each >= rough * (1 - 1e-9) and (not whole or each.is_integer())
    )
