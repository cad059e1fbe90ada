"""What must hold for a set of fact files: before it is published, and ever after.

Each result says how much was examined: a check that looked at nothing has proved nothing.
"""

from collections.abc import Sequence

import polars as pl
import pyarrow.parquet as pq

from assets.core import CheckResult, HotlineError, Warehouse, sha256_of
from assets.details import details_plans, stale_details
from assets.facts import MONTHLY, FactsPlan, broken, equations, unbalanced
from assets.indicators import YEARLY, IndicatorsPlan
from assets.installation import Installation
from assets.releases.package import FactFile, Release, is_id_of, linked_release
from schemas import PUBLISHED
from schemas.table import absent_columns, arrow_schema

TITLES = {
    "freshness": "各月事实均由当前数据生成",
    "conservation": "每个文件的每一行都有去向",
    "complete": "文件齐全",
    "checksums": "文件与登记的校验值一致",
    "contracts": "字段、类型和说明符合约定",
    "equations": "各项数量恒等式成立",
}
verdict = CheckResult.of_faults


def _result(name: str, faults: Sequence[str], examined: int, rules: int = 1) -> CheckResult:
    return verdict(name, TITLES[name], faults, examined, rules)


def stale_tables(warehouse: Warehouse, plan: FactsPlan) -> list[str]:
    """Published tables that are out of date: "table month" or "table year".

    Args:
        warehouse: where everything lies.
        plan: the facts that the present details call for.
    """
    yearly = IndicatorsPlan(warehouse, plan)
    return [
        *(f"{table} {month}" for table in MONTHLY for month in plan.stale(table)),
        *(f"{table} {year}" for table in YEARLY for year in yearly.stale(table)),
    ]


def stale_items(installation: Installation, plan: FactsPlan) -> list[str]:
    """Details and published tables that are out of date."""
    return [
        *stale_details(details_plans(installation)),
        *stale_tables(installation.warehouse, plan),
    ]


def freshness(warehouse: Warehouse, plan: FactsPlan, details: Sequence[str]) -> CheckResult:
    """Everything is built from what it should be; `details` names those that are not."""
    found = [*details, *stale_tables(warehouse, plan), *plan.stale_whole()]
    months = sum(len(plan.months(table)) for table in MONTHLY)
    return _result("freshness", found, months)


def conservation(files: pl.DataFrame) -> CheckResult:
    """Every row that was read is accounted for, in every file."""
    wrong = unbalanced(files).select("dataset", "export_date").rows()
    faults = [f"{dataset} {day}" for dataset, day in wrong]
    return _result("conservation", faults, files.height)


def contents(files: Sequence[FactFile]) -> list[CheckResult]:
    """Presence, checksum, contract and equations of every file; each is read once."""
    missing, changed, contract, equation = [], [], [], []
    rows_seen = rules = 0
    for file in files:
        if not file.path.is_file():
            missing.append(file.name)
        elif sha256_of(file.path) != file.sha256:
            changed.append(file.name)
        elif not (schema := pq.read_schema(file.path)).equals(
            arrow_schema(PUBLISHED[file.table], absent_columns(schema)), check_metadata=True
        ):
            contract.append(file.name)
        else:
            rows = pl.read_parquet(file.path)
            rows_seen += rows.height
            rules += equations(file.table)
            equation += [f"{file.name} {each}" for each in broken(file.table, rows)]
    count = len(files)
    return [
        _result("complete", missing, count),
        _result("checksums", changed, count),
        _result("contracts", contract, count),
        _result("equations", equation, rows_seen, rules),
    ]


def verify(warehouse: Warehouse) -> list[CheckResult]:
    """Check the current release as a stranger would, from its own files alone.

    Its id is that of its content, it has no file that it does not describe, and what the gate
    checked of its files holds.

    Raises:
        HotlineError: there is no release, or its descriptor cannot be read.
    """
    name = linked_release(warehouse)
    if name is None:
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    release = Release.open(warehouse.releases / name)
    genuine = is_id_of(name, release.package)
    found = {
        path.relative_to(release.folder).as_posix() for path in release.folder.rglob("*.parquet")
    }
    extra = sorted(found - {each.name for each in release.files})
    return [
        verdict("identity", "发布编号与内容一致", [] if genuine else [name], 1),
        verdict("nothing_else", "没有多余的文件", extra, len(found)),
        *contents(release.files),
    ]
