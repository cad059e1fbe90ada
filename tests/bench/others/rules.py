"""The rules of an export as pandera states them for pandas, from the same declarations.

Belongs here: the rules of `schemas` once more, for a frame of pandas whose times have no zone.
"""

import pandas as pd
import pandera.pandas as pa

from schemas.fields import Column, Kind, Protection
from schemas.table import ExportTable
from schemas.wall_clock import EARLIEST_YEAR

EXPORT_DATE = "export_date"
_CONTROL = "[\x01-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
_PERSONAL = (
    r"(?:^|[^0-9])(?:(?:00)?86[\s-]{0,3})?1[3-9](?:[\s-]{0,3}[0-9]){9}(?:[^0-9]|$)"
    r"|[0-9](?:[\s-]{0,3}[0-9]){14}"
)
_PATTERNS = {Kind.MONTH: "20[0-9]{2}-(0[1-9]|1[0-2])"}


def _without(pattern: str, name: str) -> pa.Check:
    return pa.Check(lambda values: ~values.str.contains(pattern), name=name)


def _column(column: Column) -> pa.Column:
    checks = []
    if column.kind is Kind.IDENTIFIER:
        checks.append(_without("^[0-9]+(?:[.][0-9]+)?[eE][+]?[0-9]+$", "scientific_id"))
        checks.append(_without(_CONTROL, "control_character"))
    if column.is_name:
        checks.append(_without("[?\ufffd]", "damaged_text"))
    if column.kind is Kind.TEXT and column.protection is Protection.NONE:
        checks.append(_without(_PERSONAL, "personal_number"))
    if column.codes:
        checks.append(pa.Check.isin(column.codes))
    if column.max_length:
        checks.append(pa.Check.str_length(max_value=column.max_length))
    if pattern := _PATTERNS.get(column.kind):
        checks.append(pa.Check(lambda values: values.str.fullmatch(pattern), name="pattern"))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    return pa.Column(checks=checks, nullable=not column.required)


def _in_range(column: Column) -> pa.Check:
    after = pd.Timedelta(days=column.horizon_days + 1)
    first = pd.Timestamp(EARLIEST_YEAR, 1, 1)
    return pa.Check(
        lambda rows: (
            rows[column.name].isna()
            | ((rows[column.name] >= first) & (rows[column.name] < rows[EXPORT_DATE] + after))
        ),
        name=f"{column.name}_range",
    )


def _in_order(earlier: tuple[str, ...], later: str) -> pa.Check:
    return pa.Check(
        lambda rows: ~(rows[later] < rows[list(earlier)].max(axis=1)), name=f"{later}_order"
    )


_BETWEEN = {
    "calls": {
        "call_too_long": lambda rows: ~(rows.ended_at - rows.offered_at > pd.Timedelta(hours=6)),
        "outcome_answered": lambda rows: (
            (rows.outcome == "测试") | ((rows.outcome == "接通") == rows.answered_at.notna())
        ),
    },
    "tickets": {
        "closed_exactly_when_done": lambda rows: (
            rows.status.isin(["已办结", "已并单"]) == rows.closed_at.notna()
        ),
        "dispatched_without_unit": lambda rows: (rows.handling != "转办") | rows.unit.notna(),
        "merged_into": lambda rows: (rows.status == "已并单") == rows.merged_into.notna(),
        "extended_before_accepted": lambda rows: ~(rows.extended_to < rows.accepted_at),
    },
    "callbacks": {
        "satisfaction_without_contact": lambda rows: (
            (rows.result == "接通") | rows.satisfaction.isna()
        )
    },
}


def schema(table: ExportTable) -> pa.DataFrameSchema:
    """Every rule of a dataset: of its columns, of their order, and between them."""
    checks = [_in_range(column) for column in table.columns if column.kind is Kind.TIMESTAMP]
    checks += [
        _in_order(table.order[:place], later) for place, later in enumerate(table.order) if place
    ]
    between = _BETWEEN.get(table.name, {})
    checks += [pa.Check(holds, name=name) for name, holds in between.items()]
    columns = {column.name: _column(column) for column in table.columns}
    return pa.DataFrameSchema(columns, checks=checks)
