"""Hold every daily delivery against what was to be expected, before anything is built from it.

What is measured of the deliveries of a date is kept beside their ledger, so that a night reads the
rows of new ones only. The verdicts are formed anew each time, from the measures of all.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import polars as pl

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    code_version,
    fingerprint,
    make_folder,
    write_atomically,
)
from assets.expectations.days import Floats
from assets.expectations.measures import (
    HOURS,
    MEASURES,
    OF,
    measure,
    moment_column,
    watched_columns,
    watched_shares,
)
from assets.expectations.verdicts import DayMeasures, Finding, judge
from assets.exports import (
    DELIVERY,
    FINDINGS,
    HOLD,
    NOTICE,
    State,
    Verdict,
    enter_findings,
    read_decisions,
    read_ledger,
)
from assets.installation import Installation
from schemas import EXPORTS
from schemas.table import ExportTable

# What these hold does not count in any case.
_ASIDE = (State.REFUSED, State.REJECTED, State.REPEAT)
_STORED = MEASURES | {"version": pl.String()}


@dataclass(frozen=True)
class _Set:
    """Deliveries of one date that would be in force together.

    Attributes:
        deliveries: their ids.
        contents: their contents.
        batches: period -> batches that hold their rows.
        of: fingerprint of ids and batches.
    """

    deliveries: tuple[str, ...]
    contents: frozenset[str]
    batches: frozenset[tuple[str, str]]
    of: str


def examine_deliveries(installation: Installation) -> None:
    """Judge the deliveries of all daily datasets and enter what was found in their ledgers.

    Args:
        installation: held for writing.
    """
    warehouse = installation.warehouse
    tables = [
        table
        for name, table in EXPORTS.items()
        if table.cadence == "daily" and name in installation.profile.datasets
    ]
    sets = {table: _candidates(read_ledger(warehouse, table.name)) for table in tables}
    days = {table: _measured(warehouse, table, found) for table, found in sets.items()}
    released = {
        (each.dataset, date.fromisoformat(each.export_date))
        for each in read_decisions(warehouse)
        if each.verdict == Verdict.RELEASED
    }
    verdicts = judge(days, installation.deadlines.calendar, released)
    for table, found in sets.items():
        rows = [
            (day, content, each.rule, HOLD if each.hold else NOTICE, each.expected, each.found)
            for day, candidates in found.items()
            for content, each in _blamed(candidates, verdicts[table.name, day])
        ]
        enter_findings(warehouse, table.name, pl.DataFrame(rows, orient="row", schema=FINDINGS))


def _candidates(ledger: pl.DataFrame) -> dict[date, list[_Set]]:
    """For each export date the deliveries that would be in force, the last one left out in turn."""
    rows = ledger.filter(~pl.col("state").is_in(_ASIDE)).sort("export_date", "generation", "path")
    found: dict[date, list[_Set]] = {}
    for day, group in groupby(rows.iter_rows(named=True), key=itemgetter("export_date")):
        arrived = list(group)
        found[day] = [_last_of_each_name(arrived[:end]) for end in range(len(arrived), 0, -1)]
    return found


def _last_of_each_name(arrived: Iterable[Mapping[str, Any]]) -> _Set:
    last = {row["path"].rpartition("/")[2]: row for row in arrived}.values()
    deliveries = tuple(sorted(row["delivery"] for row in last))
    batches = frozenset((period, row["batch"]) for row in last for period in row["periods"])
    return _Set(
        deliveries,
        frozenset(row["content"] for row in last),
        batches,
        fingerprint([deliveries, sorted(batches)]),
    )


def _blamed(
    candidates: Sequence[_Set], findings: Sequence[Sequence[Finding]]
) -> Iterator[tuple[str, Finding]]:
    """Which content each finding is about: what is held is what a passing candidate has not."""
    passes = len(findings) == 1 or not any(finding.hold for finding in findings[-1])
    chosen = candidates[len(findings) - 1].contents if passes else frozenset()
    blamed: set[str] = set()
    for candidate, own in zip(candidates, findings, strict=False):
        contents = candidate.contents - blamed
        if any(finding.hold for finding in own) and candidate.contents != chosen:
            contents -= chosen
        for content in sorted(contents):
            yield from ((content, finding) for finding in own)
        blamed |= contents


def _measured(
    warehouse: Warehouse, table: ExportTable, found: Mapping[date, Sequence[_Set]]
) -> dict[date, list[DayMeasures]]:
    """Measures of every candidate of every date, taken of those that are not measured yet."""
    wanted = {each.of: each for candidates in found.values() for each in candidates}
    path = warehouse.ledgers / "measures" / f"{table.name}.parquet"
    version = code_version("assets.expectations", "schemas")
    known = pl.DataFrame(schema=_STORED)
    if path.exists():
        known = pl.read_parquet(path).filter(pl.col(OF).is_in(list(wanted)), version=version)
    new = [each for of, each in wanted.items() if of not in set(known[OF])]
    if new:
        known = pl.concat([known, _measure(warehouse, table, new, version)]).sort(OF)
        make_folder(path.parent, PRIVATE_FOLDER)
        write_atomically(path, known.write_parquet, mode=PRIVATE_FILE)
    rows = {row[OF]: row for row in known.iter_rows(named=True)}
    return {
        day: [_day_measures(rows[each.of], table, day) for each in candidates]
        for day, candidates in found.items()
    }


def _measure(
    warehouse: Warehouse, table: ExportTable, new: Sequence[_Set], version: str
) -> pl.DataFrame:
    """Measure candidates; one whose deliveries have no rows gets zeros."""
    alone = [each for each in new if len(each.deliveries) == 1 and each.batches]
    together = [each for each in new if len(each.deliveries) > 1 and each.batches]
    found = [
        _scan(warehouse, table, [each]).unique([*table.key, moment_column(table)])
        for each in together
    ]
    found += [_scan(warehouse, table, alone)] if alone else []
    measured = [measure(rows, table) for rows in found]
    empty = [
        {OF: each.of, "rows": 0}
        for each in new
        if not any(each.of in set(part[OF]) for part in measured)
    ]
    return pl.concat([*measured, pl.DataFrame(empty, schema=MEASURES)]).with_columns(
        version=pl.lit(version)
    )


def _scan(warehouse: Warehouse, table: ExportTable, sets: Sequence[_Set]) -> pl.LazyFrame:
    """Staged rows of some candidates, with `of`."""
    places = sorted({place for each in sets for place in each.batches})
    paths = [warehouse.staged(table.name, period) / f"{batch}.parquet" for period, batch in places]
    named = [
        (delivery, batch, each.of)
        for each in sets
        for delivery in each.deliveries
        for batch in {batch for _, batch in each.batches}
    ]
    of = pl.LazyFrame(named, schema=[DELIVERY, "__batch", OF], orient="row")
    return pl.scan_parquet(paths).join(of, on=[DELIVERY, "__batch"])


def _day_measures(row: Mapping[str, Any], table: ExportTable, day: date) -> DayMeasures:
    def counts(name: str, length: int) -> Floats:
        return np.array(row[name] or [0] * length, dtype=np.float64)

    days = {each["day"]: each["count"] for each in row["days"] or ()}
    return DayMeasures(
        row["rows"],
        days.get(day, 0),
        counts("hours", HOURS),
        counts("cells", len(watched_shares(table))),
        counts("distinct", len(watched_columns(table))),
        {each["form"]: each["count"] for each in row["forms"] or ()},
        row["middle_key"] or "",
        frozenset(row["sample"] or ()),
    )
