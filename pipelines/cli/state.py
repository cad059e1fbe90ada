"""What the warehouse holds, for `hotline status`: days, quarantine, staleness, release.

Only ledgers, file metadata and the source's listing are read; no Dagster.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from assets import exports
from assets.core import CheckResult, read_whole
from assets.exports import (
    TAKEN,
    PendingExports,
    drift_sentences,
    merge_drift,
    pending_exports,
    read_ledger,
    refusal_sentence,
)
from assets.facts import Inputs
from assets.health import (
    check_deadlines,
    check_knowledge,
    check_quarantine,
    check_reports,
    check_stale,
    expected_days,
    files_in,
    refused_files,
    similar_name_sentences,
)
from assets.installation import Installation
from assets.masking import masked_path
from assets.quarantine import calls_lacking_legs, totals
from assets.releases import Release, current_release
from schemas import EXPORTS, FACTS

_FEW = 3
# A finding about an older file is in the reports' past.
_DAYS_SHOWN = 8

_TICKETS = {
    "merged_unknown": "并入的主办工单没有收到过，请向平台索要主办工单",
    "merged_circular": "互相并单成环，没有主办工单，请平台更正",
    "reopened": "办结后又重开，按未办结统计",
    "changed_after_closing": "办结后又有改动，以最后的为准",
}


@dataclass(frozen=True)
class DatasetState:
    """State of one dataset.

    Attributes:
        title: Chinese name.
        first: first export date taken.
        last: last export date taken.
        present: number of export dates taken.
        missing: days for which an export is owed and none was taken; for daily datasets only.
        files: files taken.
        refused: files refused.
        read: rows read.
        quarantined: rows quarantined.
        not_taken: days that have a refused file and none that was taken.
        drift: sentences on new headers, new codes and rows that the profile leaves out.
        noticed: these, and sentences on names that look alike, files that repeat or replace
            others, and what was not to be expected.
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
    not_taken: tuple[date, ...]
    drift: tuple[str, ...]
    noticed: tuple[str, ...]


@dataclass(frozen=True)
class State:
    """State of an installation.

    Attributes:
        datasets: dataset -> its state.
        refused_rows: rows of the ledger of every file that is refused or held.
        refusals: name and sentence of each of these.
        waiting: what there is to take.
        release: id of the current release.
        cutoff: data cutoff of the current release, ISO.
        taken_until: end of the last day taken, ISO.
        days_behind: days that have ended since then.
        calendar_until: last day that the working-day calendar knows.
        became: what became of the rows in quarantine -> how many.
        up_to_date: whether everything is built from what it should be.
        reports: whether those of each kind were issued in time.
        quarantine: dataset -> whether its quarantine is worked off.
        knowledge: whether the knowledge base reaches its target.
        deadlines: whether the calendar has every year that a ticket is due in.
    """

    datasets: dict[str, DatasetState]
    refused_rows: list[dict[str, Any]]
    refusals: list[tuple[str, str]]
    waiting: PendingExports
    release: str | None
    cutoff: str | None
    taken_until: str | None
    days_behind: int
    calendar_until: date
    became: dict[str, int]
    up_to_date: CheckResult
    reports: tuple[CheckResult, ...]
    quarantine: dict[str, CheckResult]
    knowledge: CheckResult
    deadlines: CheckResult

    @property
    def stale(self) -> list[str]:
        """What is not up to date: "table month"."""
        return list(self.up_to_date.faults)

    @property
    def wrong(self) -> tuple[str, ...]:
        """What else is wrong now, and what to do."""
        checks = (*self.quarantine.values(), self.knowledge, self.deadlines, *self.reports)
        return tuple(each.sentence for each in checks if not each.passed)


