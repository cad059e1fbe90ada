"""The figures that a year's form can hold, and between which bounds.

Belongs here: the one list that the blank form, its check and the indicators agree on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assets.indicators.scheme import JUDGED_ITEM, Indicator, Scheme

_MARKS, _SHARE = "分", "比值"


@dataclass(frozen=True)
class Entry:
    """One figure of the form.

    Attributes:
        indicator: the indicator that needs it.
        item: which figure of it.
        unit: unit of the figure.
        most: largest figure that makes sense; None where there is no bound. None is below 0.
    """

    indicator: Indicator
    item: str
    unit: str
    most: float | None

    @property
    def key(self) -> tuple[str, str]:
        """How the form's rows name it."""
        return self.indicator.id, self.item

    @property
    def bounds(self) -> str:
        """The allowed range, in Chinese."""
        return "不小于0" if self.most is None else f"0至{self.most:g}"

    def allows(self, value: float) -> bool:
        """Whether a figure lies within the bounds."""
        return value >= 0 and (self.most is None or value <= self.most)


def entries(scheme: Scheme) -> Iterator[Entry]:
    """Every figure that the form can hold, in the order of the scheme."""
    for each in scheme.indicator:
        if each.source.form == JUDGED_ITEM:
            yield Entry(each, JUDGED_ITEM, _MARKS, each.weight)
        for item, unit in each.items.items():
            yield Entry(each, item, unit, 1.0 if unit == _SHARE else None)
