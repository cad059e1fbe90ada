"""The monthly facts as Dagster assets, one for each published table."""

from collections.abc import Iterator, Sequence

import dagster as dg

from assets.details.definitions import TableAsset, details_key, examined_plans, update_details
from assets.facts.invariants import equations
from assets.facts.plan import MONTHLY, SUMMED, FactsPlan
from assets.facts.recipes import RECIPES
from assets.facts.storage import FactRecord
from assets.graph import Event, Partitions
from assets.installation import Installation
from schemas import FACTS

GROUP = "facts"


def fact_key(table: str) -> dg.AssetKey:
    """Asset key of a fact table."""
    return dg.AssetKey([GROUP, table])


# Table -> datasets whose details, and other tables, it is built from.
_DETAILS = {
    **{name: (recipe.dataset, *recipe.others) for name, recipe in RECIPES.items()},
    "data_quality": SUMMED,
    "kpi_monthly": (),
}
_FACTS = {"kpi_monthly": (*SUMMED, "data_quality")}


def _metadata(built: FactRecord) -> dict[str, int | str]:
    return {
        "dagster/row_count": built.rows,
        "明细行数": built.examined,
        "校验值": built.sha256,
    }


def _fact(name: str) -> TableAsset[FactRecord]:
    table = FACTS[name]
    keys = [*map(details_key, _DETAILS[name]), *map(fact_key, _FACTS.get(name, ()))]
    return TableAsset(
        fact_key(name),
        description=f"{table.title}：{table.zh}",
        columns=table.columns,
        deps=tuple(map(dg.AssetDep, keys)),
        metadata=_metadata,
        version=lambda built: f"{built.sha256[:16]} {built.as_of}",
        check=("equations_hold", "数量恒等式成立，各月都已生成"),
        rules=equations(name),
    )


_TABLES = {name: _fact(name) for name in MONTHLY}


def update_facts(
    installation: Installation, plan: FactsPlan, tables: Sequence[str] = MONTHLY
) -> Iterator[Event]:
    """Build what is stale of the facts; details are up to date.

    Args:
        installation: the installation.
        plan: the facts that the present details call for.
        tables: which tables, in the order in which they are built.
    """
    for name in tables:
        plan.delete_orphans(name)
        if stale := plan.stale(name):
            yield from _TABLES[name].build(installation, plan.tables[name], stale)


def fact_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each monthly table; what it is built from is brought up to date first."""

    def asset(name: str, table: TableAsset[FactRecord]) -> dg.AssetsDefinition:
        below = _FACTS.get(name, ())
        datasets = dict.fromkeys(each for table in (name, *below) for each in _DETAILS[table])

        def update(installation: Installation) -> Iterator[Event]:
            yield from update_details(installation, examined_plans(installation, datasets))
            if below:
                yield from update_facts(installation, FactsPlan(installation), below)

        return table.asset(
            partitions.monthly,
            lambda installation: FactsPlan(installation).tables[name],
            update,
        )

    return [asset(name, table) for name, table in _TABLES.items()]
