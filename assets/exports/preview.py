"""For whoever writes profiles: read a sample file by a profile, or draft a profile from one.

Counts, headers and names only, never a value of a row. Nothing is kept. A person decides what a
draft cannot tell; the draft says in comments what there is to decide.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from assets.core import HotlineError
from assets.exports.batch import ingest_files
from assets.exports.cast import cast
from assets.exports.deliveries import Delivery, drift_sentences, merge_drift
from assets.exports.discover import recognise
from assets.exports.headers import HeaderMatcher, shown
from assets.exports.reading import Reading, read_any, read_files
from assets.profiles import DatasetProfile, Profile, load_profile, period_end
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES
from schemas.table import ExportTable, rule_sentences

_TOKENS = {8: "{YYYYMMDD}", 6: "{YYYYMM}", 4: "{YYYY}"}


@dataclass(frozen=True)
class ColumnProbe:
    """What became of one column.

    Attributes:
        name: name of the column.
        title: its Chinese title.
        source: header in the file, or how the profile makes the column; empty where nothing does.
        filled: rows with a text that means something.
        parsed: of these, rows whose text could be read as what the column is.
        required: whether every row needs it.
    """

    name: str
    title: str
    source: str
    filled: int
    parsed: int
    required: bool


@dataclass(frozen=True)
class Probe:
    """What became of one file.

    Attributes:
        dataset: name of the dataset.
        refusal: the sentence of a refused file; then there is nothing else.
        columns: every column of the dataset.
        read: rows read.
        quarantined: of these, rows that break a rule.
        rules: sentence -> rows that it would quarantine.
        noticed: sentences on unknown headers, unmapped codes and rows left out.
    """

    dataset: str
    refusal: str
    columns: tuple[ColumnProbe, ...] = ()
    read: int = 0
    quarantined: int = 0
    rules: tuple[tuple[str, int], ...] = ()
    noticed: tuple[str, ...] = ()


def probe_file(path: Path, profile: Profile) -> Probe:
    """Read one file by a profile.

    Raises:
        HotlineError: it cannot be opened, or its name belongs to no dataset.
    """
    found = recognise(path.name, profile)
    if found is None:
        known = "、".join(each.files for each in profile.datasets.values())
        raise HotlineError(f"文件名与来源配置的 files 都不符：请改名或修改 files（现有 {known}）。")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HotlineError(f"样例文件无法读取（{type(error).__name__}）：请核对路径。") from None
    name, day = found
    table = EXPORTS[name]
    # No share of bad rows refuses the file: which ones they are is the question.
    dataset = profile.datasets[name].model_copy(update={"quarantine_share": 1.0})
    lenient = profile.model_copy(update={"datasets": {name: dataset}})
    sample = Delivery("sample", name, day, path.name, "", 0, 0, 0, "")
    (reading,) = read_files([sample], lambda _: content, HeaderMatcher(table, dataset), lenient)
    if reading.rule:
        return Probe(name, FILE_RULES[reading.rule].zh.format(**reading.detail))
    # The key of pseudonyms does not matter: the rows are dropped.
    batch = ingest_files(
        [sample], lambda _: content, table, lenient, key="-", built_with="", batch=""
    )
    (outcome,) = batch.outcomes.iter_rows(named=True)
    detail = json.loads(outcome["detail"])
    if outcome["rule"]:
        return Probe(name, FILE_RULES[outcome["rule"]].zh.format(**detail))
    known_rules = rule_sentences(table)
    broken: Counter[str] = Counter()
    for rules, columns in batch.quarantine.select("rules", "columns").iter_rows():
        broken.update(known_rules[pair][0] for pair in zip(rules, columns, strict=True))
    return Probe(
        name,
        "",
        tuple(_columns(reading, table, lenient)),
        outcome["read"],
        outcome["quarantined"],
        tuple(broken.most_common()),
        tuple(drift_sentences(merge_drift([outcome["detail"]]))),
    )


def _columns(reading: Reading, table: ExportTable, profile: Profile) -> list[ColumnProbe]:
    parsed = reading.parsed
    if parsed is None:
        raise ValueError("a refused file has no columns")
    rows = parsed.rows.select(reading.columns)
    lacking = [name for name in table.by_name if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in lacking)
    # Clocks are left as they are: a clipped time was read all the same.
    typed, failed = cast(rows, replace(table, tolerance_seconds=0), profile)
    failures = dict(failed.group_by("column").len().iter_rows())
    dataset = profile.datasets[table.name]
    found = []
    for column in table.columns:
        position = reading.positions.get(column.name)
        if position is None:
            source = ""
        elif position < len(parsed.header):
            source = shown(parsed.header[position])
        elif column.name in dataset.made:
            source = "，或 ".join(way.described for way in dataset.made[column.name])
        elif column.name in table.key[: dataset.row_key]:
            source = "文件和行号"
        else:
            source = f"固定为“{dataset.constants[column.name]}”"
        cast_rows = typed.height - typed[column.name].null_count()
        filled = cast_rows + failures.get(column.name, 0)
        found.append(
            ColumnProbe(column.name, column.title, source, filled, cast_rows, column.required)
        )
    return found


def draft_profile(content: bytes, name: str) -> str:
    """A profile, as TOML that can be loaded, for the dataset whose headers the file holds most of.

    Args:
        content: the file.
        name: its name, with ending.

    Raises:
        FileRefused: the file cannot be read.
    """
    header = [cell for cell in read_any(content, name).header if cell.strip()]
    table, known = _dataset(header)
    others = [shown(each) for each in header if each not in known]
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
        *(f"# 已认识：{_toml(shown(each))} → {column}" for each, column in known.items()),
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
    found = []
    for table in EXPORTS.values():
        matcher = HeaderMatcher(table, DatasetProfile(files="{YYYY}"))
        known = {each: column for each in header if (column := matcher.column_of(each))}
        found.append((table, known))
    return max(found, key=lambda each: len(each[1]))


def _pattern(name: str) -> str:
    """The name without its ending, its date as a token, and room for parts after it."""
    stem = re.sub(r"(\.csv\.gz|\.[^.]*)$", "", name, flags=re.IGNORECASE)
    for match in re.finditer(r"[0-9]+", stem):
        token = _TOKENS.get(len(match[0]))
        if token and period_end(match[0]):
            return f"{stem[: match.start()]}{token}*"
    return f"{stem}_{{YYYYMMDD}}*"
