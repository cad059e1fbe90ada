"""Detail rows from a few literal values, and what a fact table says of them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from assets.deadlines.due import DEADLINE
from assets.details.legs import ONE_LEG
from schemas import EXPORTS
from schemas.fields import Kind
from schemas.wall_clock import TIME_ZONE
from tests.samples import VALID

Rows = list[dict[str, Any]]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(TIME_ZONE)) if text else None


def at(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


def detail(dataset: str, rows: Rows) -> pl.LazyFrame:
    """Typed rows of a dataset; values as a platform would write them."""
    columns = EXPORTS[dataset].columns
    cast = {Kind.TIMESTAMP: moment, Kind.INTEGER: int, Kind.NUMBER: float}
    typed = [
        {
            column.name: cast.get(column.kind, str)(each[column.name])
            if each[column.name]
            else None
            for column in columns
        }
        for each in (VALID[dataset] | changes for changes in rows)
    ]
    found = pl.LazyFrame(typed, schema={column.name: column.polars_type for column in columns})
    return found.with_columns(ONE_LEG) if dataset == "calls" else found


def with_deadlines(rows: Rows) -> pl.LazyFrame:
    """Tickets whose deadline is given with them; by default the end of 12 January."""
    frame = detail("tickets", [{k: v for k, v in each.items() if k != DEADLINE} for each in rows])
    due = [moment(each.get(DEADLINE, "2023-01-12 23:59:59")) for each in rows]
    return frame.with_columns(pl.Series(DEADLINE, due, dtype=pl.Datetime("us", TIME_ZONE)))


def only(found: pl.LazyFrame) -> dict[str, Any]:
    (single,) = found.collect().to_dicts()
    return single


def by(found: pl.LazyFrame, *names: str) -> dict[Any, dict[str, Any]]:
    """Rows by some of their columns."""
    keyed = {}
    for each in found.collect().to_dicts():
        key = tuple(each.pop(name) for name in names)
        keyed[key if len(names) > 1 else key[0]] = each
    return keyed


DAY = "2023-01-05"


def call(outcome: str, offered: str, answered: str, ended: str, **more: str) -> dict[str, str]:
    times = {"offered_at": offered, "answered_at": answered, "ended_at": ended}
    return {"outcome": outcome, **{k: f"{DAY} {v}" if v else "" for k, v in times.items()}, **more}


DIRECT = {"handling": "直接答复", "unit": "", "dispatched_at": "", DEADLINE: ""}


def closed(at: str, **more: str) -> dict[str, str]:
    return {"status": "已办结", "closed_at": at, **more}
