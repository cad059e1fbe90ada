"""The yearly tables as Dagster assets: indicator inputs and reconciliation."""

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.details.definitions import TableAsset, details_key, examined_plans, update_details
from assets.facts import SUMMED, FactRecord, FactsPlan
from assets.facts.definitions import fact_key, update_facts
from assets.graph import Event, Partitions
from assets.indicators.plan import EXPORTS_OF, YEARLY, IndicatorsPlan
from assets.installation import Installation
from schemas import FACTS

GROUP = "indicators"


def indicator_key(table: str) -> dg.AssetKey:
    """Asset key of a yearly table."""
    return dg.AssetKey([GROUP, table])


def _metadata(built: FactRecord) -> dict[str, int | str]:
    return {"dagster/row_count": built.rows, "校验值": built.sha256}


def _yearly(name: str) -> TableAsset[FactRecord]:
    table = FACTS[name]
    keys = [*map(details_key, EXPORTS_OF[name]), *map(fact_key, (*SUMMED, "kpi_monthly"))]
    return TableAsset(
        indicator_key(name),
        description=f"{table.title}：{table.zh}",
        columns=table.columns,
        deps=tuple(map(dg.AssetDep, keys)),
        metadata=_metadata,
        version=lambda built: f"{built.sha256[:16]} {built.as_of}",
        check=("years_built", "各年都已生成"),
    )


_TABLES = {name: _yearly(name) for name in YEARLY}


def update_indicators(
    installation: Installation, facts: FactsPlan, tables: Sequence[str] = YEARLY
) -> Iterator[Event]:
    """Build what is stale of the yearly tables; facts and details are up to date.

    Args:
        installation: the installation.
        facts: the facts that the present details call for.
        tables: which tables.
    """
    plan = IndicatorsPlan(installation.warehouse, facts)
    for name in tables:
        plan.delete_orphans(name)
        if stale := plan.stale(name):
            yield from _TABLES[name].build(installation, plan.tables[name], stale)


def update_all(installation: Installation, yearly: Sequence[str] = YEARLY) -> Iterator[Event]:
    """Build whatever is stale: details, then facts, then yearly tables.

    Args:
        installation: the installation.
        yearly: which yearly tables.
    """
    yield from update_details(installation, examined_plans(installation))
    facts = FactsPlan(installation)
    yield from update_facts(installation, facts)
    yield from update_indicators(installation, facts, yearly)


def indicator_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each yearly table; what it is built from is brought up to date first."""

    def asset(name: str, table: TableAsset[FactRecord]) -> dg.AssetsDefinition:
        return table.asset(
            partitions.yearly,
            lambda installation: IndicatorsPlan(
                installation.warehouse, FactsPlan(installation)
            ).tables[name],
            lambda installation: update_all(installation, ()),
        )

    return [asset(name, table) for name, table in _TABLES.items()]
