"""Hold the deliveries of every day against what was to be expected, and note what was not.

What is measured of the deliveries of a date is kept beside their ledger, so that a night reads the
rows of new ones only. The findings are formed anew each time, from the measures of all days.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
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
    write_bytes,
)
from assets.expectations.days import Floats
from assets.expectations.measures import (
    HOURS,
    MEASURES,
    OF,
    DayMeasures,
    measure,
    moment_column,
    watched_columns,
    watched_shares,
)
from assets.expectations.usual import Finding
from assets.expectations.verdicts import judge
from assets.exports import (
    DELIVERY,
    FINDINGS,
    Candidate,
    State,
    enter_findings,
    read_candidates,
    read_findings,
    read_ledger,
)
from assets.installation import Installation
from schemas import EXPORTS
from schemas.table import ExportTable

_STORED = MEASURES | {"version": pl.String()}


@dataclass(frozen=True)
class _Day:
    """Deliveries of one export date that would be in force together.

    Attributes:
        candidate: the deliveries.
        batches: period and batch of the files that hold their rows.
        of: fingerprint of the rows.
    """

    candidate: Candidate
    batches: tuple[tuple[str, str], ...]
    of: str


_Days = Mapping[date, Sequence[_Day]]


def examine_deliveries(installation: Installation) -> list[dict[str, Any]]:
    """Look at the deliveries of all daily datasets and enter what was found beside their ledgers.

    Nothing is done where nothing has changed since the last look.

    Args:
        installation: held for writing.

    Returns:
        Rows of the ledgers for deliveries that are held now and were not before.
    """
    warehouse, calendar = installation.warehouse, installation.deadlines.calendar
    tables = [
        table
        for name, table in EXPORTS.items()
        if table.cadence == "daily" and name in installation.profile.datasets
    ]
    found = {table: _days(warehouse, table.name) for table in tables}
    looked_at = fingerprint(
        code_version("assets.expectations", "schemas"),
        calendar.version,
        [[each.of, each.candidate.released] for table in tables for each in _all(found[table])],
    )
    record = warehouse.ledgers / "measures" / "examined.json"
    if record.exists() and json.loads(record.read_text()) == [
        looked_at,
        _entered(warehouse, tables),
    ]:
        return []
    before = {row["delivery"] for row in _held(warehouse, tables)}
    zone = installation.profile.time_zone
    measured = {table: _measured(warehouse, table, days, zone) for table, days in found.items()}
    verdicts = judge(measured, calendar)
    for table, days in found.items():
        rows = [
            (
                day,
                each.candidate.content,
                finding.rule,
                finding.hold,
                finding.expected,
                finding.found,
            )
            for day, own in days.items()
            for each, findings in zip(own, verdicts[table.name, day], strict=False)
            for finding in _reasons(findings)
        ]
        enter_findings(warehouse, table.name, pl.DataFrame(rows, orient="row", schema=FINDINGS))
    make_folder(record.parent, PRIVATE_FOLDER)
    content = json.dumps([looked_at, _entered(warehouse, tables)])
    write_bytes(record, content.encode(), mode=PRIVATE_FILE)
    return [row for row in _held(warehouse, tables) if row["delivery"] not in before]


def _held(warehouse: Warehouse, tables: Sequence[ExportTable]) -> list[dict[str, Any]]:
    ledgers = [read_ledger(warehouse, table.name) for table in tables]
    return [row for each in ledgers for row in each.filter(state=State.HELD).iter_rows(named=True)]


def _reasons(findings: Sequence[Finding]) -> Sequence[Finding]:
    """What is entered of findings: of a delivery that is held the first, most certain reason."""
    return [each for each in findings if each.hold][:1] or findings


def _entered(warehouse: Warehouse, tables: Sequence[ExportTable]) -> str:
    """Fingerprint of the findings that are entered now."""
    return fingerprint([read_findings(warehouse, table.name).rows() for table in tables])


def _all(days: _Days) -> list[_Day]:
    return [each for own in days.values() for each in own]


def _days(warehouse: Warehouse, dataset: str) -> _Days:
    """What could be in force on each export date, the last delivery left out in turn."""
    ledger = read_ledger(warehouse, dataset).select("delivery", "batch", "periods")
    batches = {
        delivery: [(period, batch) for period in periods or ()]
        for delivery, batch, periods in ledger.iter_rows()
    }
    found: dict[date, list[_Day]] = {}
    for day, candidates in read_candidates(warehouse, dataset).items():
        found[day] = []
        for each in candidates:
            own = sorted({place for one in each.deliveries for place in batches[one]})
            of = fingerprint(each.deliveries, own)
            found[day].append(_Day(each, tuple(own), of))
    return found


def _measured(
    warehouse: Warehouse, table: ExportTable, days: _Days, zone: str
) -> dict[date, list[DayMeasures]]:
    """Measures of every date, taken of those that are not measured yet."""
    path = warehouse.ledgers / "measures" / f"{table.name}.parquet"
    version = code_version("assets.expectations", "schemas")
    wanted = {each.of: each for each in _all(days)}
    known = pl.DataFrame(schema=_STORED)
    if path.exists():
        stored = pl.read_parquet(path).filter(pl.col(OF).is_in(list(wanted)), version=version)
        known = known if stored.is_empty() else stored
    before = set(known[OF])
    if new := [each for of, each in wanted.items() if of not in before]:
        measures = _measure(warehouse, table, new, zone).with_columns(version=pl.lit(version))
        known = pl.concat([known, measures]).sort(OF)
        make_folder(path.parent, PRIVATE_FOLDER)
        write_atomically(path, known.write_parquet, mode=PRIVATE_FILE)
    rows = {row[OF]: row for row in known.iter_rows(named=True)}
    lengths = len(watched_shares(table)), len(watched_columns(table))
    return {
        day: [_day_measures(rows[each.of], lengths, day, each.candidate) for each in own]
        for day, own in days.items()
    }


def _measure(
    warehouse: Warehouse, table: ExportTable, days: Sequence[_Day], zone: str
) -> pl.DataFrame:
    """Measure days; one whose deliveries have no rows gets zeros."""
    filled = [each for each in days if each.batches]
    alone = [each for each in filled if len(each.candidate.deliveries) == 1]
    # Where several files make a day, a row that stands in two of them is one.
    identity = [*table.key, moment_column(table)]
    parts = [
        measure(_scan(warehouse, table, [each], zone).unique(identity), table)
        for each in filled
        if len(each.candidate.deliveries) > 1
    ]
    parts += [measure(_scan(warehouse, table, alone, zone), table)] if alone else []
    measured = {of for part in parts for of in part[OF]}
    empty = [{OF: each.of, "rows": 0} for each in days if each.of not in measured]
    return pl.concat([*parts, pl.DataFrame(empty, schema=MEASURES)])


def _scan(
    warehouse: Warehouse, table: ExportTable, days: Sequence[_Day], zone: str
) -> pl.LazyFrame:
    """Staged rows of some days, with `of`; their moments in a zone."""
    places = sorted({place for each in days for place in each.batches})
    paths = [warehouse.staged(table.name, period) / f"{batch}.parquet" for period, batch in places]
    named = [
        (delivery, batch, each.of)
        for each in days
        for delivery in each.candidate.deliveries
        for batch in sorted({batch for _, batch in each.batches})
    ]
    of = pl.LazyFrame(named, schema=[DELIVERY, "__batch", OF], orient="row")
    moments = pl.selectors.datetime(time_zone="*")
    rows = pl.scan_parquet(paths).with_columns(moments.dt.convert_time_zone(zone))
    return rows.join(of, on=[DELIVERY, "__batch"])


def _day_measures(
    row: Mapping[str, Any], lengths: tuple[int, int], day: date, candidate: Candidate
) -> DayMeasures:
    def counts(name: str, length: int) -> Floats:
        return np.array(row[name] or [0] * length, dtype=np.float64)

    days = {each["day"]: each["count"] for each in row["days"] or ()}
    return DayMeasures(
        row["rows"],
        days.get(day, 0),
        row["opened"] or 0,
        counts("hours", HOURS),
        counts("cells", lengths[0]),
        counts("distinct", lengths[1]),
        {each["form"]: each["count"] for each in row["forms"] or ()},
        row["middle_key"] or "",
        frozenset(row["sample"] or ()),
        candidate.released,
    )
