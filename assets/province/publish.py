"""Bring the province up to date: build what is stale, publish it by the code of every release.

Belongs here: the order, and whether the published province is still that of its cities.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter

from assets.core import HotlineError, Warehouse, abreast, code_version, in_polars
from assets.facts import records
from assets.installation import Installation
from assets.province.cities import CityRelease
from assets.province.roll_up import RollUp, accounted
from assets.releases import (
    DESCRIPTOR,
    FACT_CODE,
    Candidate,
    Release,
    current_release,
    datapackage,
    is_to_publish,
    offer,
    sweep,
    verdict,
)
from schemas import BY_SITE, PROVINCE

_NAME = "hotline-12345-province"
_TITLE = "12345政务服务热线月度事实：各城市汇总"


@dataclass(frozen=True)
class ProvinceOutcome:
    """What came of a roll-up.

    Attributes:
        release: id of the current release.
        rebuilt: files that were built.
        published: what the gate decided; None where there was nothing to publish.
    """

    release: str | None
    rebuilt: int
    published: Release | None


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
    return bool(package["cities"] != [each.told for each in cities])


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
    plan = RollUp(warehouse, cities)
    plan.drop_gone()
    stale = plan.stale()
    # The KPIs are made of the other tables: a table begins when the one before it is whole.
    for table, own in groupby(stale, itemgetter(0)):
        months = [month for _, month in own]
        for _ in abreast(partial(plan.build, table), months, threads=in_polars()):
            pass
    candidate = _candidate(warehouse, cities)
    published = None
    if is_to_publish(warehouse, candidate.id, province.keep_releases):
        published = _publish(warehouse, plan, candidate, province.now(), why)
        sweep(warehouse, province.keep_releases)
    return ProvinceOutcome(current_release(warehouse), len(stale), published)


def _candidate(warehouse: Warehouse, cities: Sequence[CityRelease]) -> Candidate:
    built = [each for table in PROVINCE for each in records(warehouse, table)]
    # What every city is known up to.
    cutoff = min((each.release.cutoff for each in cities), key=datetime.fromisoformat)
    about = {"name": _NAME, "title": _TITLE, "cities": [each.told for each in cities]}
    code = code_version(*FACT_CODE, "assets.province")
    return Candidate(built, datapackage(built, cutoff=cutoff, code=code, about=about), cutoff)


def _publish(
    warehouse: Warehouse, plan: RollUp, candidate: Candidate, now: datetime, why: str
) -> Release:
    stale = [f"{table} {month}" for table, month in plan.stale()]
    months = sum(len(plan.months(table)) for table in PROVINCE)
    rows = sum(each.rows for each in candidate.built if each.table in BY_SITE)
    verdicts = [
        verdict("freshness", "各月汇总均由各城市当前发布生成", stale, months),
        verdict("accounted", "各城市的每一行都在汇总中", accounted(plan, candidate.built), rows),
    ]
    return offer(warehouse, candidate, verdicts, now=now, why=why)
