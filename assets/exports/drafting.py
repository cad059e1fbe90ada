"""Draft a profile from the headers of one file.

Belongs here: what can be told from a name and a header row. A person decides the rest: the draft
says in comments what there is to decide.
"""

import json
import re

from assets.exports.headers import HeaderMatcher
from assets.exports.reading import read_any
from assets.masking import mask
from assets.profiles import DatasetProfile, load_profile, period_end
from schemas import EXPORTS
from schemas.table import ExportTable

_TOKENS = {8: "{YYYYMMDD}", 6: "{YYYYMM}", 4: "{YYYY}"}


def draft(content: bytes, name: str) -> str:
    """A profile, as TOML that can be loaded, for the dataset whose headers the file holds most of.

    Args:
        content: the file.
        name: its name, with ending.

    Raises:
        FileRefused: the file cannot be read.
    """
    header = [cell for cell in read_any(content, name).header if cell.strip()]
    table, known = _dataset(header)
    others = [mask(each)[:50] for each in header if each not in known]
    lacking = [column for column in table.columns if column.name not in known.values()]
    base = load_profile("hanzhong")
    lines = [] if known else ["# 没有一个认识的列名：请先核对下面的数据集选对了没有"]
    lines += [
        'name = "draft"',
        f"timestamp_formats = {_toml(base.timestamp_formats)}",
        f"nulls = {_toml(base.nulls)}",
        f"timestamp_nulls = {_toml(base.timestamp_nulls)}",
        "",
        f"[datasets.{table.name}]  # {table.title}",
        f"files = {_toml(_pattern(name))}",
        "ignore = []  # 认识但不需要的列名写在这里",
        "",
        f"[datasets.{table.name}.headers]  # 文件中的列名 = 数据字典中的列名",
        *(f"# 已认识：{_toml(mask(each)[:50])} → {column}" for each, column in known.items()),
        *(f'# {_toml(each)} = ""' for each in others),
    ]
    if lacking:
        lines += ["", "# 文件中还没有对应的列（* 为必需；没有的可写进 join 或 constants）："]
    for column in lacking:
        codes = f"，代码：{'、'.join(column.codes)}" if column.codes else ""
        lines.append(f"# {'*' if column.required else ' '} {column.name} {column.title}{codes}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _dataset(header: list[str]) -> tuple[ExportTable, dict[str, str]]:
    """The dataset that most headers belong to; header -> column."""
    best: tuple[ExportTable, dict[str, str]] | None = None
    for table in EXPORTS.values():
        matcher = HeaderMatcher(table, DatasetProfile(files="{YYYY}"))
        found = {each: column for each in header if (column := matcher.column_of(each))}
        if best is None or len(found) > len(best[1]):
            best = table, found
    if best is None:
        raise ValueError("there are no datasets")
    return best


def _pattern(name: str) -> str:
    """The name without its ending, its date as a token, and room for parts after it."""
    stem = re.sub(r"(\.csv\.gz|\.[^.]*)$", "", name, flags=re.IGNORECASE)
    for match in re.finditer(r"[0-9]+", stem):
        token = _TOKENS.get(len(match[0]))
        if token and period_end(match[0]):
            return f"{stem[: match.start()]}{token}*"
    return f"{stem}_{{YYYYMMDD}}*"
