"""Bring the province up to date: build what is stale, and publish it as any release is."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from assets.core import HotlineError, Warehouse, code_version, map_in_order, polars_threads
from assets.facts import FactBuilds, records
from assets.installation import Installation
from assets.province.roll_up import CityRelease, SiteTable, province_tables
from assets.releases import (
    DESCRIPTOR,
    FACT_CODE,
    Candidate,
    PublishResult,
    current_release,
    datapackage,
    is_publication_due,
    publish_candidate,
    remove_old_releases,
    verdict,
)

_NAME = "hotline-12345-province"
_TITLE = "12345政务服务热线月度事实：各城市汇总"


@dataclass(frozen=True)
class ProvinceOutcome:
    """What came of a roll-up.

    Attributes:
        release: id of the current release.
        rebuilt: number of files that were built.
        published: what the gate decided; None where there was nothing to publish.
    """

    release: str | None
    rebuilt: int
    published: PublishResult | None


def is_stale(warehouse: Warehouse, cities: Sequence[CityRelease]) -> bool:
    """Whether the province is not that of the cities' current releases.

    Args:
        warehouse: that of the province.
        cities: the current releases.
    """
    name = current_release(warehouse)
    if name is None:
        return bool(cities)
    package = json.loads((warehouse.releases / name / DESCRIPTOR).read_bytes())
    return bool(package["cities"] != [each.description for each in cities])


def bring_province_up_to_date(
    province: Installation, cities: Sequence[CityRelease], *, why: str
) -> ProvinceOutcome:
    """Build what is stale and publish.

    Args:
        province: the roll-up's own place; hold its warehouse for writing.
        cities: the current releases.
        why: what led to it, for the journal.

    Raises:
        GateClosed: a check failed; the last release stays.
        HotlineError: no city has published anything.
    """
    if not cities:
        raise HotlineError("还没有任何城市发布过，没有可以汇总的内容：请先运行 hotline run。")
    warehouse = province.warehouse
    tables = province_tables(warehouse, cities)
    rebuilt = 0
    for table in tables.values():
        table.delete_orphans()
        stale = table.stale()
        rebuilt += len(stale)
        # A table begins when the one before it is whole: the KPIs are made of the others.
        for _ in map_in_order(table.build, stale, threads=polars_threads()):
            pass
    candidate = _candidate(warehouse, list(tables), cities)
    published = None
    if is_publication_due(warehouse, candidate.id, province.keep_releases):
        published = _publish(warehouse, tables, candidate, province.now(), why)
        remove_old_releases(warehouse, province.keep_releases)
    return ProvinceOutcome(current_release(warehouse), rebuilt, published)


def _candidate(
    warehouse: Warehouse, tables: Sequence[str], cities: Sequence[CityRelease]
) -> Candidate:
    built = [each for table in tables for each in records(warehouse, table)]
    # What every city is known up to.
    cutoff = min((each.release.cutoff for each in cities), key=datetime.fromisoformat)
    about = {"name": _NAME, "title": _TITLE, "cities": [each.description for each in cities]}
    code = code_version(*FACT_CODE, "assets.province")
    return Candidate(built, datapackage(built, cutoff=cutoff, code=code, about=about), cutoff)


def _publish(
    warehouse: Warehouse,
    tables: Mapping[str, FactBuilds],
    candidate: Candidate,
    now: datetime,
    why: str,
) -> PublishResult:
    sites = {name: table for name, table in tables.items() if isinstance(table, SiteTable)}
    stale = [f"{name} {month}" for name, table in tables.items() for month in table.stale()]
    lost = [
        f"{name} {month}"
        for name, table in sites.items()
        for month in table.periods
        if not table.is_whole(month)
    ]
    months = sum(len(table.periods) for table in tables.values())
    rows = sum(each.rows for each in candidate.built if each.table in sites)
    verdicts = [
        verdict("freshness", "各月汇总均由各城市当前发布生成", stale, months),
        verdict("accounted", "各城市的每一行都在汇总中", lost, rows),
    ]
    return publish_candidate(warehouse, candidate, verdicts, now=now, why=why)
