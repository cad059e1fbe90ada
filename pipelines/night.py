"""The night: take what has arrived, bring everything that it touches up to date, publish, report.

Belongs here: the order of the work, as Dagster runs in one process. What is missing or stale is
asked of the warehouse before each layer, so an interrupted night is simply continued by the next
one. Each layer is one range run over neighbouring partitions: a run for each day would take three
times as long and fill the event log eight times as much.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import dagster as dg

from assets.details.stale import details_plans, stale_details
from assets.exports.take import Waiting, waiting
from assets.facts.build import FROM_DETAILS, MONTHLY, FactsPlan
from assets.indicators.plan import YEARLY, IndicatorsPlan
from assets.partitions import Partitions
from assets.quarantine.history import keep_history
from assets.releases.definitions import REASON_TAG
from assets.releases.hold import held_release
from assets.releases.publish import current_release, needs_publishing
from assets.releases.stale import stale_tables
from assets.reports.content.model import Period
from assets.reports.definitions import report_key
from assets.reports.issue.due import due_reports
from assets.reports.issue.index import refresh_index
from assets.scoring.definitions import KEY as SCORECARD
from assets.site import Site
from pipelines.dead_runs import WAREHOUSE_TAG, end_dead_runs
from pipelines.jobs import BUILD_MONTHS, BUILD_YEARS, PUBLISH, REPORT, TAKE
from schemas import EXPORTS
from schemas.reports import ReportKind
from schemas.tables import Cadence

# A late file can make facts of later months stale (first callbacks, units of tickets), once.
_PASSES = 3
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


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


@dataclass
class Night:
    """Runs the layers.

    Attributes:
        site: the installation: the one that is the resource of the jobs.
        partitions: its partitions.
        job: gives a job of the code location by name.
        instance: where runs are recorded.
        why: what led to it; tagged on every run.
        issues: whether reports that are due are issued.
    """

    site: Site
    partitions: Partitions
    job: Callable[[str], dg.JobDefinition]
    instance: dg.DagsterInstance
    why: str = "run"
    issues: bool = True

    def _run(
        self, job: str, assets: Iterable[dg.AssetKey], keys: Sequence[str], outcome: Outcome
    ) -> None:
        tags = {
            REASON_TAG: self.why,
            WAREHOUSE_TAG: str(self.site.warehouse.root),
            # Where it fails or its process dies, the next night goes on.
            "dagster/max_retries": "0",
        }
        if keys:
            tags |= {
                "dagster/asset_partition_range_start": keys[0],
                "dagster/asset_partition_range_end": keys[-1],
            }
        result = self.job(job).execute_in_process(
            instance=self.instance,
            tags=tags,
            asset_selection=list(assets),
            run_config=QUIET,
            raise_on_error=False,
        )
        if not result.success:
            outcome.failed_runs.append(result.run_id)

    def _segments(self, cadence: Cadence, keys: Iterable[str]) -> list[list[str]]:
        return self._neighbours(self.partitions.of(cadence), keys)

    def _neighbours(
        self, partitions: dg.TimeWindowPartitionsDefinition, keys: Iterable[str]
    ) -> list[list[str]]:
        """Keys in runs of neighbours."""
        wanted = set(keys)
        segments: list[list[str]] = [[]]
        for key in partitions.get_partition_keys(current_time=self.site.now()):
            if key in wanted:
                segments[-1].append(key)
            elif segments[-1]:
                segments.append([])
        return [each for each in segments if each]

    def _take(self, found: Waiting, wanted: Callable[[date], bool], outcome: Outcome) -> None:
        cadences: tuple[Cadence, ...] = ("daily", "monthly", "yearly")
        for cadence in cadences:
            keys = {
                name: {Partitions.key(cadence, day) for day in found.dates[name] if wanted(day)}
                for name, table in EXPORTS.items()
                if table.cadence == cadence
            }
            for segment in self._segments(cadence, set().union(*keys.values())):
                chosen = [name for name, own in keys.items() if not own.isdisjoint(segment)]
                assets = [dg.AssetKey(["exports", name]) for name in chosen]
                self._run(TAKE[cadence], assets, segment, outcome)

    def _build_details(self, outcome: Outcome) -> list[str]:
        """Build stale details; returns those that could not be built."""
        plans = details_plans(self.site)
        for plan in plans.values():
            # A refusal can leave a period without any row, and no run would look at it.
            plan.drop_gone()
        found = {name: plan.stale() for name, plan in plans.items()}
        if not any(found.values()):
            return []
        for cadence, job in (("monthly", BUILD_MONTHS), ("yearly", BUILD_YEARS)):
            stale = {
                name: periods
                for name, periods in found.items()
                if (EXPORTS[name].cadence == "yearly") == (cadence == "yearly")
            }
            periods = {period for each in stale.values() for period in each}
            for segment in self._segments(cadence, periods):  # type: ignore[arg-type]
                names = [name for name, own in stale.items() if not set(own).isdisjoint(segment)]
                assets = [dg.AssetKey(["details", name]) for name in names]
                self._run(job, assets, segment, outcome)
        return stale_details(plans)

    def _build_facts(self, plan: FactsPlan, tables: Sequence[str], outcome: Outcome) -> list[str]:
        """Build stale facts; returns what could not be built: "table month"."""
        for name in MONTHLY:
            plan.drop_gone(name)
        for left in range(_PASSES, -1, -1):
            stale = {name: plan.stale(name) for name in tables}
            months = {month for each in stale.values() for month in each}
            if not months or not left:
                break
            outcome.rebuilt |= months
            for segment in self._segments("monthly", months):
                names = [each for each, own in stale.items() if not set(own).isdisjoint(segment)]
                if "kpi_monthly" in stale:
                    names = list(dict.fromkeys([*names, "data_quality", "kpi_monthly"]))
                assets = [dg.AssetKey(["facts", name]) for name in names]
                self._run(BUILD_MONTHS, assets, segment, outcome)
        return [f"{name} {month}" for name, own in stale.items() for month in own]

    def _build_indicators(self, facts: FactsPlan, outcome: Outcome) -> list[str]:
        """Build stale yearly tables; returns what could not be built: "table year"."""
        plan = IndicatorsPlan(self.site.warehouse, facts)
        for name in YEARLY:
            plan.drop_gone(name)
        found = {name: plan.stale(name) for name in YEARLY}
        for segment in self._segments("yearly", {year for own in found.values() for year in own}):
            names = [name for name, own in found.items() if not set(own).isdisjoint(segment)]
            assets = [dg.AssetKey(["indicators", name]) for name in names]
            self._run(BUILD_YEARS, assets, segment, outcome)
        if not any(found.values()):
            return []
        return [f"{name} {year}" for name in YEARLY for year in plan.stale(name)]

    def issue_reports(self, due: Mapping[ReportKind, Sequence[str]], outcome: Outcome) -> None:
        """Issue reports, or look at them again.

        Args:
            due: keys of periods by kind.
            outcome: told how many there were and what failed.
        """
        for kind, keys in due.items():
            outcome.reports += len(keys)
            for segment in self._neighbours(self.partitions.reports[kind], keys):
                self._run(REPORT[kind], [report_key(kind)], segment, outcome)

    def issue_one(self, period: Period) -> bool:
        """Issue one report if it is new or changed; tells whether that failed."""
        outcome = Outcome()
        self.issue_reports({period.kind: [period.key]}, outcome)
        return bool(outcome.failed_runs)

    def bring_up_to_date(
        self, wanted: Callable[[date], bool] = lambda _: True, found: Waiting | None = None
    ) -> Outcome:
        """Do everything that is missing or stale.

        Args:
            wanted: export dates to take; whatever their rows touch is rebuilt.
            found: what there is to take, where that is known already.
        """
        end_dead_runs(self.instance, self.site)
        found = found or waiting(self.site)
        outcome = Outcome(unreachable=found.unreachable)
        if found.unreachable:
            self.site.listener.problem("", found.unreachable)
        start = self.site.start
        if early := found.count(lambda day: wanted(day) and day < start):
            self.site.listener.problem(
                "",
                f"{early} 个文件的日期早于起始日 {start}，未处理：请核对 hotline.toml 的 start。",
            )
        outcome.files = found.count(lambda day: wanted(day) and day >= start)
        before = current_release(self.site.warehouse)
        self._take(found, wanted, outcome)
        untaken = bool(outcome.failed_runs or found.unreachable)
        missing = self._build_details(outcome)
        # The warehouse is held: details and ledgers are as they are now until the end.
        plan = FactsPlan(self.site.warehouse)
        # The account of rows cannot balance while details are missing: what follows from it waits,
        # and the months that can be built are.
        left = self._build_facts(plan, FROM_DETAILS if missing else MONTHLY, outcome)
        left += self._build_indicators(plan, outcome)
        # What could not be taken is missing without anybody knowing: the last release stays.
        if not untaken and needs_publishing(self.site.warehouse, plan, self.site.keep_releases):
            self._run(PUBLISH, [dg.AssetKey("release"), SCORECARD], [], outcome)
        keep_history(self.site.warehouse, at=self.site.now())
        outcome.stale = [*missing, *(stale_tables(self.site.warehouse, plan) if missing else left)]
        outcome.release = current_release(self.site.warehouse)
        outcome.published = outcome.release != before
        held = held_release(self.site.warehouse)
        outcome.held = held.release if held and not held.pinned else None
        if self.issues:
            self.issue_reports(due_reports(self.site), outcome)
            refresh_index(self.site)
        return outcome
