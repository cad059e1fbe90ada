"""Check a filled-in form before it is handed in: a sentence for each cell that is wrong.

Belongs here: reading the form with the same readers and rules as the night does, and what only the
scheme knows: which figures there are, and their bounds.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from assets.core import HotlineError
from assets.exports import DELIVERY, LINE, Delivery, HeaderMatcher, ingest, read
from assets.indicators.entries import entries
from assets.indicators.scheme import Scheme
from assets.profiles import Profile
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES
from schemas.table import rule_sentences

annual = EXPORTS["annual"]


def _letters(position: int) -> str:
    """Name of a spreadsheet column, from 0."""
    name = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def check_form(path: Path, year: int, scheme: Scheme, profile: Profile) -> Iterator[str]:
    """Sentences about a filled-in form, each naming its cell; none where it is good.

    Args:
        path: the workbook (or CSV).
        year: the year that it is about.
        scheme: in force in that year.
        profile: how the platform exports.

    Raises:
        HotlineError: it cannot be read at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HotlineError(f"填报表 {path} 无法读取（{type(error).__name__}）。") from None
    # Checked with no share of bad rows refusing the file: each of them is named instead.
    settings = profile.datasets["annual"].model_copy(update={"quarantine_share": 1.0})
    lenient = profile.model_copy(update={"datasets": {"annual": settings}})
    form = Delivery("form", annual.name, date(year, 12, 31), path.name, "", 0, 0, 0, "")
    (reading,) = read([form], lambda _: content, HeaderMatcher(annual, settings), lenient)
    if reading.rule:
        sentence = FILE_RULES[reading.rule].zh.format(**reading.detail)
        raise HotlineError(f"填报表 {path.name}：{sentence}")
    batch = ingest([form], lambda _: content, annual, lenient, key="", built_with="", batch="")
    cells = {name: _letters(at) for name, at in reading.positions.items()}
    sentences = rule_sentences(annual)
    for line, rules, columns in batch.quarantine.select("line", "rules", "columns").iter_rows():
        for rule, column in zip(rules, columns, strict=True):
            words = sentences[rule, column][0] if (rule, column) in sentences else rule
            yield f"{cells.get(column, '')}{line}：{words}"
    known = {each.key: each for each in entries(scheme)}
    rows = batch.rows.drop(DELIVERY).select(LINE, "year", "indicator", "item", "value")
    for line, of_year, indicator, item, value in rows.sort(LINE).iter_rows():
        entry = known.get((indicator, item))
        if of_year != year:
            yield f"{cells['year']}{line}：年度应为 {year}，写的是 {of_year}。"
        elif entry is None:
            yield f"{cells['item']}{line}：{year}年的指标体系里没有这个指标和数据项，请核对。"
        elif not entry.allows(value):
            yield f"{cells['value']}{line}：{value:g} 超出范围，应为{entry.bounds}。"
