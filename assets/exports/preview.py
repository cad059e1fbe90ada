"""For whoever writes profiles: what ingestion makes of a sample file, and why it refuses one.

Counts, headers and names, and some rows as they would be stored: what a citizen said as its length,
callers as keys, long numbers masked. Nothing is kept.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from assets.core import HotlineError
from assets.exports.batch import Batch, ingest_files
from assets.exports.cast import cast
from assets.exports.deliveries import Delivery
from assets.exports.discover import recognise
from assets.exports.headers import HeaderMatcher, shown
from assets.exports.parsed_file import LINE
from assets.exports.reading import Reading, read_files
from assets.exports.sentences import (
    drift_sentences,
    merge_drift,
)
from assets.masking import mask
from assets.profiles import Profile
from schemas import EXPORTS
from schemas.fields import Column, Kind, Protection
from schemas.file_rules import FILE_RULES
from schemas.table import ExportTable, rule_sentences

_ROWS = 10
_KEY_DIGITS = 8  # of a pseudonym: enough to see which rows are of one caller
_ID_BEGINNING = 4  # and its length: enough to see zeros lost and ids cut off
_LONGEST = 40


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
        refusal: why the file is refused; where it could be read, the rest is there all the same.
        columns: every column of the dataset.
        read: rows read.
        quarantined: of these, rows that break a rule.
        rules: sentence -> rows that it would quarantine.
        noticed: sentences on unknown headers, unmapped codes and rows left out.
        rows: the first rows as they would be stored: line, then title -> text of what is filled.
    """

    dataset: str
    refusal: str
    columns: tuple[ColumnProbe, ...] = ()
    read: int = 0
    quarantined: int = 0
    rules: tuple[tuple[str, int], ...] = ()
    noticed: tuple[str, ...] = ()
    rows: tuple[tuple[int, dict[str, str]], ...] = ()


def recognise_file(path: Path, profile: Profile) -> tuple[str, date]:
    """Dataset and export date of a sample file.

    Raises:
        HotlineError: its name belongs to no dataset.
    """
    if found := recognise(path.resolve().as_posix(), profile):
        return found
    known = "、".join(each.files for each in profile.datasets.values())
    raise HotlineError(f"文件名与来源配置的 files 都不符：请改名或修改 files（现有 {known}）。")


def probe_file(path: Path, profile: Profile) -> Probe:
    """Read one file by a profile.

    Raises:
        HotlineError: it cannot be opened, or its name belongs to no dataset.
    """
    name, day = recognise_file(path, profile)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HotlineError(f"样例文件无法读取（{type(error).__name__}）：请核对路径。") from None
    sample = Delivery("sample", name, day, path.name, "", 0, 0, 0, "")
    table = EXPORTS[name]

    def ingested(by: Profile) -> tuple[Batch, str]:
        """The batch, and why the file is refused."""
        # A key of its own: nobody can join what is shown with what is stored.
        batch = ingest_files(
            [sample], lambda _: content, table, by, key="-", built_with="", batch=""
        )
        (outcome,) = batch.outcomes.iter_rows(named=True)
        rule, detail = outcome["rule"], json.loads(outcome["detail"])
        return batch, FILE_RULES[rule].zh.format(**detail) if rule else ""

    batch, refusal = ingested(profile)
    if refusal:
        # Which rows a file is refused for is the question: read it again without that limit.
        dataset = profile.datasets[name].model_copy(update={"quarantine_share": 1.0})
        profile = profile.model_copy(update={"datasets": {name: dataset}})
        batch, unreadable = ingested(profile)
        if unreadable:
            return Probe(name, refusal)
    matcher = HeaderMatcher(table, profile.datasets[name])
    (reading,) = read_files([sample], lambda _: content, matcher, profile)
    (outcome,) = batch.outcomes.iter_rows(named=True)
    known_rules = rule_sentences(table)
    broken: Counter[str] = Counter()
    for rules, columns in batch.quarantine.select("rules", "columns").iter_rows():
        broken.update(known_rules[pair][0] for pair in zip(rules, columns, strict=True))
    return Probe(
        name,
        refusal,
        tuple(_columns(reading, table, profile)),
        outcome["read"],
        outcome["quarantined"],
        tuple(broken.most_common()),
        tuple(drift_sentences(merge_drift([outcome["detail"]]))),
        tuple(_stored(batch.rows, table, profile.time_zone)),
    )


def _stored(
    rows: pl.DataFrame, table: ExportTable, zone: str
) -> Iterator[tuple[int, dict[str, str]]]:
    rows = rows.with_columns(pl.selectors.datetime(time_zone="*").dt.convert_time_zone(zone))
    for row in rows.sort(LINE).head(_ROWS).iter_rows(named=True):
        filled = ((column, row[column.stored_name]) for column in table.columns)
        texts = {column.title: _fit(column, value) for column, value in filled if value is not None}
        yield row[LINE], texts


def _fit(column: Column, value: object) -> str:
    """A stored value, fit to be shown."""
    if column.protection is Protection.MASKED:
        return f"（{len(str(value))} 字）"
    if column.protection is Protection.PSEUDONYM:
        return f"（键 {str(value)[:_KEY_DIGITS]}）"
    if column.kind is Kind.TIMESTAMP and isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    text = str(value)
    if mask(text) == text:
        return text[:_LONGEST]
    if column.kind is Kind.IDENTIFIER:
        return f"{text[:_ID_BEGINNING]}…（{len(text)} 位）"
    return mask(text)[:_LONGEST]


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
