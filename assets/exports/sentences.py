"""What the ledger says of deliveries, in Chinese: why a file is refused or held, schema drift."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from assets.masking import masked_name
from schemas.file_rules import FILE_RULES, FINDING_RULES

# Stands for codes that are too long or too rare to be shown.
OTHER: Final = "其他"
# What a held file waits for.
_WAITS: Final = "暂不计入：核对后用 hotline deliveries 放行或退回。"


def refusal_sentence(row: Mapping[str, object]) -> tuple[str, str]:
    """Name of a refused or held file and the sentence that says why and what to do.

    Args:
        row: of the ledger.
    """
    detail = json.loads(str(row["detail"]))
    name = masked_name(str(row["path"]).rpartition("/")[2])
    rule = str(row["rule"])
    if rule in FILE_RULES:
        return name, FILE_RULES[rule].zh.format(**detail)
    return name, FINDING_RULES[rule].zh.format(**detail) + _WAITS


def finding_sentence(row: Mapping[str, object]) -> str:
    """What was found implausible, what was expected, and what to do.

    Args:
        row: of `FINDINGS`.
    """
    return FINDING_RULES[str(row["rule"])].zh.format(**row)


def merge_drift(details: Iterable[str]) -> dict[str, object]:
    """Schema drift and omissions of several ingested files together, from the ledger's JSON."""
    extra: dict[str, None] = {}
    absent: set[str] = set()
    codes: dict[str, Counter[str]] = {}
    excluded: Counter[str] = Counter()
    ignored: Counter[str] = Counter()
    repeated = 0
    sheets: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for detail in details:
        if detail == "{}":
            continue
        noticed = json.loads(detail)
        extra |= dict.fromkeys(noticed.get("extra", ()))
        absent |= set(noticed.get("absent", ()))
        excluded.update(noticed.get("excluded", {}))
        ignored.update(noticed.get("ignored", {}))
        repeated += noticed.get("repeated", 0)
        sheets.update(noticed.get("sheets", {}))
        hidden.update(noticed.get("hidden", {}))
        for title, counts in noticed.get("codes", {}).items():
            codes.setdefault(title, Counter()).update(counts)
    return {
        "absent": sorted(absent),
        "extra": list(extra),
        "codes": codes,
        "excluded": excluded,
        "ignored": ignored,
        "repeated": repeated,
        "sheets": sheets,
        "hidden": hidden,
    }


def drift_sentences(noticed: Mapping[str, object]) -> list[str]:
    """Schema drift and omissions, as `merge_drift` returns them, in Chinese."""
    found = []
    absent = noticed.get("absent")
    if absent and isinstance(absent, Sequence):
        found.append(f"平台没有的列：{'、'.join(map(str, absent))}（有关的数字从缺）")
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
    ignored = noticed.get("ignored")
    if isinstance(ignored, Mapping):
        named = {"totals": "合计", "note": "说明和签名"}
        listed = "、".join(
            f"{said} {ignored[name]} 行" for name, said in named.items() if ignored.get(name)
        )
        if listed:
            found.append(f"表中不是数据的行：{listed}（未读取，已计数）")
    if repeated := noticed.get("repeated"):
        found.append(f"时钟回拨、同一小时出现两次：{repeated} 行的时间有两种读法，按时长较短的计")
    return found + _sheet_sentences(noticed)


def _sheet_sentences(noticed: Mapping[str, object]) -> list[str]:
    """What is not read of workbooks, and what is although it is hidden."""
    found = []
    sheets = noticed.get("sheets")
    if isinstance(sheets, Mapping) and sheets:
        listed = "、".join(f"{name} {count} 行" for name, count in sheets.items())
        found.append(
            f"未读取的工作表：{listed}（隐藏，或没有所需的表头；是数据的请改正后重新提交）"
        )
    hidden = noticed.get("hidden")
    if isinstance(hidden, Mapping) and hidden:
        found.append(
            f"工作表中隐藏或筛去的 {hidden['rows']} 行、隐藏的 {hidden['columns']} 列也已读取"
        )
    return found
