"""The layers of a night as runs of Dagster, all in this process.

Belongs here: how a layer is run. Each is one range run over neighbouring partitions: a run for each
day would take three times as long and fill the event log eight times as much. What is to be done
is decided by `pipelines.night`, which needs no Dagster until then.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

import dagster as dg

from assets.details.definitions import details_key
from assets.exports.definitions import export_key
from assets.facts.definitions import fact_key
from assets.graph import Partitions
from assets.indicators.definitions import indicator_key
from assets.installation import Installation
from assets.releases.definitions import KEY as RELEASE
from assets.releases.definitions import REASON_TAG
from assets.reports.definitions import report_key
from assets.scoring.definitions import KEY as SCORECARD
from pipelines.assets import all_assets
from pipelines.dead_runs import WAREHOUSE_TAG, end_dead_runs
from pipelines.jobs import BUILD_MONTHS, BUILD_YEARS, PUBLISH, REPORT, TAKE, layer_jobs
from schemas import EXPORTS
from schemas.reports import ReportKind
from schemas.table import Cadence

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_CADENCES: tuple[Cadence, ...] = ("daily", "monthly", "yearly")


@dataclass(frozen=True)
class Layers:
    """Runs layers; each method returns the ids of the runs that failed.

    Attributes:
        installation: the installation: the one that is the resource of the jobs.
        partitions: its partitions.
        job: gives the job of a layer by name.
        instance: where runs are recorded.
        why: what led to it; tagged on every run.
    """

    installation: Installation
    partitions: Partitions
    job: Callable[[str], dg.JobDefinition]
    instance: dg.DagsterInstance
    why: str

    def take(self, dates: Mapping[str, Collection[date]]) -> list[str]:
        """Take the exports of some dates, by dataset."""
        failed = []
        for cadence in _CADENCES:
            keys = {
                export_key(name): {Partitions.key(cadence, day) for day in days}
                for name, days in dates.items()
                if EXPORTS[name].cadence == cadence
            }
            failed += self._over(self.partitions.of(cadence), TAKE[cadence], keys)
        return failed

    def build_details(self, periods: Mapping[str, Collection[str]]) -> list[str]:
        """Build the details of some periods, by dataset."""
        yearly = {name for name in periods if EXPORTS[name].cadence == "yearly"}
        months = {details_key(name): periods[name] for name in periods if name not in yearly}
        years = {details_key(name): periods[name] for name in periods if name in yearly}
        failed = self._over(self.partitions.monthly, BUILD_MONTHS, months)
        return failed + self._over(self.partitions.yearly, BUILD_YEARS, years)

    def build_facts(self, months: Mapping[str, Collection[str]]) -> list[str]:
        """Build the facts of some months, by table."""
        keys = {fact_key(name): own for name, own in months.items()}
        if "kpi_monthly" in months:
            # What these two are made of is being built: nobody knows yet whether they are stale.
            every = {month for own in months.values() for month in own}
            keys |= {fact_key(name): every for name in ("data_quality", "kpi_monthly")}
        return self._over(self.partitions.monthly, BUILD_MONTHS, keys)

    def build_indicators(self, years: Mapping[str, Collection[str]]) -> list[str]:
        """Build the yearly tables of some years, by table."""
        keys = {indicator_key(name): own for name, own in years.items()}
        return self._over(self.partitions.yearly, BUILD_YEARS, keys)

    def publish(self) -> list[str]:
        """Check and publish, and score."""
        return self._run(PUBLISH, [RELEASE, SCORECARD], [])

    def issue(self, kind: ReportKind, keys: Collection[str]) -> list[str]:
        """Issue the reports of some periods, or look at them again."""
        return self._over(self.partitions.reports[kind], REPORT[kind], {report_key(kind): keys})

    def _over(
        self,
        partitions: dg.TimeWindowPartitionsDefinition,
        job: str,
        keys: Mapping[dg.AssetKey, Collection[str]],
    ) -> list[str]:
        """A run for each series of neighbouring partitions, of the assets that have one of them."""
        failed = []
        for segment in self._segments(partitions, {each for own in keys.values() for each in own}):
            chosen = [asset for asset, own in keys.items() if not set(own).isdisjoint(segment)]
            failed += self._run(job, chosen, segment)
        return failed

    def _segments(
        self, partitions: dg.TimeWindowPartitionsDefinition, wanted: set[str]
    ) -> list[list[str]]:
        """Keys that are partitions by now, in series of neighbours."""
        with dg.partition_loading_context(self.installation.now()):
            known = {key for key in wanted if partitions.has_partition_key(key)}
            if not known:
                return []
            # Going through all there ever were would take longer than running one.
            between = partitions.get_partition_keys_in_range(
                dg.PartitionKeyRange(min(known), max(known))
            )
        segments: list[list[str]] = [[]]
        for key in between:
            if key in known:
                segments[-1].append(key)
            elif segments[-1]:
                segments.append([])
        return segments

    def _run(self, job: str, assets: list[dg.AssetKey], keys: list[str]) -> list[str]:
        tags = {
            REASON_TAG: self.why,
            WAREHOUSE_TAG: str(self.installation.warehouse.root),
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
            asset_selection=assets,
            run_config=QUIET,
            raise_on_error=False,
        )
        return [] if result.success else [result.run_id]


def layers_of(installation: Installation, instance: dg.DagsterInstance, *, why: str) -> Layers:
    """The layers of a site; what is left of nights whose process died is ended first.

    Dagster adds to a run all checks of its assets that the code location declares, whatever the job
    selects. Here the checks that only look (`assets.health`) are not declared: they would look in
    between, at work that is half done, and put down as skipped what they could not look at.

    Args:
        installation: the installation; hold its warehouse for writing.
        instance: where runs are recorded.
        why: what led to it.
    """
    end_dead_runs(instance, installation)
    partitions = Partitions.of_installation(installation)
    declared = dg.Definitions(
        assets=all_assets(partitions, installation.operations.handbook_url),
        jobs=layer_jobs(),
        resources={"installation": installation},
    )
    return Layers(installation, partitions, declared.resolve_job_def, instance, why)
