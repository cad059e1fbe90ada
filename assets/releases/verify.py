"""Verify the current release as a stranger would, from its own files alone, and its account.

Belongs here: checks that need nothing but the release folder: its id, checksums, contracts,
equations.
"""

import hashlib
import json

import polars as pl
import pyarrow.parquet as pq

from assets.errors import HotlineError
from assets.facts.invariants import broken, equations
from assets.files import sha256_of
from assets.releases.gate import Verdict
from assets.releases.publish import DESCRIPTOR, current_release
from assets.warehouse import Warehouse
from schemas import FACTS
from schemas.arrow import arrow_schema


def verify(warehouse: Warehouse) -> list[Verdict]:
    """Check the current release.

    Raises:
        HotlineError: there is no release, or it cannot be read.
    """
    name = current_release(warehouse)
    if name is None:
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    folder = warehouse.releases / name
    try:
        package = (folder / DESCRIPTOR).read_bytes()
        resources = json.loads(package)["resources"]
    except (OSError, ValueError, KeyError) as error:
        raise HotlineError(
            f"当前发布 {name} 的 {DESCRIPTOR} 无法读取（{type(error).__name__}）："
            "请从备份恢复，或运行 hotline run 重新发布。"
        ) from None
    identity = hashlib.sha256(package).hexdigest()[:12] == name.rpartition("-")[2]
    missing, changed, contract, equation = [], [], [], []
    rows_seen = rules = 0
    described = {resource["path"] for resource in resources}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    for resource in resources:
        path, table = folder / resource["path"], resource["table"]
        if not path.exists():
            missing.append(resource["path"])
        elif f"sha256:{sha256_of(path)}" != resource["hash"]:
            changed.append(resource["path"])
        else:
            if not pq.read_schema(path).equals(arrow_schema(FACTS[table]), check_metadata=True):
                contract.append(resource["path"])
            rows = pl.read_parquet(path)
            rows_seen += rows.height
            rules += equations(table)
            equation += [f"{resource['path']} {each}" for each in broken(table, rows)]
    extra = sorted(found - described)
    files = len(resources)
    return [
        Verdict("identity", "发布编号与内容一致", identity, 1, 1, () if identity else (name,)),
        Verdict(
            "complete", "文件齐全，无多余文件", not (missing or extra), files, 2, (*missing, *extra)
        ),
        Verdict("checksums", "文件与登记的校验值一致", not changed, files, 1, tuple(changed)),
        Verdict("contracts", "字段、类型和说明符合约定", not contract, files, 1, tuple(contract)),
        Verdict(
            "equations",
            "恒等式成立（含每个文件的行数守恒）",
            not equation,
            rows_seen,
            rules,
            tuple(equation),
        ),
    ]
