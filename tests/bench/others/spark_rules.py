"""The rules of an export as conditions of Spark SQL, from the same declarations.

Belongs here: the rules of `schemas` once more. A condition that is null holds.
"""

from schemas.fields import Column, Kind, Protection
from schemas.table import ExportTable
from schemas.wall_clock import EARLIEST_YEAR

_CONTROL = r"[\\x00-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]"
_PERSONAL = (
    r"(?:^|[^0-9])(?:(?:00)?86[\\s-]{0,3})?1[3-9](?:[\\s-]{0,3}[0-9]){9}(?:[^0-9]|$)"
    r"|[0-9](?:[\\s-]{0,3}[0-9]){14}"
)


def _of_text(column: Column) -> dict[str, str]:
    name, found = column.name, {}
    if column.kind is Kind.IDENTIFIER:
        found["scientific_id"] = f"NOT rlike({name}, '^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$')"
        found["control_character"] = f"NOT rlike({name}, '{_CONTROL}')"
    if column.is_name:
        found["damaged_text"] = rf"NOT rlike({name}, '[?\\ufffd]')"
    if column.kind is Kind.TEXT and column.protection is Protection.NONE:
        found["personal_number"] = f"NOT rlike({name}, '{_PERSONAL}')"
    if column.codes:
        found["code"] = f"{name} IN ({', '.join(repr(each) for each in column.codes)})"
    if column.max_length:
        found["too_long"] = f"char_length({name}) <= {column.max_length}"
    if column.kind is Kind.MONTH:
        found["pattern"] = f"rlike({name}, '^20[0-9]{{2}}-(0[1-9]|1[0-2])$')"
    return found


def _of_value(column: Column) -> dict[str, str]:
    name, found = column.name, {}
    if column.kind is Kind.TIMESTAMP:
        end = f"date_add(export_date, {column.horizon_days + 1})"
        found["range"] = f"{name} >= '{EARLIEST_YEAR}-01-01' AND {name} < {end}"
    if column.kind in (Kind.TIMESTAMP, Kind.INTEGER, Kind.NUMBER):
        found["not_a_value"] = f"{name} IS NOT NULL OR {name}_text IS NULL"
    if column.minimum is not None:
        found["minimum"] = f"{name} >= {column.minimum}"
    if column.maximum is not None:
        found["maximum"] = f"{name} <= {column.maximum}"
    return found


def _of_column(column: Column) -> dict[str, str]:
    """Rule -> condition on a typed column."""
    required = {"required": f"{column.name} IS NOT NULL"} if column.required else {}
    found = required | _of_text(column) | _of_value(column)
    return {f"{column.name}:{rule}": condition for rule, condition in found.items()}


_BETWEEN = {
    "calls": {
        "call_too_long": "ended_at - offered_at <= INTERVAL 6 HOURS",
        "outcome_answered": "outcome = '测试' OR (outcome = '接通') = (answered_at IS NOT NULL)",
    },
    "tickets": {
        "closed_exactly_when_done": "(status IN ('已办结', '已并单')) = (closed_at IS NOT NULL)",
        "dispatched_without_unit": "handling <> '转办' OR unit IS NOT NULL",
        "merged_into": "(status = '已并单') = (merged_into IS NOT NULL)",
        "extended_before_accepted": "extended_to >= accepted_at",
    },
    "callbacks": {"satisfaction_without_contact": "result = '接通' OR satisfaction IS NULL"},
}


def conditions(table: ExportTable) -> dict[str, str]:
    """Every rule of a dataset: of its columns, of their order, and between them."""
    found: dict[str, str] = {}
    for column in table.columns:
        found |= _of_column(column)
    for place, later in enumerate(table.order):
        if place:
            earlier = ", ".join(table.order[:place])
            latest = f"greatest({earlier})" if place > 1 else earlier
            found[f"{later}_order"] = f"{later} >= {latest}"
    return found | _BETWEEN.get(table.name, {})
