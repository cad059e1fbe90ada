"""Pandera sees only the rows that may break a rule: it must find what it would find in all."""

from datetime import date

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from assets.exports.cast import REASONS, cast
from assets.exports.validate import validate
from assets.profiles.profile import load_profile
from schemas import EXPORTS
from schemas.checks import EXPORT_DATE, row_checks
from schemas.columns import Kind
from schemas.pandera_checks import pandera_schema
from schemas.suspects import suspects
from tests.samples import VALID

PROFILE = load_profile("hanzhong")
NASTY = (
    *(None, "", " ", "-", "x", "?", "汉?区", "13800138000", "440102199001011328", "2.02E+17"),
    *("a\u200bb", "a\x02", "9" * 64, "9" * 65, "热" * 201, "热" * 501, "１２３", "-5", "101", "0"),
    *("2013-01-01 08:00:00", "2023-01-05 07:59:00", "2023-01-05 23:00:00", "2029-01-01", "3.5"),
    *("测试", "接通", "已办结", "未接通", "2023-13", "2023-01", "1992-01-01 00:00:00"),
)


def rows(dataset: str) -> pl.DataFrame:
    """A valid row, and for each column and nasty value one that has it."""
    valid = {name: str(value) or None for name, value in VALID[dataset].items()}
    found = [valid] + [{**valid, name: value} for name in valid for value in NASTY]
    frame = pl.DataFrame(found, schema=dict.fromkeys(EXPORTS[dataset].by_name, pl.String))
    return frame.with_columns(pl.lit(date(2023, 1, 6)).alias(EXPORT_DATE))


@pytest.mark.parametrize("dataset", EXPORTS)
def test_nothing_is_overlooked(dataset: str) -> None:
    table = EXPORTS[dataset]
    typed, _ = cast(rows(dataset), table, PROFILE)
    frame = typed.select(*table.by_name, EXPORT_DATE)
    with pytest.raises(SchemaErrors) as whole:
        pandera_schema(dataset).validate(frame, lazy=True)
    cases = whole.value.failure_cases
    expected = set(cases.select("index", "column").rows())
    found = validate(typed, table, pl.DataFrame(schema=REASONS))
    assert set(found.select("row", "column").rows()) == expected
    assert len(found) == len(cases.select("index", "column", "check").unique())
    # And few others are looked at, or nothing is saved.
    assert set(suspects(frame, table)) == {row for row, _ in expected}


def test_a_whole_number_breaks_no_rule_of_an_id() -> None:
    for table in EXPORTS.values():
        for column in table.columns:
            if column.kind is Kind.IDENTIFIER:
                numbers = pl.Series(column.name, ["0", "-9223372036854775808", "+0012"])
                assert numbers.cast(pl.Int64, strict=False).null_count() == 0
                own = [check.holds for check in row_checks(table) if check.column == column.name]
                own = [each for each in own if each.meta.root_names() == [column.name]]
                assert own
                assert numbers.to_frame().select(pl.all_horizontal(own).all()).item()
