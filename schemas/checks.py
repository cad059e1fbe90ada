"""From an export's declaration to its row checks: an expression for each rule and column.

Belongs here: the checks that follow from a declaration, and their sentences. The frame to check
holds the columns of the table and `EXPORT_DATE`, the date of the file that a row came from. The
checks are run by pandera (`schemas.pandera_checks`), which is not loaded here: most of the program
only wants to know the rules.
"""

import polars as pl

from schemas import rules
from schemas.columns import EARLIEST_YEAR, TIME_ZONE, Column, Kind, Protection
from schemas.rules import RowCheck, RowRule
from schemas.tables import ExportTable
from schemas.wall_clock import moment_at

EXPORT_DATE = "__export_date"
_EARLIEST = pl.datetime(EARLIEST_YEAR, 1, 1, time_zone=TIME_ZONE)
_PATTERNS = {
    Kind.MONTH: r"^20[0-9]{2}-(0[1-9]|1[0-2])$",
    Kind.PERIOD: r"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$",
}
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
_SCIENTIFIC = r"^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$"
_DAMAGED = r"[?\ufffd]"
# A mobile, or any run of fifteen digits. A landline in the name of a line or a unit is the office's
# own, and no personal datum. Values are NFKC already: full-width digits are plain ones.
_GAP = r"[\s\-\u2010-\u2015\u2212]{0,3}"
_PERSONAL = (
    rf"(?:^|[^0-9])(?:(?:00)?86{_GAP})?1[3-9](?:{_GAP}[0-9]){{9}}(?:[^0-9]|$)"
    rf"|[0-9](?:{_GAP}[0-9]){{14}}"
)


def order_rule(previous: str, later: str) -> RowRule:
    """The rule that one timestamp of a row must not lie before another."""
    return RowRule(
        f"{later}_before_{previous}",
        "{title}早于前一环节的时间，请核对。",
        f"{later} lies before {previous}.",
    )


def _column_checks(column: Column) -> list[RowCheck]:
    value = pl.col(column.name)
    found: list[tuple[RowRule, pl.Expr]] = []
    if column.kind is Kind.IDENTIFIER:
        found.append((rules.SCIENTIFIC_ID, ~value.str.contains(_SCIENTIFIC)))
        found.append((rules.CONTROL_CHARACTER, ~value.str.contains(_CONTROL)))
    if column.is_name:
        found.append((rules.DAMAGED_TEXT, ~value.str.contains(_DAMAGED)))
    if column.kind is Kind.TEXT and column.protection is Protection.NONE:
        found.append((rules.PERSONAL_NUMBER, ~value.str.contains(_PERSONAL)))
    if column.codes:
        found.append((rules.CODE, value.is_in(list(column.codes))))
    if column.max_length:
        found.append((rules.TOO_LONG, value.str.len_chars() <= column.max_length))
    if column.kind in _PATTERNS:
        found.append((rules.PATTERN, value.str.contains(_PATTERNS[column.kind])))
    if column.kind is Kind.TIMESTAMP:
        days = pl.duration(days=column.horizon_days + 1)
        # Before 1992 the offset was another for some years, but no value that is late enough lies
        # before such an end.
        end = moment_at(pl.col(EXPORT_DATE).cast(pl.Datetime("us")) + days)
        found.append((rules.TIMESTAMP_RANGE, (value >= _EARLIEST) & (value < end)))
    if column.minimum is not None:
        found.append((rules.NUMBER_RANGE, value >= column.minimum))
    if column.maximum is not None:
        found.append((rules.NUMBER_RANGE, value <= column.maximum))
    return [RowCheck(rule, column.name, holds) for rule, holds in found]


def row_checks(table: ExportTable) -> list[RowCheck]:
    """Every check of a table but "required", which pandera knows as nullability."""
    found = [check for column in table.columns for check in _column_checks(column)]
    for position, later in enumerate(table.order[1:], start=1):
        earlier = table.order[:position]
        found.append(
            RowCheck(
                order_rule(earlier[-1], later),
                later,
                pl.col(later) >= pl.max_horizontal(*earlier),
            )
        )
    return [*found, *table.checks]


def rule_sentences(table: ExportTable) -> dict[tuple[str, str], tuple[str, str]]:
    """(rule id, column) -> sentence in Chinese and in English, for every rule of a table."""
    sentences: dict[tuple[str, str], tuple[str, str]] = {}

    def add(rule: RowRule, column: Column | None) -> None:
        title, name = (column.title, column.name) if column else ("", "")
        sentences[rule.id, name] = (rule.zh.format(title=title), rule.en.format(column=name))

    for column in table.columns:
        if column.required:
            add(rules.REQUIRED, column)
        if column.kind is Kind.TIMESTAMP:
            add(rules.TIMESTAMP, column)
        if column.kind in (Kind.INTEGER, Kind.NUMBER):
            add(rules.NUMBER, column)
    for check in row_checks(table):
        add(check.rule, table.by_name[check.column])
    if table.fixed:
        add(rules.FIXED_CHANGED, table.by_name[table.fixed])
    for rule in rules.STRUCTURE_RULES:
        add(rule, None)
    return sentences