def state(installation: Installation) -> State:
    """Look at an installation without changing it."""
    inputs = Inputs(installation.warehouse)
    taken_until = inputs.cutoff
    expected, refused = expected_days(installation), refused_files(installation)
    similar = similar_name_sentences(installation)
    held = files_in(installation, exports.State.HELD)
    refused_by_dataset = Counter(row["dataset"] for row in refused)
    datasets = {}
    for name, table in EXPORTS.items():
        ledger = read_ledger(installation.warehouse, name)
        taken = ledger.filter(state=TAKEN)
        days = set(taken["export_date"])
        accounted = inputs.files.filter(dataset=name, state=TAKEN)
        datasets[name] = DatasetState(
            table.title,
            min(days, default=None),
            max(days, default=None),
            len(days),
            expected[name].missing if name in expected else (),
            taken.height,
            refused_by_dataset[name],
            int(accounted["read"].sum()),
            int(accounted["quarantined"].sum()),
            tuple(
                sorted({each["export_date"] for each in refused if each["dataset"] == name} - days)
            ),
            drift := tuple(drift_sentences(merge_drift(taken["detail"]))),
            (
                *drift,
                *similar.get(name, ()),
                *_beside(ledger),
                *_unexpected(installation, name),
                *(_noted(installation) if name == "tickets" else ()),
                *(_legs(installation, accounted) if name == "calls" else ()),
            ),
        )
    release = current_release(installation.warehouse)
    return State(
        datasets,
        [*refused, *held],
        [refusal_sentence(row) for row in (*refused, *held)],
        pending_exports(installation, with_retries=False),
        release,
        Release.open(installation.warehouse.releases / release).cutoff if release else None,
        taken_until.isoformat() if taken_until else None,
        (installation.today - taken_until.date()).days if taken_until else 0,
        installation.deadlines.calendar.last,
        totals(installation.warehouse),
        check_stale(installation),
        tuple(check_reports(installation).values()),
        check_quarantine(installation),
        check_knowledge(installation),
        check_deadlines(installation),
    )


def _beside(ledger: pl.DataFrame) -> list[str]:
    """Sentences on files that are not counted because of others."""
    found = []
    for state, title in (
        (exports.State.REPEAT, "内容重复、没有再计入的文件"),
        (exports.State.REPLACED, "已由同名新文件替换的"),
    ):
        names = [masked_path(path) for path in ledger.filter(state=state)["path"].sort()]
        if names:
            few = "、".join(names[:_FEW]) + ("……" if names[_FEW:] else "")
            found.append(f"{title} {len(names)} 个：{few}（hotline deliveries list --all）")
    return found


def _unexpected(installation: Installation, name: str) -> list[str]:
    """Sentences on what was not to be expected of the last days' files, newest first."""
    since = installation.today - timedelta(days=_DAYS_SHOWN)
    found = exports.read_findings(installation.warehouse, name)
    rows = found.filter(~pl.col("hold"), pl.col("export_date") >= since)
    return [
        f"{row['export_date']}：{exports.finding_sentence(row)}"
        for row in rows.sort("export_date", descending=True).iter_rows(named=True)
    ]


def _legs(installation: Installation, accounted: pl.DataFrame) -> list[str]:
    """Sentences on rows that are legs of one call, and on calls whose legs are not all there."""
    found = []
    if joined := int(accounted["joined"].sum()):
        found.append(f"{joined} 行是同一通电话的其他分段，已并入该通电话")
    if lacking := calls_lacking_legs(installation.warehouse):
        found.append(
            f"{lacking} 通电话有分段在隔离中，按其余分段计算："
            "请用 hotline quarantine list --dataset calls 查看，更正后交回"
        )
    return found


def _noted(installation: Installation) -> list[str]:
    """Sentences on tickets that cannot be, or were not closed for good, as was last published."""
    table = FACTS["data_quality"]
    built = [
        read_whole(path)
        for path in sorted(installation.warehouse.current.glob(table.published_path("*")))
    ]
    if not built or any(_TICKETS.keys() - rows.columns for rows in built):
        return []  # Written by an older program.
    found = pl.concat(built).filter(dataset="tickets")
    counts = found.select(pl.col(*_TICKETS).sum()).row(0, named=True)
    return [f"{counts[name]} 件{said}" for name, said in _TICKETS.items() if counts[name]]
