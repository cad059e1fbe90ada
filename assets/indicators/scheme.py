"""The scheme of a year: which indicators there are, what each is computed from, how it is scored.

A scheme is read from `schemes/<year>.toml`. A new year's scheme is a new file; one that has been
used is not edited, so that last year's result does not change.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assets.core import HotlineError
from schemas.kpis import KPIS

FOLDER = Path(__file__).parent / "schemes"
FULL_MARKS = 100
JUDGED_ITEM = "得分"
# The functions of `assets.indicators.measures`.
MEASURES = (
    "agent_seats",
    "continuous_service",
    "reply_timeliness",
    "report_timeliness",
    "service_complaints",
    "coverage",
    "public_satisfaction",
)
_KPIS = frozenset(kpi.id for kpi in KPIS)
_MARKS, _SHARE = "分", "比值"


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Data):
    """Where an indicator's figure comes from: exactly one of the first three.

    Attributes:
        kpi: a metric of `schemas.kpis`.
        measure: a function of `assets.indicators.measures`.
        form: an item of the yearly form.
        over: the item of the yearly form that it is divided by.
        instead: the item of the yearly form that is used where a measure finds nothing.
        also: further metrics, named in the evidence.
    """

    kpi: str = ""
    measure: str = ""
    form: str = ""
    over: str = ""
    instead: str = ""
    also: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> "Source":
        if sum(map(bool, (self.kpi, self.measure, self.form))) != 1:
            raise ValueError("source 必须恰好写 kpi、measure、form 之一")
        unknown = {*self.also, self.kpi} - _KPIS - {""}
        if unknown or (self.measure and self.measure not in MEASURES):
            raise ValueError(f"source 里的“{self.measure or sorted(unknown)[0]}”不存在")
        return self


class Part(_Data):
    """A part of an indicator that is scored separately."""

    part: str
    weight: float | None = None
    step: float | None = None


class Band(_Data):
    """Marks from a lower bound on."""

    at_least: float
    score: float


class Rule(_Data):
    """How marks follow from the figure; see the head of the scheme's file."""

    type: Literal["linear", "months", "bands", "each", "share", "whole", "judged"]
    step: float | None = None
    per: float | None = None
    parts: tuple[Part, ...] = ()
    bands: tuple[Band, ...] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> "Rule":
        needed = {
            "linear": self.step is not None and bool(self.per),
            "months": self.step is not None,
            "bands": bool(self.bands),
            "each": self.step is not None or all(each.step is not None for each in self.parts),
            "whole": bool(self.parts) and all(each.weight is not None for each in self.parts),
        }
        if not needed.get(self.type, True):
            raise ValueError(f"rule {self.type} 缺少 step、per、bands 或 parts")
        return self


class Indicator(_Data):
    """A third-level indicator.

    Attributes:
        id: stable id.
        levels: names of its three levels.
        explanation: what is asked for, where the office has to fill something in.
        items: item of the yearly form -> its unit.
        weight: full marks; 0 where only the alternative set has it.
        alternative_weight: full marks in the second set of weights; None where it is the same.
        source: where the figure comes from.
        unit: unit of the figure; that of the metric where it is one.
        target: of the year, or of each month where the rule is `months`.
        rule: how it is scored.
        printed: score that the evaluation printed.
        printed_annex: the same in its annex, where that differs.
        note: where the evaluation contradicts itself.
    """

    id: str
    levels: tuple[str, str, str]
    explanation: str = ""
    items: dict[str, str] = {}
    weight: float
    alternative_weight: float | None = None
    source: Source
    unit: str = ""
    target: float | None = None
    rule: Rule
    printed: float | None = None
    printed_annex: float | None = None
    note: str = ""

    @model_validator(mode="after")
    def _items_have_units(self) -> "Indicator":
        wanted = {self.source.form, self.source.over, self.source.instead} - {"", JUDGED_ITEM}
        if wanted != set(self.items):
            raise ValueError(f"items 应为{'、'.join(sorted(wanted)) or '空'}")
        return self

    @property
    def kind(self) -> str:
        """computed, declared or judged."""
        if self.rule.type == "judged":
            return "judged"
        return "declared" if self.source.form else "computed"


Bounds = tuple[int, int, int]


class UnitBands(_Data):
    """From which rates on, in percent, a unit in charge is 优, 良 or 中.

    Attributes:
        on_time: of its tickets that were due or closed, those closed in time.
        satisfied: of its callbacks that reached the citizen, those not dissatisfied.
    """

    on_time: Bounds = (98, 95, 90)
    satisfied: Bounds = (95, 90, 85)


class Scheme(_Data):
    """The scheme that is in force from a year on.

    Attributes:
        year: the first year.
        categories: first levels of the categories that must each have a ticket.
        units: the bands of units in charge.
        indicator: the indicators, in the order of the scheme.
    """

    year: int
    categories: tuple[str, ...]
    units: UnitBands = UnitBands()
    indicator: tuple[Indicator, ...]

    @cached_property
    def has_alternative(self) -> bool:
        """Whether there is a second set of weights."""
        return any(each.alternative_weight is not None for each in self.indicator)

    def alternative_weight(self, indicator: Indicator) -> float | None:
        """Full marks by the second set of weights; None where the scheme has none."""
        if not self.has_alternative:
            return None
        own = indicator.alternative_weight
        return indicator.weight if own is None else own

    @model_validator(mode="after")
    def _adds_up(self) -> "Scheme":
        ids = [each.id for each in self.indicator]
        if doubled := sorted({each for each in ids if ids.count(each) > 1}):
            raise ValueError(f"指标编号“{doubled[0]}”重复")
        totals = [sum(each.weight for each in self.indicator)]
        if self.has_alternative:
            totals.append(sum(self.alternative_weight(each) or 0 for each in self.indicator))
        for total in totals:
            if total != FULL_MARKS:
                raise ValueError(f"权重合计 {total:g}，应为 {FULL_MARKS}")
        return self


@cache
def load_scheme(path: Path) -> Scheme:
    """Read a scheme.

    Raises:
        HotlineError: it is no TOML, or contradicts itself.
    """
    try:
        return Scheme.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise HotlineError(f"指标体系 {path.name} 不是有效的 TOML：{error}。") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "整体"
        raise HotlineError(f"指标体系 {path.name} 的 {where} 有误：{first['msg']}。") from None


def scheme_of(year: int, folder: Path = FOLDER) -> Scheme | None:
    """The scheme in force in a year: the newest that had begun by then; None before the first."""
    begun = [path for path in folder.glob("*.toml") if int(path.stem) <= year]
    return load_scheme(max(begun, key=lambda path: int(path.stem))) if begun else None


@dataclass(frozen=True)
class Entry:
    """One figure of the yearly form.

    Attributes:
        indicator: the indicator that needs it.
        item: which figure of it.
        unit: unit of the figure.
        most: largest figure that makes sense; None where there is no bound. Values are
            non-negative.
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
    """Every figure that the yearly form can hold, in the order of the scheme."""
    for each in scheme.indicator:
        if each.source.form == JUDGED_ITEM:
            yield Entry(each, JUDGED_ITEM, _MARKS, each.weight)
        for item, unit in each.items.items():
            yield Entry(each, item, unit, 1.0 if unit == _SHARE else None)
