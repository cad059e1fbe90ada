"""The nine exports as Dagster assets: days, months or years that arrived, were checked and staged.

A partition is materialized when a file of its date was ingested. A day without a file stays
missing, and that is what the operator should see; who asks for such a day gets it with no file.
"""

from collections.abc import Callable, Iterator
from datetime import date
from time import perf_counter

import dagster as dg
import polars as pl

from assets.core import HotlineError, error_sentence, fingerprint
from assets.exports.deliveries import read_ledger
from assets.exports.sentences import (
    drift_sentences,
    merge_drift,
    refusal_sentence,
)
from assets.exports.stage import ingest_batches
from assets.exports.states import REFUSED, TAKEN
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
from schemas.table import ExportTable, rule_sentences

GROUP = "exports"


def export_key(dataset: str) -> dg.AssetKey:
    """Asset key of an export."""
    return dg.AssetKey([GROUP, dataset])


def take_exports(
    installation: Installation, dataset: str, wanted: Callable[[date], bool]
) -> Iterator[Event]:
    """Take what is new or stale of a dataset: a partition for each date, then the checks.

    Args:
        installation: the installation.
        dataset: name of the dataset.
        wanted: which export dates.
    """
    table, outcomes = EXPORTS[dataset], [read_ledger(installation.warehouse, dataset).clear()]
    broken = ""
    begun = perf_counter()
    try:
        for batch in ingest_batches(installation, dataset, wanted):
            outcomes.append(batch)
            seconds = (perf_counter() - begun) / max(int(batch["read"].sum()), 1)
            yield from _materialized(installation, table, set(batch["export_date"]), seconds)
            begun = perf_counter()
    except (HotlineError, OSError) as error:
        broken = error_sentence(error)
        installation.progress.problem(table.title, broken)
    yield from _checks(pl.concat(outcomes), table, broken)


def _materialized(
    installation: Installation, table: ExportTable, dates: set[date], seconds: float = 0
) -> Iterator[Event]:
    """A materialization for each of some dates of which a file was taken, as the ledger has it.

    Args:
        installation: the installation.
        table: the dataset.
        dates: the dates.
        seconds: that taking a row took.
    """
    taken = (
        read_ledger(installation.warehouse, table.name)
        .filter(pl.col("export_date").is_in(list(dates)), state=TAKEN)
        .group_by("export_date")
        .agg(
            pl.len().alias("files"),
            pl.col("read", "quarantined", "clipped").sum(),
            "detail",
            pl.col("delivery", "generation", "sha256").sort_by("delivery"),
        )
    )
    for row in taken.sort("export_date").iter_rows(named=True):
        yield materialization(
            export_key(table.name),
            {
                "dagster/row_count": row["read"] - row["quarantined"],
                "files": row["files"],
                "读取行数": row["read"],
                "隔离行数": row["quarantined"],
                "时钟修正行数": row["clipped"],
                "秒数": round(seconds * row["read"], 3),
                "提示": "\n".join(drift_sentences(merge_drift(row["detail"]))) or "无",
            },
            version=fingerprint(row["delivery"], row["generation"], row["sha256"]),
            partition=Partitions.key(table.cadence, row["export_date"]),
        )


def _checks(outcomes: pl.DataFrame, table: ExportTable, broken: str) -> Iterator[Event]:
    key = export_key(table.name)
    taken, refused = outcomes.filter(state=TAKEN), outcomes.filter(state=REFUSED)
    read, quarantined = int(taken["read"].sum()), int(taken["quarantined"].sum())
    accepted = not taken.height or quarantined < max(read, 1)
    yield evaluation(
        key,
        "rows_accepted",
        f"{table.title}读取 {read} 行，隔离 {quarantined} 行。",
        {"检查行数": read, "规则数": len(rule_sentences(table)), "隔离行数": quarantined},
        passed=accepted,
        warn=True,
    )
    # Dagster keeps what it is told: a file is named by its content, not as somebody called it.
    refusals = [
        f"{row['export_date']} {row['sha256'][:12]} {refusal_sentence(row)[1]}"
        for row in refused.iter_rows(named=True)
    ]
    shown = "\n".join([broken] * bool(broken) + refusals[:50])
    yield evaluation(
        key,
        "files_taken",
        shown or "没有整个拒收的文件。",
        {
            "检查文件数": outcomes.height,
            "拒收文件数": refused.height,
            "拒收的日期": "、".join(sorted({str(day) for day in refused["export_date"]})) or "无",
            "拒收原因": "\n".join(refusals[:50]) or "无",
        },
        passed=not shown,
        warn=not broken,
    )


def _asked_for(
    installation: Installation, table: ExportTable, keys: frozenset[str]
) -> Iterator[Event]:
    """What an operator asked for: what is new, and what is held already, told again."""

    def wanted(day: date) -> bool:
        return Partitions.key(table.cadence, day) in keys

    made: set[str | None] = set()
    for event in take_exports(installation, table.name, wanted):
        made.add(getattr(event, "partition", None))
        yield event
    ledger = read_ledger(installation.warehouse, table.name).filter(state=TAKEN)
    held = {day for day in ledger["export_date"] if wanted(day)}
    rest = {day for day in held if Partitions.key(table.cadence, day) not in made}
    yield from _materialized(installation, table, rest)
    absent = sorted(keys - {Partitions.key(table.cadence, day) for day in held})
    yield evaluation(
        export_key(table.name),
        "files_present",
        f"没有收到文件：{'、'.join(absent)}。" if absent else "所选各期的文件都已收到。",
        {"检查期数": len(keys), "缺少期数": len(absent)},
        passed=not absent,
        warn=True,
    )


def _export_asset(table: ExportTable, partitions: Partitions) -> dg.AssetsDefinition:
    key = export_key(table.name)
    checks = {
        "rows_accepted": "收到的文件里有合格的行；不合格的行已隔离，见“隔离行数”",
        "files_taken": "最近一次接收的文件没有整个拒收的",
        "files_present": "在界面上补录时，所选各期都有文件",
    }

    @dg.asset(
        key=key,
        description=f"{table.title}：{table.zh}接收导出文件，逐行检查，合格的入库，不合格的隔离。",
        partitions_def=partitions.of(table.cadence),
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds={"polars", "pandera"},
        metadata={"dagster/column_schema": column_schema(table.columns)},
        check_specs=[
            dg.AssetCheckSpec(name, asset=key, description=title) for name, title in checks.items()
        ],
    )
    def export(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[StepEvent]:
        keys = frozenset(context.partition_keys)
        events = _asked_for(installation, table, keys)
        whole = with_absent(events, key, keys, "没有收到这一期的文件。")
        yield from run_step(context, installation, whole)

    return export


def export_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each dataset."""
    return [_export_asset(table, partitions) for table in EXPORTS.values()]
