"""The night: ingest what has arrived, update what depends on it, publish, issue reports.

What is missing or stale is asked of the warehouse before each layer, so an interrupted night is
continued by the next one. Dagster, in which the layers run, is loaded when there is something to
run: most of a night without work would be loading it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from assets.details import details_plans, stale_details
from assets.exports import PendingExports, pending_exports
from assets.facts import FROM_DETAILS, MONTHLY, FactsPlan
from assets.indicators import YEARLY, IndicatorsPlan
from assets.installation import Installation
from assets.quarantine import update_history
from assets.releases import current_release, needs_publishing, pending_approval, stale_tables
from assets.reports.content import Period
from assets.reports.issue import due_reports, refresh_index
from schemas.reports import ReportKind

if TYPE_CHECKING:
    from pipelines.layers import Layers

# A late file can make facts of later months stale (first callbacks, units of tickets), once.
_PASSES = 3


@dataclass
class Outcome:
    """What a night came to.

    Attributes:
        files: files that were new or stale.
        rebuilt: months whose facts were built.
        failed_runs: ids of Dagster runs that failed.
        stale: what is still not up to date: "table month".
        release: id of the current release.
        published: whether it is a new one.
        unreachable: why the source could not be listed; empty where it could.
        held: id of a release that waits for a person because a past month moved; a pinned release
            is one that a person decided on, and nothing is left undone.
        reports: reports that were due, or looked at because their exports changed.
    """

    files: int = 0
    rebuilt: set[str] = field(default_factory=set)
    failed_runs: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    release: str | None = None
    published: bool = False
    unreachable: str = ""
    held: str | None = None
    reports: int = 0

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (
            self.files
            or self.rebuilt
            or self.published
            or self.reports
            or self.failed_runs
            or self.unreachable
        )

    @property
    def good(self) -> bool:
        """Whether everything is up to date and published."""
        return not (self.undone or self.held)

    @property
    def undone(self) -> str:
        """What is left undone, in Chinese; a release that waits for a person is not."""
        left = [f"{len(self.failed_runs)} 次运行失败"] if self.failed_runs else []
        left += [self.unreachable] if self.unreachable else []
        left += self.stale[:20]
        if not left and self.release is None:
            left.append("没有可发布的内容")
        return f"仍未完成：{'、'.join(left)}。请运行 hotline status 查看。" if left else ""


@dataclass(frozen=True)
class Night:
    """Decides what is to be done, layer by layer.

    Attributes:
        installation: the installation.
        layers: gives what runs the layers, the same each time.
        issues: whether reports that are due are issued.
    """

    installation: Installation
    layers: Callable[[], "Layers"]
    issues: bool = True

    def _take(
        self, found: PendingExports, wanted: Callable[[date], bool], outcome: Outcome
    ) -> None:
        dates = {name: [day for day in days if wanted(day)] for name, days in found.dates.items()}
        if any(dates.values()):
            outcome.failed_runs += self.layers().take(dates)

    def _build_details(self, outcome: Outcome) -> list[str]:
        """Build stale details; returns those that could not be built."""
        plans = details_plans(self.installation)
        for plan in plans.values():
            # A refusal can leave a period without any row, and no run would look at it.
            plan.delete_orphans()
        stale = {name: plan.stale() for name, plan in plans.items()}
        if not any(stale.values()):
            return []
        outcome.failed_runs += self.layers().build_details(stale)
        return stale_details(plans)

    def _build_facts(self, plan: FactsPlan, tables: Sequence[str], outcome: Outcome) -> list[str]:
        """Build stale facts; returns those that could not be built: "table month"."""

        def ask() -> dict[str, list[str]]:
            return {name: plan.stale(name) for name in tables}

        for name in MONTHLY:
            plan.delete_orphans(name)
        stale = ask()
        for _ in range(_PASSES):
            if not any(stale.values()):
                break
            outcome.rebuilt |= {month for months in stale.values() for month in months}
            outcome.failed_runs += self.layers().build_facts(stale)
            stale = ask()
        return [f"{name} {month}" for name, months in stale.items() for month in months]

    def _build_indicators(self, facts: FactsPlan, outcome: Outcome) -> list[str]:
        """Build stale yearly tables; returns those that could not be built: "table year"."""
        plan = IndicatorsPlan(self.installation.warehouse, facts)
        for name in YEARLY:
            plan.delete_orphans(name)
        stale = {name: plan.stale(name) for name in YEARLY}
        if not any(stale.values()):
            return []
        outcome.failed_runs += self.layers().build_indicators(stale)
        return [f"{name} {year}" for name in YEARLY for year in plan.stale(name)]

    def issue_reports(self, due: Mapping[ReportKind, Sequence[str]], outcome: Outcome) -> None:
        """Issue reports, or look at them again.

        Args:
            due: keys of periods by kind.
            outcome: told how many there were and what failed.
        """
        for kind, keys in due.items():
            outcome.reports += len(keys)
            outcome.failed_runs += self.layers().issue(kind, keys)

    def issue_one(self, period: Period) -> bool:
        """Issue one report if it is new or changed; tells whether that failed."""
        outcome = Outcome()
        self.issue_reports({period.kind: [period.key]}, outcome)
        return bool(outcome.failed_runs)

    def bring_up_to_date(
        self, wanted: Callable[[date], bool] = lambda _: True, found: PendingExports | None = None
    ) -> Outcome:
        """Do everything that is missing or stale.

        Args:
            wanted: export dates to take; whatever their rows touch is rebuilt.
            found: what there is to take, where that is known already.
        """
        found = found or pending_exports(self.installation)
        outcome = Outcome(unreachable=found.unreachable)
        if found.unreachable:
            self.installation.progress.problem("", found.unreachable)
        start = self.installation.start
        if early := found.count(lambda day: wanted(day) and day < start):
            self.installation.progress.problem(
                "",
                f"{early} 个文件的日期早于起始日 {start}，未处理：请核对 hotline.toml 的 start。",
            )
        outcome.files = found.count(lambda day: wanted(day) and day >= start)
        before = current_release(self.installation.warehouse)
        self._take(found, wanted, outcome)
        untaken = bool(outcome.failed_runs or found.unreachable)
        missing = self._build_details(outcome)
        # The warehouse is held: details and ledgers are as they are now until the end.
        plan = FactsPlan(self.installation.warehouse)
        # The account of rows cannot balance while details are missing: what follows from it waits,
        # and the months that can be built are.
        left = self._build_facts(plan, FROM_DETAILS if missing else MONTHLY, outcome)
        left += self._build_indicators(plan, outcome)
        # What could not be taken is missing without anybody knowing: the last release stays.
        if not untaken and needs_publishing(
            self.installation.warehouse, plan, self.installation.keep_releases
        ):
            outcome.failed_runs += self.layers().publish()
        update_history(self.installation.warehouse, at=self.installation.now())
        outcome.stale = [
            *missing,
            *(stale_tables(self.installation.warehouse, plan) if missing else left),
        ]
        outcome.release = current_release(self.installation.warehouse)
        outcome.published = outcome.release != before
        held = pending_approval(self.installation.warehouse)
        outcome.held = held.release if held and not held.pinned else None
        if self.issues:
            self.issue_reports(due_reports(self.installation), outcome)
            refresh_index(self.installation)
        return outcome
