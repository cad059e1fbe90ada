"""What must hold of damaged files, and who broke it.

Belongs here: the properties. Each failure is one sentence that begins with the seed.
"""

import traceback
from collections.abc import Sequence
from datetime import date
from functools import cache

import polars as pl

from assets.exports.batch import Batch, ingest_files
from assets.exports.decode import decode, unpack
from assets.exports.deliveries import DELIVERY, Delivery
from assets.exports.headers import HeaderMatcher
from assets.exports.parsed_file import FileRefused
from assets.exports.reading import read_export
from assets.profiles.profile import Profile, load_profile, period_end
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES
from tests.fuzz.damaged import DamagedFile, undamaged_file
from tests.fuzz.rows import key_column


@cache
def tolerant() -> Profile:
    """The default profile, but no file is refused for the share of its bad rows."""
    profile = load_profile("hanzhong")
    datasets = {
        name: each.model_copy(update={"quarantine_share": 1.0})
        for name, each in profile.datasets.items()
    }
    return profile.model_copy(update={"datasets": datasets})


def export_date(file: DamagedFile) -> date:
    """The date in a file's name."""
    day = period_end(file.name.split("_")[1].partition(".")[0])
    if day is None:
        raise ValueError(f"{file.name} has no date")
    return day


def _delivery(file: DamagedFile) -> Delivery:
    return Delivery(
        f"seed-{file.seed}",
        file.dataset,
        export_date(file),
        file.name,
        f"{file.seed:064x}",
        len(file.content),
        file.seed,
        0,
        "",
    )


def ingested(files: Sequence[DamagedFile]) -> Batch:
    """Ingest files of one dataset together."""
    contents = {f"seed-{file.seed}": file.content for file in files}
    return ingest_files(
        [_delivery(file) for file in files],
        lambda each: contents[each.delivery],
        EXPORTS[files[0].dataset],
        tolerant(),
        key="fuzz",
        built_with="fuzz",
        batch="fuzz",
    )


@cache
def _accepted_undamaged(dataset: str) -> pl.DataFrame:
    file = undamaged_file(dataset)
    rows = ingested([file]).rows
    if set(rows[key_column(dataset)]) != file.whole or rows.height != len(file.whole):
        raise AssertionError(f"the undamaged rows of {dataset} are not all accepted")
    return rows


def failures(files: Sequence[DamagedFile]) -> list[str]:
    """Everything that does not hold of files of one dataset."""
    try:
        batch = ingested(files)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        if len(files) > 1:
            found = [each for file in files for each in failures([file])]
            return found or [f"files {[file.seed for file in files]} fail only together: {error!r}"]
        trace = "".join(traceback.format_exception(error)[-3:])
        return [_said(files[0], f"raises {trace}")]
    outcomes = {row["delivery"]: row for row in batch.outcomes.iter_rows(named=True)}
    rows = _by_delivery(batch.rows, DELIVERY)
    bad = _by_delivery(batch.quarantine, "delivery")
    found = []
    for file in files:
        name = f"seed-{file.seed}"
        own = rows.get(name, batch.rows.clear())
        own_bad = bad.get(name, batch.quarantine.clear())
        found += [_said(file, each) for each in _of_file(file, outcomes[name], own, own_bad)]
    return found


def _said(file: DamagedFile, sentence: str) -> str:
    return f"seed {file.seed} ({file.name}; {', '.join(file.damages)}): {sentence}"


def _by_delivery(frame: pl.DataFrame, column: str) -> dict[object, pl.DataFrame]:
    return {key[0]: rows for key, rows in frame.partition_by(column, as_dict=True).items()}


def _of_file(
    file: DamagedFile, outcome: dict[str, object], rows: pl.DataFrame, bad: pl.DataFrame
) -> list[str]:
    found = []
    if outcome["rule"]:
        rule = str(outcome["rule"])
        if rule not in file.may_refuse:
            found.append(f"is refused for {rule}")
        if rule not in FILE_RULES:
            found.append(f"is refused for {rule}, which is no declared rule")
        if rows.height or bad.height:
            found.append("is refused and has rows all the same")
        return found
    if outcome["read"] != rows.height + bad.height:
        found.append(f"read {outcome['read']}, accepted {rows.height}, quarantined {bad.height}")
    if outcome["quarantined"] != bad.height:
        found.append(f"counts {outcome['quarantined']} quarantined and keeps {bad.height}")
    lines = [*rows["__line"], *bad["line"]]
    if len(set(lines)) != len(lines):
        found.append("gives one line two fates")
    if bad.filter((pl.col("rules").list.len() == 0) | (pl.col("rules").list.contains(""))).height:
        found.append("quarantines a line without a reason")
    found += _lost_rows(file, rows)
    if not file.name.endswith(".xlsx"):
        found += _lost_lines(file)
    return found


def _lost_rows(file: DamagedFile, rows: pl.DataFrame) -> list[str]:
    """Rows that nothing has touched and that are not accepted as they are."""
    expected = _accepted_undamaged(file.dataset)
    key = key_column(file.dataset)
    values = [name for name in expected.columns if not name.startswith("__")]
    missing = expected.filter(pl.col(key).is_in(list(file.whole))).join(
        rows.select(values), on=values, how="anti", nulls_equal=True
    )
    return [f"loses or changes {sorted(missing[key])}"] if missing.height else []


def _lost_lines(file: DamagedFile) -> list[str]:
    """Whether header, rows, rejects and ignored lines together are all lines of the text."""
    profile = tolerant()
    matcher = HeaderMatcher(EXPORTS[file.dataset], profile.datasets[file.dataset])
    try:
        records, _ = read_export(file.content, file.name, matcher, profile)
    except FileRefused as refused:
        return [f"is read once and refused the next time: {refused.rule}"]
    text = unpack(file.content, name=file.name, limit=profile.max_unpacked_bytes)
    lines = decode(text, expected=matcher.expected).text.decode().removesuffix("\n").split("\n")
    raw = records.raw([*records.rows["__line"], *records.rejects["__line"]])
    header = sum(cell.count("\n") for cell in records.header)
    counted = header + records.ignored.total() + sum(each.count("\n") + 1 for each in raw)
    if counted != len(lines):
        return [f"has {len(lines)} lines and accounts for {counted}"]
    return []
