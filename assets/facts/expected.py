"""expectations: what was to be expected of every day, computed from the counts of all days."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from assets.deadlines import Calendar
from assets.expectations import Floats, Pace, alarm_rows, forecasts
from assets.exports import TAKEN
from assets.facts.inputs import Inputs
from assets.facts.storage import FactBuilds
from schemas import FACTS
from schemas.exports.tickets import VOIDED
from schemas.kpis import KPIS
from schemas.wall_clock import wall_clock

_DATASETS = ("calls", "tickets")
_HOURS = 24
# Handling and patience are those of the last four weeks.
_PACE_DAYS = 28
_TARGET = next(kpi.target for kpi in KPIS if kpi.id == "answer_rate")


class ExpectationBuilds(FactBuilds):
    """The table `expectations`: one file for all months.

    Args:
        inputs: details and ledgers.
        calls: fact files of calls.
        calendar: working days.
        week_start: weekday on which a week starts, 0 for Monday.
    """

    periods = ("",)
    code = ("schemas", "assets.facts", "assets.expectations", "assets.deadlines")

    def __init__(
        self, inputs: Inputs, calls: FactBuilds, calendar: Calendar, week_start: int
    ) -> None:
        super().__init__(calls.warehouse, FACTS["expectations"])
        self._inputs, self._calls = inputs, calls
        self._calendar, self._week_start = calendar, week_start

    def inputs(self, period: str) -> object:
        """Facts of calls, details of tickets, and the days with an export."""
        built = map(self._calls.record, self._calls.periods)
        calls = [each.sha256 for each in built if each]
        details = self._inputs.details["tickets"]
        tickets = [self._inputs.version("tickets", each) for each in sorted(details)]
        days = {name: sorted(map(str, found)) for name, found in self._days.items()}
        return calls, tickets, days, self._calendar.version, self._week_start

    @cached_property
    def _days(self) -> dict[str, set[date]]:
        """Days with an export in force, by dataset; datasets without one are left out."""
        files = self._inputs.files.filter(pl.col("state") == TAKEN)
        days = {name: set(files.filter(dataset=name)["export_date"]) for name in _DATASETS}
        return {name: found for name, found in days.items() if found}

    def rows(self, period: str) -> pl.DataFrame:
        """Compute the rows."""
        if not self._days:
            return forecasts({}, date.min, self._calendar)
        first = min(min(found) for found in self._days.values())
        last = max(max(found) for found in self._days.values())
        counted = {"calls": self._of_calls, "tickets": self._of_tickets}
        frames = {name: counted[name]() for name in self._days}
        hours = {
            name: _grid(frame, first, last, self._days[name])
            for name, frame in frames.items()
            if not frame["count"].has_nulls()
        }
        pace = _pace(frames["calls"], last) if "calls" in hours else None
        week_end = (self._week_start - 1) % 7
        found = forecasts(hours, first, self._calendar, week_end=week_end, pace=pace)
        if "tickets" not in hours:
            return found
        there = self._days["tickets"]
        return pl.concat([found, alarm_rows(self._tickets, there, first, last, self._calendar)])

    def _of_calls(self) -> pl.DataFrame:
        parts = [self._calls.read(month) for month in self._calls.periods]
        empty = pl.DataFrame(schema={c.name: c.polars_type for c in self._calls.table.columns})
        rows = pl.concat([empty.drop("month"), *(p.drop("month") for p in parts if p is not None)])
        waits = pl.sum_horizontal("answered_wait_seconds", "lost_wait_seconds")
        # A sum over nothing known is not zero.
        known = pl.col("offered").is_null().any()
        return rows.group_by("date", "hour").agg(
            pl.when(~known).then(pl.col("offered").sum()).alias("count"),
            pl.col("answered", "talk_seconds").sum(),
            waits.sum().alias("waits"),
        )

    @cached_property
    def _tickets(self) -> pl.DataFrame:
        """The tickets that count, with what they are watched by."""
        tickets = self._inputs.scan("tickets", self._inputs.details["tickets"])
        shown = wall_clock(pl.col("accepted_at"))
        return (
            tickets.filter(pl.col("status").ne_missing(VOIDED))
            .select(
                *("ticket_id", "category", "unit", "region"),
                date=shown.dt.date(),
                hour=shown.dt.hour().cast(pl.Int64),
            )
            .collect()
        )

    def _of_tickets(self) -> pl.DataFrame:
        return self._tickets.group_by("date", "hour").agg(count=pl.len())


def _grid(counts: pl.DataFrame, first: date, last: date, there: set[date]) -> Floats:
    """Counts by day and hour; NaN on days without an export."""
    length = (last - first).days + 1
    grid = np.zeros((length, _HOURS))
    within = counts.filter(pl.col("date").is_between(first, last))
    offset = (within["date"] - first).dt.total_days().to_numpy()
    grid[offset, within["hour"].to_numpy()] = within["count"].to_numpy()
    missing = [i for i in range(length) if first + timedelta(i) not in there]
    grid[missing] = np.nan
    return grid


def _pace(calls: pl.DataFrame, last: date) -> Pace | None:
    """How the calls of the last weeks were handled; None where too little is known to say."""
    recent = calls.filter(pl.col("date") > last - timedelta(days=_PACE_DAYS))
    sums: Mapping[str, int | None] = recent.sum().row(0, named=True)
    offered, answered, talk, waits = (
        sums[name] or 0 for name in ("count", "answered", "talk_seconds", "waits")
    )
    if not 0 < answered < offered or not talk or not waits or _TARGET is None:
        return None
    return Pace(talk / answered, waits / (offered - answered), _TARGET / 100)
