"""What is owed of the exports: days without one, files that were refused, rows left in quarantine.

Only ledgers are read. Whoever shows an answer (asset checks, `hotline status`, `hotline doctor`,
notices) asks here: there is one count of missing days.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from assets.core import GOOD, NOTE, CheckResult
from assets.exports import TAKEN, State, read_ledger
from assets.installation import Installation
from assets.quarantine import OPEN, ROW_FATE, read_history, with_fates
from schemas import EXPORTS

EXPECTED_DAYS = "expected_days_present", "现状：从第一天到现在，每天的导出都到了"
QUARANTINE = "quarantine_worked_off", "现状：没有长期未处理的隔离行"
HELD = "deliveries_decided", "现状：没有暂扣待核的文件"
DAILY = tuple(name for name, table in EXPORTS.items() if table.cadence == "daily")
_SPANS_SHOWN = 3
_FRESH = timedelta(days=7)
# After so long without any export it is no alarm of every day.
NO_LONGER_FED = timedelta(days=30)


@dataclass(frozen=True)
class ExpectedDays:
    """The days for which a daily dataset should have an export.

    Attributes:
        first: first day for which any daily dataset has one; None where none has.
        last: last day whose export should be there by now.
        missing: days of these without a file that was taken, oldest first.
        newest: last day of which any daily dataset has a file; None where none has.
    """

    first: date | None
    last: date
    missing: tuple[date, ...]
    newest: date | None = None

    @property
    def urgent(self) -> bool:
        """Whether somebody has to ask the platform today: a day of the last week is missing.

        Older gaps are known, and an installation that gets nothing any more is no alarm every day.
        """
        if self.newest is None or self.last - self.newest >= NO_LONGER_FED:
            return False
        return any(self.last - day < _FRESH for day in self.missing)


def expected_days(installation: Installation) -> dict[str, ExpectedDays]:
    """What is expected and missing of each daily dataset that the platform exports.

    A daily dataset has a file for every day, if only with a header, from the first day that any of
    them has. The export of a day is owed from `missing_after` of the next day on, when people are
    told that it is missing.
    """
    present = {
        name: set(read_ledger(installation.warehouse, name).filter(state=TAKEN)["export_date"])
        for name in DAILY
        if name in installation.profile.datasets
    }
    first = min((day for days in present.values() for day in days), default=None)
    due = installation.local_now().time() >= installation.notices.missing_after
    last = installation.today - timedelta(1 if due else 2)
    if first is None:
        return {name: ExpectedDays(None, last, ()) for name in present}
    newest = max(day for days in present.values() for day in days)
    first = max(first, installation.start)
    last = max(first, last)
    expected = [first + timedelta(n) for n in range((last - first).days + 1)]
    return {
        name: ExpectedDays(first, last, tuple(day for day in expected if day not in days), newest)
        for name, days in present.items()
    }


def check_expected_days(installation: Installation) -> dict[str, CheckResult]:
    """Whether each daily dataset has every day."""
    held = {(row["dataset"], row["export_date"]) for row in files_in(installation, State.HELD)}
    return {
        name: _check_days(name, days, [day for day in days.missing if (name, day) in held])
        for name, days in expected_days(installation).items()
    }


def _check_days(name: str, days: ExpectedDays, held: Collection[date]) -> CheckResult:
    title = EXPORTS[name].title
    if days.first is None:
        sentence, level = "还没有收到过日导出：请核对接收目录（landing）里有没有文件。", NOTE
    elif days.missing:
        level = NOTE
        sentence = (
            f"{title}缺 {len(days.missing)} 天的导出（{_spans(days.missing)}）："
            "请平台补交，放进接收目录；当天确实没有数据，请交只有表头的文件。"
        )
        if held:
            sentence += f"其中 {_spans(held)} 的文件暂扣待核，见 hotline deliveries。"
    else:
        sentence, level = f"{days.first} 至 {days.last} 的{title}导出齐全。", GOOD
    return CheckResult(
        *EXPECTED_DAYS,
        level,
        sentence,
        examined=0 if days.first is None else (days.last - days.first).days + 1,
        faults=tuple(map(str, days.missing)),
        urgent=days.urgent,
    )


def _spans(days: Collection[date]) -> str:
    """The last unbroken stretches of days, each by its first and last day."""
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    shown = [f"{a}" if a == b else f"{a} 至 {b}" for a, b in spans[-_SPANS_SHOWN:]]
    return ("……、" if len(spans) > _SPANS_SHOWN else "") + "、".join(shown)


def refused_files(installation: Installation) -> list[dict[str, Any]]:
    """Rows of the ledgers for files of which no row counts, by dataset."""
    return files_in(installation, State.REFUSED)


def files_in(installation: Installation, state: str) -> list[dict[str, Any]]:
    """Rows of the ledgers for deliveries in a state, by dataset."""
    return [
        row
        for name in EXPORTS
        for row in read_ledger(installation.warehouse, name)
        .filter(state=state)
        .iter_rows(named=True)
    ]


def check_held(installation: Installation) -> dict[str, CheckResult]:
    """Whether of each dataset no file waits for a person to release or reject it."""
    held = files_in(installation, State.HELD)
    return {
        name: _check_held(installation, name, [row for row in held if row["dataset"] == name])
        for name in EXPORTS
        if name in installation.profile.datasets
    }


def _check_held(
    installation: Installation, name: str, held: Collection[dict[str, Any]]
) -> CheckResult:
    examined = read_ledger(installation.warehouse, name).height
    if not held:
        return CheckResult(*HELD, GOOD, "没有暂扣待核的文件。", examined=examined)
    waited = max((installation.today - row["arrived"]).days for row in held)
    since = f"，最早的已等了 {waited} 天" if waited > 1 else ""
    sentence = (
        f"{EXPORTS[name].title}有 {len(held)} 个文件因可疑暂扣{since}，没有计入："
        "请用 hotline deliveries 查看，核对后放行或退回，或请平台重新导出。"
    )
    faults = tuple(sorted(str(row["export_date"]) for row in held))
    return CheckResult(*HELD, NOTE, sentence, examined=examined, faults=faults, urgent=True)


def old_rows(installation: Installation, name: str) -> pl.DataFrame:
    """Open rows of a dataset that are in quarantine for more than `quarantine_days`.

    Returns:
        Columns as in the history of the quarantine. What became of rows is looked up only where
        one is old.
    """
    place = ["delivery", "line"]
    before = installation.now() - timedelta(installation.operations.quarantine_days)
    rows = read_history(installation.warehouse, name)
    old = rows.filter(pl.col("left").is_null(), pl.col("entered") < before)
    if not old.height:
        return old
    still = with_fates(installation.warehouse, name).filter(pl.col(ROW_FATE) == OPEN)
    return old.join(still.select(place), on=place, how="semi")


def check_quarantine(installation: Installation) -> dict[str, CheckResult]:
    """Whether each dataset has no open row that is older than `quarantine_days`."""
    days = installation.operations.quarantine_days
    found = {}
    for name in (each for each in EXPORTS if each in installation.profile.datasets):
        old = old_rows(installation, name)
        level, sentence = GOOD, f"没有超过 {days} 天还未处理的隔离行。"
        if old.height:
            level = NOTE
            sentence = (
                f"{EXPORTS[name].title}有 {old.height} 行隔离超过 {days} 天还未处理，"
                f"在 {old['delivery'].n_unique()} 个文件里：请用 hotline quarantine list "
                f"--dataset {name} 查看，导出更正后交回，或用 hotline quarantine discard 作废。"
            )
        found[name] = CheckResult(
            *QUARANTINE,
            level,
            sentence,
            examined=read_history(installation.warehouse, name)["left"].null_count(),
            faults=tuple(old["delivery"].unique().sort()),
        )
    return found
