"""The units in charge: what each did in a span and has still to do, and the bands they are in.

Closing is counted on the day it happened and what is open comes from the flows of `workload`, so
that a figure reads the same whenever it is made; only tickets sent back are as they now stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from assets.indicators import Bounds, UnitBands, scheme_of
from assets.reports.content.chance import at_least, at_most, holm
from assets.reports.content.context import UNNAMED
from assets.reports.content.facts import Facts
from assets.reports.content.figures import rate
from assets.reports.content.measures import TARGETS, no_workload
from assets.reports.content.model import Figure
from assets.reports.content.periods import Span
from schemas.kpis import Sum

# A county's government, or the committee that runs a development zone.
_DISTRICT_ENDINGS = ("人民政府", "管理委员会", "管委会")
# A unit that begins with the name of one of these is the district's own; a region that bears the
# name of the whole city would make every department a district.
_REGION_ENDINGS = ("区", "县", "旗")
# The city's rule: a unit below this share of tickets closed in time has to answer for it.
LIABLE = 90
BANDS: Final = ("优", "良", "中", "差")
# How often chance alone puts a unit beyond a funnel limit.
_CHANCE: Final = 0.025
_OVERDUE = Sum("workload", ("turned_overdue",), ("overdue_closed",))


@dataclass(frozen=True)
class Unit:
    """What a unit did in a span."""

    name: str  # of the unit
    handed_over: int = 0  # tickets accepted in the span and handed to it
    closed: int = 0  # tickets closed in the span, whenever accepted
    late: int = 0  # of these, after their deadline
    overdue: int = 0  # open past their deadline at the end of the span
    # Of the tickets handed over, those sent back at least once, as they now stand.
    returned: int = 0
    reached: int = 0  # callbacks in the span that reached the citizen
    dissatisfied: int = 0  # of these, not satisfied

    @property
    def due(self) -> int:
        """Tickets that were to be closed: those closed, and those open past their deadline."""
        return self.closed + self.overdue

    @property
    def on_time(self) -> Figure:
        """Closed in time of closed."""
        return rate(self.closed - self.late, self.closed, reason="没有办结的工单")

    @property
    def pleased(self) -> Figure:
        """Not dissatisfied of reached."""
        return rate(self.reached - self.dissatisfied, self.reached, reason="没有接通的回访")

    @property
    def return_rate(self) -> Figure:
        """Sent back of handed over."""
        return rate(self.returned, self.handed_over, reason="没有转办的工单")

    @property
    def misses_on_time(self) -> bool:
        """Whether the target of closing in time is missed, without rounding."""
        return _below(self.closed - self.late, self.closed, TARGETS["on_time_rate"])

    @property
    def misses_pleased(self) -> bool:
        """Whether the target of satisfaction is missed, without rounding."""
        target = TARGETS["ticket_satisfaction_rate"]
        return _below(self.reached - self.dissatisfied, self.reached, target)

    @property
    def liable(self) -> bool:
        """Whether so few tickets were closed in time that somebody has to answer for it."""
        return _below(self.closed - self.late, self.closed, LIABLE)


def _below(top: int, bottom: int, percent: int) -> bool:
    return bool(bottom) and 100 * top < percent * bottom


@dataclass(frozen=True)
class Backlog:
    """Tickets of a unit at the end of a span."""

    unit: str  # the unit in charge
    open: int  # not closed
    overdue: int  # of these, past their deadline
    turned: int  # that passed their deadline within the span, closed since or not
    due_soon: int  # open, with a deadline within 24 hours


def backlogs(facts: Facts, span: Span) -> list[Backlog]:
    """The backlog of each unit that has or had one, most overdue first; none if not known."""
    if no_workload(facts, span):
        return []
    turned = facts.tally("workload", "unit", "turned_overdue", span)
    found = [
        Backlog(
            str(row["unit"] or UNNAMED),
            row["opened"] - row["closed"],
            row["turned_overdue"] - row["overdue_closed"],
            turned.get(row["unit"], 0),
            row["turned_due_soon"] - row["due_soon_ended"],
        )
        for row in facts.standing("workload", ("unit",), span.last).iter_rows(named=True)
    ]
    found = [each for each in found if each.open or each.turned]
    return sorted(found, key=lambda each: (-each.overdue, -each.due_soon, -each.open, each.unit))


def overdue(facts: Facts, day: date) -> int:
    """Tickets of all units past their deadline at the end of a day."""
    return facts.total(_OVERDUE, Span(date.min, day)) or 0


# Field of a unit, and the table and measure that it is counted from.
_FIELDS = (
    ("handed_over", "workload", "opened"),
    ("closed", "workload", "closed"),
    ("late", "workload", "overdue_closed"),
    ("returned", "tickets", "returned_tickets"),
    ("reached", "callbacks", "reached"),
    ("dissatisfied", "callbacks", "dissatisfied"),
)


def units_of(facts: Facts, span: Span) -> list[Unit]:
    """Every unit that had a ticket or a callback in a span or has an overdue one, by name."""
    sums: dict[str, dict[str, int]] = {}
    for field, table, counted in _FIELDS:
        for name, value in facts.tally(table, "unit", counted, span).items():
            # Without a name: answered on the spot, or the ticket of a callback is not known.
            if name:
                sums.setdefault(name, {})[field] = value
    for each in backlogs(facts, span):
        if each.overdue:
            sums.setdefault(each.unit, {})["overdue"] = each.overdue
    return [Unit(name, **values) for name, values in sorted(sums.items())]


@dataclass(frozen=True)
class Judged:
    """A unit and the band that its figures put it in."""

    unit: Unit  # the unit and what it did
    band: str | None  # one of BANDS; None where it has too few tickets to tell
    district: bool = False  # whether it is a district or county and not a department


def judged(units: Sequence[Unit], minimum: int, bands: UnitBands) -> list[Judged]:
    """Units in bands, the best first; within a band by name, for there is no order in it.

    A unit is in the highest band of whose bound it does not clearly fall short: it is below the
    funnel limit of its number of tickets, which chance alone passes one time in forty. The weaker
    of its two rates decides; with tickets open past their deadline, which count as not in time,
    it is never 优.

    Args:
        units: in any order.
        minimum: tickets handed over below which a unit is listed, not judged; so is one that has
            neither closed a ticket nor one overdue.
        bands: the bounds of the year's scheme.
    """

    def place(unit: Unit) -> int | None:
        if unit.handed_over < minimum or not unit.due:
            return None
        on_time = _band(unit.closed - unit.late, unit.due, bands.on_time)
        pleased = _band(unit.reached - unit.dissatisfied, unit.reached, bands.satisfied)
        return max(on_time, pleased, min(unit.overdue, 1))

    found = [(place(unit), unit) for unit in units]
    found.sort(key=lambda e: (len(BANDS) if e[0] is None else e[0], e[1].name))
    return [Judged(unit, None if at is None else BANDS[at]) for at, unit in found]


def _band(part: int, whole: int, bounds: Bounds) -> int:
    """The position of the first bound that is not clearly missed."""
    clear = (
        100 * part < bound * whole and at_most(part, whole, Fraction(bound, 100)) < _CHANCE
        for bound in bounds
    )
    return next((place for place, missed in enumerate(clear) if not missed), len(bounds))


def judged_apart(facts: Facts, span: Span, minimum: int) -> list[Judged]:
    """Departments in bands, then districts: different work, which stands apart.

    Args:
        facts: the release.
        span: the period; its last year decides on the scheme.
        minimum: tickets handed over below which a unit is listed, not judged.
    """
    named = facts.grouped("tickets", ("region",), span)["region"]
    regions = tuple(each for each in named if each and each.endswith(_REGION_ENDINGS))
    groups: tuple[list[Unit], list[Unit]] = ([], [])
    for unit in units_of(facts, span):
        groups[unit.name.startswith(regions) or unit.name.endswith(_DISTRICT_ENDINGS)].append(unit)
    return [
        replace(each, district=district)
        for district, units in zip((False, True), groups, strict=True)
        for each in judged(units, minimum, bands_of(span))
    ]


def bands_of(span: Span) -> UnitBands:
    """The bounds that hold for a span."""
    scheme = scheme_of(span.last.year)
    return scheme.units if scheme else UnitBands()


def late_units(found: Sequence[Judged]) -> list[Unit]:
    """Judged units that clearly miss the target of closing in time, the lowest first."""
    target = Fraction(TARGETS["on_time_rate"], 100)
    late = [
        each.unit
        for each in found
        if each.band is not None
        and each.unit.misses_on_time
        and at_most(each.unit.closed - each.unit.late, each.unit.closed, target) < _CHANCE
    ]
    return sorted(late, key=lambda e: (Fraction(e.closed - e.late, e.closed), e.name))


def returning_units(units: Sequence[Unit]) -> list[Unit]:
    """Units that sent back clearly more of their tickets than all together, the highest first.

    More than chance, and allowing for having looked at every unit (Holm, at 5 %).
    """
    units = [each for each in units if each.handed_over]
    sent, back = (sum(getattr(e, name) for e in units) for name in ("handed_over", "returned"))
    if not back:
        return []
    usual = Fraction(back, sent)
    odds = [at_least(each.returned, each.handed_over, usual) for each in units]
    found = [each for each, clear in zip(units, holm(odds), strict=True) if clear]
    return sorted(found, key=lambda e: (-Fraction(e.returned, e.handed_over), e.name))
