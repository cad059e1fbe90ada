"""The jobs: one for each kind of partition, in the order of the work.

Belongs here: which assets run together. A Dagster job holds one kind of partition only, so the work
of a night is several jobs, run in order by `pipelines.night`.
"""

from typing import Any

import dagster as dg

from assets.reports.definitions import report_key
from schemas import EXPORTS
from schemas.reports import KINDS, TITLES, ReportKind

TAKE = {"daily": "take_daily", "monthly": "take_monthly", "yearly": "take_yearly"}
BUILD_MONTHS = "build_months"
BUILD_YEARS = "build_years"
PUBLISH = "publish"
REPORT: dict[ReportKind, str] = {kind: f"report_{kind}" for kind in KINDS}


def _assets(group: str, cadences: tuple[str, ...]) -> dg.AssetSelection:
    names = [name for name, table in EXPORTS.items() if table.cadence in cadences]
    return dg.AssetSelection.assets(*(dg.AssetKey([group, name]) for name in names))


def all_jobs() -> list[Any]:
    """Every job of the installation; Dagster exports no name for the type of an asset job."""
    titles = {"daily": "接收日导出", "monthly": "接收月导出", "yearly": "接收年导出"}
    takes = [
        dg.define_asset_job(TAKE[cadence], _assets("exports", (cadence,)), description=title)
        for cadence, title in titles.items()
    ]
    return [
        *takes,
        dg.define_asset_job(
            BUILD_MONTHS,
            _assets("details", ("daily", "monthly")) | dg.AssetSelection.key_prefixes("facts"),
            description="生成各月当前记录和事实",
        ),
        dg.define_asset_job(
            BUILD_YEARS,
            _assets("details", ("yearly",)) | dg.AssetSelection.key_prefixes("indicators"),
            description="生成各年当前记录、绩效指标和对账",
        ),
        dg.define_asset_job(
            PUBLISH,
            dg.AssetSelection.assets("release") | dg.AssetSelection.key_prefixes("scoring"),
            description="检查并发布，计分",
        ),
        *(
            dg.define_asset_job(
                REPORT[kind],
                dg.AssetSelection.assets(report_key(kind)),
                description=f"印发{TITLES[kind]}",
            )
            for kind in KINDS
        ),
    ]
