"""Read a sample file by a profile and say what became of each column, for whoever writes profiles.

Belongs here: counts and headers, never a value of a row. Nothing is kept.
"""

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from assets.core import HotlineError
from assets.exports.archive import Delivery
from assets.exports.cast import cast
from assets.exports.discover import recognise
from assets.exports.headers import HeaderMatcher
from assets.exports.ingestion import ingest
from assets.exports.noticed import merged, sentences
from assets.exports.reading import Reading, read
from assets.masking import mask
from assets.profiles import Profile
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES
from schemas.table import ExportTable, rule_sentences


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


def probe(path: Path, profile: Profile) -> Probe:
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
    (reading,) = read([sample], lambda _: content, HeaderMatcher(table, dataset), lenient)
    if reading.rule:
        return Probe(name, FILE_RULES[reading.rule].zh.format(**reading.detail))
    # The key of pseudonyms does not matter: the rows are dropped.
    batch = ingest([sample], lambda _: content, table, lenient, key="-", built_with="", batch="")
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
        tuple(sentences(merged([outcome["detail"]]))),
    )


def _columns(reading: Reading, table: ExportTable, profile: Profile) -> list[ColumnProbe]:
    rows, records = reading.rows, reading.records
    if rows is None or records is None:
        raise ValueError("a refused file has no columns")
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
        elif position < len(records.header):
            source = mask(records.header[position])[:50]
        elif column.name in dataset.join:
            source = "＋".join(dataset.join[column.name])
        else:
            source = f"固定为“{dataset.constants[column.name]}”"
        parsed = typed.height - typed[column.name].null_count()
        filled = parsed + failures.get(column.name, 0)
        found.append(
            ColumnProbe(column.name, column.title, source, filled, parsed, column.required)
        )
    return found
