"""Draft a profile from the headers of a file.

Headers and names only, never a value of a row. A person decides what a draft cannot tell; the draft
says in comments what there is to decide.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from assets.exports.discover import without_ending
from assets.exports.headers import HeaderMatcher, shown
from assets.exports.parsed_file import LINE
from assets.exports.reading import read_any
from assets.profiles import BUILT_IN, DatasetProfile, draft_names, load_profile
from schemas import EXPORTS
from schemas.table import ExportTable

# A number, a date, a time, a length: what stands in rows and in no header.
_DATUM = r"^[+*#]?[0-9][0-9.,:/ T年月日时分秒%+-]*(?:[AaPp][Mm])?$"
_MOSTLY = 0.8
_SAMPLE = 200  # rows that are compared with what may be the header
# Headers of call records that give lengths of time, as switches and platforms call them.
_START = re.compile(r"^(call ?date|(call)?[ _]?start([ _]?(time|stamp))?|.*(呼入|开始)时间)$", re.I)
_LENGTH = re.compile(r"^((total|call)?[ _]?duration|.*总时长|.*通话总时长|时长)", re.I)
_TALK = re.compile(r"^(bill[ _]?sec.*|talk.*|.*通话时长|.*通话秒数)", re.I)
_MINUTES = re.compile("分|min", re.I)


@dataclass(frozen=True)
class Draft:
    """A drafted profile.

    Attributes:
        text: TOML that can be loaded, with comments on what is to be decided.
        doubt: why it may be of no use, in Chinese; empty where headers were recognised.
    """

    text: str
    doubt: str = ""


def draft_profile(content: bytes, name: str, dataset: str = "") -> Draft:
    """Draft a profile for one dataset.

    Args:
        content: the file.
        name: its name, with ending.
        dataset: the dataset; empty for the one whose headers the file holds most of.

    Raises:
        FileRefused: the file cannot be read.
    """
    parsed = read_any(content, name)
    header = [cell for cell in parsed.header if cell.strip()]
    table, known = _dataset(header, dataset)
    if not known and not _is_header(parsed.header, parsed.rows):
        width = len(parsed.header)
        doubt = f"没有找到表头：第 {parsed.header_line} 行的 {width} 列看来已经是数据，没有打印出来"
        names = ", ".join(_toml(f"列{number}") for number in range(1, width + 1))
        more = [f"column_names = [{names}]  # 文件没有表头：按顺序改成各列的名称"]
        header = []
    else:
        doubt = "" if known else "没有一个认识的列名：请核对数据集，或用 --dataset 指定"
        more = []
    others = [each for each in header if each not in known]
    fed, derived = _lengths(others, known) if table.name == "calls" else ({}, {})
    lacking = [
        column
        for column in table.columns
        if column.name not in {*known.values(), *fed.values(), *derived}
    ]
    base = load_profile("hanzhong")
    lines = [
        *([f"# {doubt}"] if doubt else []),
        *(f"# 内置的来源配置 {each} 已能读这样的表头" for each in _built_in(header)),
        'name = "draft"',
        f"timestamp_formats = {_toml(base.timestamp_formats)}",
        f"nulls = {_toml(base.nulls)}",
        f"timestamp_nulls = {_toml(base.timestamp_nulls)}",
        "",
        f"[datasets.{table.name}]  # {table.title}",
        *_files(name),
        *more,
        "ignore = []  # 认识但不需要的列名写在这里",
        "",
        f"[datasets.{table.name}.headers]  # 文件中的列名 = 数据字典中的列名",
        *(f"# 已认识：{_toml(shown(each))} → {column}" for each, column in known.items()),
        *(f"{_toml(shown(each))} = {_toml(column)}" for each, column in fed.items()),
        *(f'# {_toml(shown(each))} = ""' for each in others if each not in fed),
    ]
    if derived:
        lines += ["", f"[datasets.{table.name}.derive]  # 由开始时间和时长推算：请核对"]
        lines += [f"{column} = {way}" for column, way in derived.items()]
    if lacking:
        lines += [
            "",
            "# 文件中还没有对应的列（* 为必需；可写进 join、derive 或 constants，"
            "平台没有的写进 absent）：",
        ]
    for column in lacking:
        codes = f"，代码：{'、'.join(column.codes)}" if column.codes else ""
        lines.append(f"# {'*' if column.required else ' '} {column.name} {column.title}{codes}")
    return Draft("\n".join(lines) + "\n", doubt)


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _known(header: Sequence[str], table: ExportTable) -> dict[str, str]:
    matcher = HeaderMatcher(table, DatasetProfile(files="{YYYY}"))
    return {each: column for each in header if (column := matcher.column_of(each))}


def _dataset(header: Sequence[str], dataset: str) -> tuple[ExportTable, dict[str, str]]:
    """The dataset, or the one that most headers belong to; header -> column."""
    tables = [EXPORTS[dataset]] if dataset else list(EXPORTS.values())
    found = [(table, _known(header, table)) for table in tables]
    return max(found, key=lambda each: len(each[1]))


def _is_header(cells: Sequence[str], rows: pl.DataFrame) -> bool:
    """Whether a row that holds no known header is one all the same, and no row of data.

    No cell of a header is a number or date or stands twice, and below at least one of them there
    are numbers or dates.
    """
    named = [cell.strip() for cell in cells if cell.strip()]
    if len(set(named)) < len(named) or any(re.match(_DATUM, cell) for cell in named):
        return False
    below = rows.drop(LINE).head(_SAMPLE)
    shares = below.select(pl.all().drop_nulls().str.strip_chars().str.contains(_DATUM).mean())
    return any(share is not None and share >= _MOSTLY for share in shares.rows()[0])


def _lengths(
    headers: Sequence[str], known: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What can be said of calls whose headers give a start and lengths of time, but no end.

    Args:
        headers: those that are not known.
        known: header -> column of the others.

    Returns:
        Header -> column; column -> how it is derived, as TOML.
    """

    def first(pattern: re.Pattern[str]) -> str:
        return next((each for each in headers if pattern.match(each.strip())), "")

    def way(of: str, sign: str, length: str) -> str:
        unit = ', unit = "minutes"' if _MINUTES.search(length) else ""
        return f"{{ from = {_toml(of)}, {sign} = {_toml(shown(length))}{unit} }}"

    columns = known.values()
    start = "offered_at" if "offered_at" in columns else shown(first(_START))
    length, talk = first(_LENGTH), first(_TALK)
    if not start or not length or "ended_at" in columns:
        return {}, {}
    derived = {"ended_at": way(start, "plus", length)}
    if talk and "answered_at" not in columns:
        derived["answered_at"] = way("ended_at", "minus", talk)
    return ({} if start == "offered_at" else {start: "offered_at"}), derived


def _built_in(header: Sequence[str]) -> list[str]:
    """Built-in profiles, apart from the default one, that need no other header than these."""
    found = []
    for name in sorted(path.stem for path in BUILT_IN.glob("*.toml") if path.stem != "hanzhong"):
        for dataset, profile in load_profile(name).datasets.items():
            matcher = HeaderMatcher(EXPORTS[dataset], profile)
            if matcher.is_header(header) and not matcher.missing(header):
                found.append(name)
    return found


def _files(name: str) -> list[str]:
    """The statement `files`, and what is to be decided of it."""
    stem = without_ending(name)
    if drafted := draft_names(stem):
        doubt = "  # 日在前还是月在前，请核对" if re.search("{(DD.?MM|MM.?DD)", drafted) else ""
        return [f"files = {_toml(drafted)}{doubt}"]
    return [
        "# 文件名里没有日期：请让平台写进文件名，或把文件放进以日期命名的文件夹，写成 "
        + _toml(f"{{YYYY-MM-DD}}/{stem}*"),
        f"files = {_toml(f'{stem}_{{YYYYMMDD}}*')}",
    ]
