"""What must hold before a release is published. Nothing passes by default.

Belongs here: the decision. Each verdict says how much was examined, because a check that looked at
nothing has proved nothing. The Dagster checks repeat what was decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from assets.facts.data_quality import unbalanced
from assets.facts.invariants import broken, equations
from assets.facts.store import Built, built_path
from assets.files import sha256_of
from assets.warehouse import Warehouse
from schemas import FACTS
from schemas.arrow import arrow_schema


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


def conservation(files: pl.DataFrame) -> Verdict:
    """Every row that was read is accounted for, in every file."""
    wrong = unbalanced(files)
    faults = tuple(
        f"{dataset} {day}" for dataset, day in wrong.select("dataset", "export_date").rows()
    )
    return Verdict("conservation", "每个文件的每一行都有去向", not faults, files.height, 1, faults)


def contents(warehouse: Warehouse, built: Sequence[Built]) -> list[Verdict]:
    """Checksums, contracts and equations of every file that is to be published."""
    import pyarrow.parquet as pq

    checksum, contract, equation = [], [], []
    examined = evaluated = 0
    for each in built:
        path = built_path(warehouse, each)
        where = f"{each.table} {each.month}".strip()
        if sha256_of(warehouse.root / path) != each.sha256:
            checksum.append(where)
            continue
        if not pq.read_schema(path).equals(arrow_schema(FACTS[each.table]), check_metadata=True):
            contract.append(where)
            continue
        rows = pl.read_parquet(path)
        examined += rows.height
        evaluated += equations(each.table)
        equation += [f"{where} {name}" for name in broken(each.table, rows)]
    return [
        Verdict(
            "checksums", "文件与登记的校验值一致", not checksum, len(built), 1, tuple(checksum)
        ),
        Verdict(
            "contracts", "字段、类型和说明符合约定", not contract, len(built), 1, tuple(contract)
        ),
        Verdict(
            "equations", "各项数量恒等式成立", not equation, examined, evaluated, tuple(equation)
        ),
    ]
