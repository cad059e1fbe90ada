"""The units in charge: what each did in a span and has still to do, and the rule that ranks them.

Closing is counted on the day it happened and what is open comes from the flows of `workload`, so
that a figure reads the same whenever it is made; only tickets sent back are as they now stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assets.reports.content.context import UNNAMED
from assets.reports.content.facts import Facts
from assets.reports.content.figures import rate
from assets.reports.content.measures import TARGETS
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
    """The backlog of each unit that has or had one, most overdue first."""
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
class Place:
    """A unit in its order, among all or among its like."""

    unit: Unit  # the unit and what it did
    rank: int | None  # its place; None where it has too few tickets
    district: bool = False  # whether it is a district or county and not a department


def ranked(units: Sequence[Unit], minimum: int, *, by_satisfaction: bool) -> list[Place]:
    """Units in order: by their rate on time, then by satisfaction, then by tickets sent back.

    No weights: figures are compared one after the other and as displayed, so that a reader can
    check every place. Equal ones share a place and the next one is left out; units that are not
    ranked come last, by tickets handed over.

    Args:
        units: in any order.
        minimum: tickets handed over below which a unit is listed, not ranked; so is one that has
            closed none.
        by_satisfaction: whether satisfaction counts. In a month it does; a week has too few
            callbacks of a unit. The two change the places of many units: which of them shall hold
            for all periods is still to be decided.
    """

    def merit(unit: Unit) -> tuple[float, ...]:
        on_time, pleased, returned = unit.on_time, unit.pleased, unit.return_rate
        return (
            _worst_if_none(on_time),
            _worst_if_none(pleased) if by_satisfaction else 0,
            2 if returned.value is None else returned.value,
        )

    able = [each for each in units if each.handed_over >= minimum and each.closed]
    able.sort(key=lambda each: (*merit(each), each.name))
    places: list[Place] = []
    for place, unit in enumerate(able, start=1):
        tied = place > 1 and merit(able[place - 2]) == merit(unit)
        places.append(Place(unit, places[-1].rank if tied else place))
    rest = [each for each in units if each not in able]
    rest.sort(key=lambda each: (-each.handed_over, each.name))
    return [*places, *(Place(each, None) for each in rest)]


def _worst_if_none(share: Figure) -> float:
    return 1 if share.value is None else -share.value


def places(facts: Facts, span: Span, minimum: int) -> list[Place]:
    """Departments in order, then districts in order: different work, which is ranked apart.

    Args:
        facts: the release.
        span: the period, a month or longer.
        minimum: tickets handed over below which a unit is listed, not ranked.
    """
    named = facts.grouped("tickets", ("region",), span)["region"]
    regions = tuple(each for each in named if each and each.endswith(_REGION_ENDINGS))
    groups: tuple[list[Unit], list[Unit]] = ([], [])
    for unit in units_of(facts, span):
        groups[unit.name.startswith(regions) or unit.name.endswith(_DISTRICT_ENDINGS)].append(unit)
    return [
        Place(each.unit, each.rank, district)
        for district, units in zip((False, True), groups, strict=True)
        for each in ranked(units, minimum, by_satisfaction=True)
    ]


def late_units(found: Sequence[Place]) -> list[Unit]:
    """Ranked units that miss the target of closing on time, the lowest first."""
    late = [each.unit for each in found if each.rank is not None and each.unit.misses_on_time]
    return sorted(late, key=lambda each: (each.on_time.value or 0, each.name))
