"""What the warehouse holds, for `hotline status`: days, quarantine, staleness, release.

Belongs here: counting. Only ledgers, file metadata and the source's listing are read; no Dagster.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from assets.exports import REFUSED, TAKEN, Waiting, merged, read_ledger, refusal, sentences, waiting
from assets.facts import FactsPlan
from assets.health import DAILY, issued_when_due, knowledge_on_course, missing_days, worked_off
from assets.installation import Installation
from assets.quarantine import totals
from assets.releases import current_release, stale
from schemas import EXPORTS


@dataclass(frozen=True)
class DatasetState:
    """State of one dataset.

    Attributes:
        title: Chinese name.
        first: first export date taken.
        last: last export date taken.
        present: number of export dates taken.
        missing: days without a file of this dataset, between the first and the last day for which
            any daily dataset has one; for daily datasets only.
        files: files taken.
        refused: files refused.
        read: rows read.
        quarantined: rows quarantined.
        noticed: sentences on new headers, new codes and rows that the profile leaves out.
    """

    title: str
    first: date | None
    last: date | None
    present: int
    missing: tuple[date, ...]
    files: int
    refused: int
    read: int
    quarantined: int
    noticed: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """State of an installation.

    Attributes:
        datasets: dataset -> its state.
        refusals: name and sentence of every refused file.
        waiting: what there is to take.
        stale: "table month" of what is not up to date.
        release: id of the current release.
        cutoff: end of the last day taken, ISO.
        days_behind: days that have ended since the cutoff.
        calendar_until: last day that the working-day calendar knows.
        became: what became of the rows in quarantine -> how many.
        wrong: what else is wrong now, and what to do.
    """

    datasets: dict[str, DatasetState]
    refusals: list[tuple[str, str]]
    waiting: Waiting
    stale: list[str]
    release: str | None
    cutoff: str | None
    days_behind: int
    calendar_until: date
    became: dict[str, int]
    wrong: tuple[str, ...]


def state(installation: Installation) -> State:
    """Look at an installation without changing it."""
    plan = FactsPlan(installation.warehouse)
    accounted = plan.inputs.files
    datasets, refusals = {}, []
    arrived = accounted.filter(pl.col("dataset").is_in(DAILY), state=TAKEN)["export_date"]
    first, last = arrived.min(), arrived.max()
    for name, table in EXPORTS.items():
        ledger = read_ledger(installation.warehouse, name)
        taken = ledger.filter(state=TAKEN)
        days = set(taken["export_date"])
        missing: list[date] = []
        if name in DAILY and isinstance(first, date) and isinstance(last, date):
            missing = missing_days(days, first, last)
        own = accounted.filter(dataset=name, state=TAKEN)
        refused = ledger.filter(state=REFUSED)
        refusals += [refusal(row) for row in refused.iter_rows(named=True)]
        datasets[name] = DatasetState(
            table.title,
            min(days, default=None),
            max(days, default=None),
            len(days),
            tuple(missing),
            taken.height,
            refused.height,
            int(own["read"].sum()),
            int(own["quarantined"].sum()),
            tuple(sentences(merged(taken["detail"]))),
        )
    cutoff = plan.inputs.cutoff
    return State(
        datasets,
        refusals,
        waiting(installation, patiently=False),
        stale(installation, plan),
        current_release(installation.warehouse),
        cutoff.isoformat() if cutoff else None,
        (installation.today - cutoff.date()).days if cutoff else 0,
        installation.deadlines.calendar.last,
        totals(installation.warehouse),
        _wrong(installation),
    )


def _wrong(installation: Installation) -> tuple[str, ...]:
    """What the standing checks find and the rest of the state does not say."""
    findings = [
        *worked_off(installation).values(),
        knowledge_on_course(installation),
        *issued_when_due(installation).values(),
    ]
    return tuple(each.sentence for each in findings if not each.good)
