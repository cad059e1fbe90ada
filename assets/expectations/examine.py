"""Hold the deliveries of every day against what was to be expected, and note what was not.

What is measured of the deliveries of a date is kept beside their ledger, so that a night reads the
rows of new ones only. The findings are formed anew each time, from the measures of all days.
"""

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
from assets.expectations.verdicts import DayMeasures, judge
from assets.exports import (
    DELIVERY,
    FINDINGS,
    TAKEN,
    Verdict,
    enter_findings,
    read_decisions,
    read_ledger,
)
from assets.installation import Installation
from schemas import EXPORTS
from schemas.table import ExportTable

_STORED = MEASURES | {"version": pl.String()}


@dataclass(frozen=True)
class _Day:
    """The deliveries of one export date that are in force together.

    Attributes:
        deliveries: their ids.
        content: of the first of them, to which findings are entered.
        batches: period and batch of the files that hold their rows.
    """

    deliveries: tuple[str, ...]
    content: str
    batches: tuple[tuple[str, str], ...]

    @property
    def of(self) -> str:
        """Fingerprint of the rows."""
        return fingerprint([self.deliveries, self.batches])


def examine_deliveries(installation: Installation) -> None:
    """Look at the deliveries of all daily datasets and enter what was found beside their ledgers.

    Args:
        installation: held for writing.
    """
    warehouse = installation.warehouse
    tables = [
        table
        for name, table in EXPORTS.items()
        if table.cadence == "daily" and name in installation.profile.datasets
    ]
    found = {table: _days(read_ledger(warehouse, table.name)) for table in tables}
    measured = {table: _measured(warehouse, table, days) for table, days in found.items()}
    released = {
        (each.dataset, date.fromisoformat(each.export_date))
        for each in read_decisions(warehouse)
        if each.verdict == Verdict.RELEASED
    }
    verdicts = judge(measured, installation.deadlines.calendar, released)
    for table, days in found.items():
        # Nothing is held by a finding yet: people are told, and decide.
        rows = [
            (day, own.content, each.rule, False, each.expected, each.found)
            for day, own in days.items()
            for findings in verdicts[table.name, day]
            for each in findings
        ]
        enter_findings(warehouse, table.name, pl.DataFrame(rows, orient="row", schema=FINDINGS))


def _days(ledger: pl.DataFrame) -> dict[date, _Day]:
    """The deliveries in force, by export date."""
    rows = ledger.filter(state=TAKEN).sort("export_date", "generation", "path")
    found: dict[date, _Day] = {}
    for (day,), own in rows.group_by("export_date", maintain_order=True):
        batches = own.select("periods", "batch").explode("periods").drop_nulls().unique().rows()
        found[day] = _Day(tuple(sorted(own["delivery"])), own["content"][0], tuple(sorted(batches)))
    return found


def _measured(
    warehouse: Warehouse, table: ExportTable, days: Mapping[date, _Day]
) -> dict[date, list[DayMeasures]]:
    """Measures of every date, taken of those that are not measured yet."""
    path = warehouse.ledgers / "measures" / f"{table.name}.parquet"
    version = code_version("assets.expectations", "schemas")
    of = {day: each.of for day, each in days.items()}
    known = pl.DataFrame(schema=_STORED)
    if path.exists():
        known = pl.read_parquet(path).filter(pl.col(OF).is_in(list(of.values())), version=version)
    before = set(known[OF])
    if new := [each for day, each in days.items() if of[day] not in before]:
        measures = _measure(warehouse, table, new).with_columns(version=pl.lit(version))
        known = pl.concat([known, measures]).sort(OF)
        make_folder(path.parent, PRIVATE_FOLDER)
        write_atomically(path, known.write_parquet, mode=PRIVATE_FILE)
    rows = {row[OF]: row for row in known.iter_rows(named=True)}
    return {day: [_day_measures(rows[each], table, day)] for day, each in of.items()}


def _measure(warehouse: Warehouse, table: ExportTable, days: Sequence[_Day]) -> pl.DataFrame:
    """Measure days; one whose deliveries have no rows gets zeros."""
    filled = [each for each in days if each.batches]
    alone = [each for each in filled if len(each.deliveries) == 1]
    # Where several files make a day, a row that stands in two of them is one.
    parts = [
        measure(_scan(warehouse, table, [each]).unique([*table.key, moment_column(table)]), table)
        for each in filled
        if len(each.deliveries) > 1
    ]
    parts += [measure(_scan(warehouse, table, alone), table)] if alone else []
    measured = {of for part in parts for of in part[OF]}
    empty = [{OF: each.of, "rows": 0} for each in days if each.of not in measured]
    return pl.concat([*parts, pl.DataFrame(empty, schema=MEASURES)])


def _scan(warehouse: Warehouse, table: ExportTable, days: Sequence[_Day]) -> pl.LazyFrame:
    """Staged rows of some days, with `of`."""
    places = sorted({place for each in days for place in each.batches})
    paths = [warehouse.staged(table.name, period) / f"{batch}.parquet" for period, batch in places]
    named = [
        (delivery, batch, each.of)
        for each in days
        for delivery in each.deliveries
        for batch in sorted({batch for _, batch in each.batches})
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
