"""What must hold for a set of fact files, before it is published and ever after.

Belongs here: the checks. Each verdict says how much was examined, because a check that looked at
nothing has proved nothing. The Dagster checks repeat what was decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from assets.core import sha256_of
from assets.facts import broken, equations, unbalanced
from schemas import PUBLISHED
from schemas.table import arrow_schema


@dataclass(frozen=True)
class Verdict:
    """The outcome of one check.

    Attributes:
        name: what it promises.
        title: the same in Chinese.
        passed: whether it holds.
        examined: rows (or files) that were looked at.
        rules: rules that were evaluated.
        faults: where it does not hold; names of tables, months and equations, never values.
    """

    name: str
    title: str
    passed: bool
    examined: int
    rules: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactFile:
    """A fact file as it is described.

    Attributes:
        name: published path, for messages.
        path: where it lies.
        table: fact table.
        sha256: what its bytes should hash to.
    """

    name: str
    path: Path
    table: str
    sha256: str


def verdict(name: str, title: str, faults: Sequence[str], examined: int, rules: int = 1) -> Verdict:
    """A verdict that passes where there is no fault."""
    return Verdict(name, title, not faults, examined, rules, tuple(faults))


def conservation(files: pl.DataFrame) -> Verdict:
    """Every row that was read is accounted for, in every file."""
    wrong = unbalanced(files).select("dataset", "export_date").rows()
    faults = [f"{dataset} {day}" for dataset, day in wrong]
    return verdict("conservation", "每个文件的每一行都有去向", faults, files.height)


def contents(files: Sequence[FactFile]) -> list[Verdict]:
    """Presence, checksum, contract and equations of every file; each is read once."""
    missing, changed, contract, equation = [], [], [], []
    rows_seen = rules = 0
    for file in files:
        if not file.path.exists():
            missing.append(file.name)
        elif sha256_of(file.path) != file.sha256:
            changed.append(file.name)
        else:
            declared = arrow_schema(PUBLISHED[file.table])
            if not pq.read_schema(file.path).equals(declared, check_metadata=True):
                contract.append(file.name)
                continue
            rows = pl.read_parquet(file.path)
            rows_seen += rows.height
            rules += equations(file.table)
            equation += [f"{file.name} {each}" for each in broken(file.table, rows)]
    count = len(files)
    return [
        verdict("complete", "文件齐全", missing, count),
        verdict("checksums", "文件与登记的校验值一致", changed, count),
        verdict("contracts", "字段、类型和说明符合约定", contract, count),
        verdict("equations", "各项数量恒等式成立", equation, rows_seen, rules),
    ]
