"""Details as Dagster assets, and the asset that every table built period by period becomes.

A period that cannot be built does not stop the others: it is named in the failed check, stays stale
and closes the gate of the release.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Generic, TypeVar

import dagster as dg

from assets.core import Builds, HotlineError, Record, error_sentence, map_in_order, polars_threads
from assets.details.build import DetailsPlan, details_plans
from assets.details.resolve import ACCEPTED, DUPLICATE, JOINED, QUARANTINED, SUPERSEDED
from assets.details.summary import DetailsSummary
from assets.expectations import examine_deliveries
from assets.exports import refusal_sentence
from assets.exports.definitions import export_key
from assets.graph import (
    Event,
    Partitions,
    StepEvent,
    column_schema,
    evaluation,
    materialization,
    run_step,
    with_absent,
)
from assets.installation import Installation
from schemas import EXPORTS
from schemas.fields import Column
from schemas.table import ExportTable

GROUP = "details"
R = TypeVar("R", bound=Record)
_FATES = {
    ACCEPTED: "入库行数",
    DUPLICATE: "重复行数",
    SUPERSEDED: "被取代行数",
    JOINED: "并入通话行数",
    QUARANTINED: "隔离行数",
}


@dataclass(frozen=True)
class TableAsset(Generic[R]):
    """A table that is built period by period, as Dagster is told of it.

    Attributes:
        key: of the asset.
        description: of the asset, in Chinese.
        columns: of the table.
        deps: what it is built from.
        metadata: what a period's record says, for the materialization.
        version: what tells of a period's record whether the content is another.
        check: name and description of the check that all periods are built.
        rules: rules evaluated for each period.
    """

    key: dg.AssetKey
    description: str
    columns: tuple[Column, ...]
    deps: tuple[dg.AssetDep, ...]
    metadata: Callable[[R], Mapping[str, int | str]]
    version: Callable[[R], str]
    check: tuple[str, str]
    rules: int = 1

    def build(
        self, installation: Installation, builds: Builds[R], periods: Collection[str]
    ) -> Iterator[Event]:
        """Build periods, each an event, then the check; one that fails does not stop the others.

        Args:
            installation: told of problems.
            builds: the files that should exist.
            periods: those of them that are to be built.
        """

        def attempt(period: str) -> tuple[str, R | str, float]:
            begun = perf_counter()
            try:
                return period, builds.build(period), perf_counter() - begun
            except (HotlineError, OSError) as error:
                return period, error_sentence(error), 0

        failed: list[str] = []
        examined = 0
        for period, built, seconds in map_in_order(
            attempt, sorted(periods), threads=polars_threads()
        ):
            if isinstance(built, str):
                failed.append(f"{period}：{built}")
                installation.progress.problem(f"{self.key.path[-1]} {period}", built)
                continue
            metadata = {**self.metadata(built), "秒数": round(seconds, 3)}
            examined += int(metadata["dagster/row_count"])
            yield materialization(
                self.key,
                metadata,
                version=self.version(built),
                partition=period,
                inputs=[each.asset_key for each in self.deps],
            )
        yield evaluation(
            self.key,
            self.check[0],
            "\n".join(failed) or f"已生成 {len(periods)} 期。",
            {
                "检查期数": len(periods),
                "检查行数": examined,
                "规则数": self.rules * len(periods),
            },
            passed=not failed,
        )

    def asset(
        self,
        partitions: dg.PartitionsDefinition,
        builds: Callable[[Installation], Builds[R]],
        update: Callable[[Installation], Iterable[Event]] = lambda _: (),
    ) -> dg.AssetsDefinition:
        """The asset.

        Args:
            partitions: the periods.
            builds: gives the files that should exist.
            update: brings up to date what it is built from.
        """
        name, title = self.check

        @dg.asset(
            key=self.key,
            description=self.description,
            deps=self.deps,
            partitions_def=partitions,
            backfill_policy=dg.BackfillPolicy.single_run(),
            kinds={"polars", "parquet"},
            metadata={"dagster/column_schema": column_schema(self.columns)},
            check_specs=[dg.AssetCheckSpec(name, asset=self.key, description=title)],
        )
        def table(
            context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
        ) -> Iterator[StepEvent]:
            def work() -> Iterator[Event]:
                yield from update(installation)
                there = builds(installation)
                there.delete_orphans()
                yield from self.build(installation, there, wanted & set(there.periods))

            wanted = set(context.partition_keys)
            inputs = [each.asset_key for each in self.deps]
            events = with_absent(work(), self.key, wanted, "没有这一期的数据。", inputs)
            yield from run_step(context, installation, events)

        return table


def details_key(dataset: str) -> dg.AssetKey:
    """Asset key of the details of a dataset."""
    return dg.AssetKey([GROUP, dataset])


def _metadata(details: DetailsSummary) -> dict[str, int | str]:
    fates = dict.fromkeys(_FATES.values(), 0)
    for counted in details.fates.values():
        for fate, count in counted.items():
            fates[_FATES[fate]] += count
    return {"dagster/row_count": details.rows, **fates}


def _details(table: ExportTable) -> TableAsset[DetailsSummary]:
    # A ticket changes for weeks after its month: its details come from later days, too.
    later = dg.TimeWindowPartitionMapping(end_offset=2, allow_nonexistent_upstream_partitions=True)
    mapping = later if table.name == "tickets" else None
    return TableAsset(
        details_key(table.name),
        description=f"{table.title}的当前记录：每个编号只留一行，以最新的为准。",
        columns=table.columns,
        deps=(dg.AssetDep(export_key(table.name), partition_mapping=mapping),),
        metadata=_metadata,
        version=lambda details: details.fingerprint,
        check=("one_row_per_key", "每个编号只留一行，各期都已生成"),
    )


_TABLES = {name: _details(table) for name, table in EXPORTS.items()}


def update_details(installation: Installation, plans: Mapping[str, DetailsPlan]) -> Iterator[Event]:
    """Build what is stale of the details of some datasets.

    Args:
        installation: the installation.
        plans: dataset -> the details that its files call for.
    """
    for name, plan in plans.items():
        # A refusal can leave a period without any row, and no run would look at it.
        plan.delete_orphans()
        if stale := plan.stale():
            yield from _TABLES[name].build(installation, plan, stale)


def examined_plans(
    installation: Installation, datasets: Iterable[str] = EXPORTS
) -> dict[str, DetailsPlan]:
    """The plans of details once it is known which deliveries are held.

    Args:
        installation: held for writing.
        datasets: names of the datasets.
    """
    for row in examine_deliveries(installation):
        installation.progress.problem(*refusal_sentence(row))
    return details_plans(installation, datasets)


def details_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each dataset."""

    def plan(name: str) -> Callable[[Installation], DetailsPlan]:
        return lambda installation: examined_plans(installation, [name])[name]

    return [
        table.asset(
            partitions.of("yearly" if EXPORTS[name].cadence == "yearly" else "monthly"), plan(name)
        )
        for name, table in _TABLES.items()
    ]
