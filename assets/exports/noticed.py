"""What is worth telling of a file that is taken, though it refuses nothing: drift and omissions.

Belongs here: codes that no list holds, and the sentences for them, for headers that are not known,
and for rows that the profile leaves out. Texts of the platform are shown only where they repeat and
are short: a line whose columns have shifted can put a citizen's words where a code belongs.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import polars as pl

from assets.exports.split import FILE
from assets.masking import mask
from schemas import rules
from schemas.table import ExportTable

_SHOWN_FROM = 3
_LONGEST = 12
_MOST = 10
OTHER: Final = "其他"


def new_codes(
    typed: pl.DataFrame, bad: pl.DataFrame, table: ExportTable
) -> dict[int, dict[str, dict[str, int]]]:
    """Codes that are in no list, of each file of a batch.

    Args:
        typed: rows of the batch as `cast` returns them.
        bad: `row` (position in `typed`), `rules` and `columns` of the rows that broke a rule.
        table: the dataset.

    Returns:
        `__file` -> column -> code -> rows. Codes that are long or rare are counted as 其他.
    """
    broken = bad.select("row", "rules", "columns").explode("rules", "columns")
    broken = broken.filter(rules=rules.CODE.id)
    found: dict[int, dict[str, dict[str, int]]] = {}
    for (column,), own in broken.group_by("columns"):
        rows = typed[own["row"].to_list()].select(FILE, code=str(column))
        counted = rows.group_by(FILE, "code").len().sort("len", "code", descending=[True, False])
        for file, code, count in counted.iter_rows():
            title = table.by_name[str(column)].title
            codes = found.setdefault(file, {}).setdefault(title, {})
            tellable = mask(code) == code and len(code) <= _LONGEST and count >= _SHOWN_FROM
            shown = code if tellable and len(codes) < _MOST else OTHER
            codes[shown] = codes.get(shown, 0) + count
    return found


def merged(details: Iterable[str]) -> dict[str, object]:
    """What was noticed of several files together, from the ledger's JSON."""
    extra: dict[str, None] = {}
    codes: dict[str, Counter[str]] = {}
    excluded: Counter[str] = Counter()
    for detail in details:
        if detail == "{}":
            continue
        noticed = json.loads(detail)
        extra |= dict.fromkeys(noticed.get("extra", ()))
        excluded.update(noticed.get("excluded", {}))
        for title, counts in noticed.get("codes", {}).items():
            codes.setdefault(title, Counter()).update(counts)
    return {"extra": list(extra), "codes": codes, "excluded": excluded}


def sentences(noticed: Mapping[str, object]) -> list[str]:
    """What was noticed of one file, in Chinese."""
    found = []
    extra = noticed.get("extra")
    if extra and isinstance(extra, Sequence):
        found.append(f"未登记的列：{'、'.join(map(str, extra))}（未读取）")
    codes = noticed.get("codes")
    if isinstance(codes, Mapping):
        for title, counts in sorted(codes.items()):
            listed = "、".join(f"{code} {count} 行" for code, count in sorted(counts.items()))
            found.append(f"{title}有未登记的代码：{listed}（已隔离，请在来源配置中指定对应值）")
    excluded = noticed.get("excluded")
    if isinstance(excluded, Mapping) and any(excluded.values()):
        listed = "、".join(f"{name} {count} 行" for name, count in excluded.items() if count)
        found.append(f"按来源配置排除：{listed}")
    return found
