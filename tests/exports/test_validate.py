"""Every row is seen by pandera, each failure is put down to its own row; files refused for rows."""

from datetime import date

import pandera.polars as pa
import polars as pl
import pytest

from assets.exports.cast import REASONS, cast
from assets.exports.states import REFUSED, TAKEN
from assets.exports.validate import validate
from assets.profiles.profile import load_profile
from schemas import EXPORTS
from schemas.rules import ARRIVED, EARLIEST, EXPORT_DATE
from tests.driver import account, bring_up_to_date, deliver, ledger, take_all
from tests.samples import FILE, VALID, row

PROFILE = load_profile("hanzhong")
NO_REASONS = pl.DataFrame(schema=REASONS)
NASTY = (
    *(None, "", " ", "-", "x", "?", "汉?区", "13800138000", "440102199001011328", "2.02E+17"),
    *("a\u200bb", "a\x02", "9" * 64, "9" * 65, "热" * 201, "热" * 501, "１２３", "-5", "101", "0"),
    *("2013-01-01 08:00:00", "2023-01-05 07:59:00", "2023-01-05 23:00:00", "2029-01-01", "3.5"),
    *("测试", "接通", "已办结", "未接通", "2023-13", "2023-01", "1992-01-01 00:00:00"),
)


@pytest.fixture
def seen(monkeypatch) -> list[pl.DataFrame]:
    """The frames that pandera validates, as it receives them."""
    frames: list[pl.DataFrame] = []
    original = pa.DataFrameSchema.validate

    def spy(schema, check_obj, head=None, tail=None, sample=None, *rest, **named):
        assert (head, tail, sample) == (None, None, None)
        assert isinstance(check_obj, pl.DataFrame)
        frames.append(check_obj)
        return original(schema, check_obj, head, tail, sample, *rest, **named)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", spy)
    return frames


def nasty_rows(dataset: str) -> pl.DataFrame:
    """A valid row, and for each column and nasty value one that has it; typed."""
    valid = {name: str(value) or None for name, value in VALID[dataset].items()}
    found = [valid] + [{**valid, name: value} for name in valid for value in NASTY]
    frame = pl.DataFrame(found, schema=dict.fromkeys(EXPORTS[dataset].by_name, pl.String))
    frame = frame.with_columns(
        pl.lit(date(2023, 1, 6)).alias(EXPORT_DATE), pl.lit(date(2023, 1, 7)).alias(ARRIVED)
    )
    return cast(frame, EXPORTS[dataset], PROFILE)[0]


def test_pandera_sees_every_accepted_row_of_every_dataset(installation, seen):
    for dataset, name in FILE.items():
        deliver(installation, f"{name}.csv", [row(dataset)])
    many = [row("calls", call_id=f"{number}") for number in range(500)]
    bad = row("calls", call_id="bad", outcome="占线")
    deliver(installation, "calls_20230106.csv", [*many, bad])
    bring_up_to_date(installation)
    read = account(installation)["read"].sum()
    assert sum(frame.height for frame in seen) == read == 501 + len(FILE)
    for dataset, table in EXPORTS.items():
        columns = [*table.by_name, EXPORT_DATE, ARRIVED, EARLIEST]
        validated = pl.concat(each for each in seen if each.columns == columns)
        staged = installation.warehouse.staged(dataset, "x").parent.rglob("*.parquet")
        accepted = pl.concat([pl.read_parquet(path, columns=list(table.key)) for path in staged])
        assert accepted.height, dataset
        assert accepted.join(validated, on=list(table.key), how="anti").is_empty(), dataset


@pytest.mark.parametrize("dataset", EXPORTS)
def test_a_failure_belongs_to_the_row_that_fails_wherever_it_stands(dataset, seen):
    """The reasons of all rows at once are those of small pieces, each validated by itself."""
    typed, table = nasty_rows(dataset), EXPORTS[dataset]
    whole = validate(typed, table, NO_REASONS)
    assert [frame.height for frame in seen] == [typed.height]
    assert whole["row"].n_unique() > len(table.columns)
    assert 0 not in whole["row"]
    pieces = [
        validate(typed[start : start + 37], table, NO_REASONS).with_columns(pl.col("row") + start)
        for start in range(0, typed.height, 37)
    ]
    assert whole.sort("row", "column", "rule").equals(
        pl.concat(pieces).sort("row", "column", "rule")
    )


def test_a_lazy_frame_is_refused():
    for table in EXPORTS.values():
        types = {column.name: column.polars_type for column in table.columns}
        lazy = pl.LazyFrame(schema=types | {EXPORT_DATE: pl.Date, ARRIVED: pl.Date})
        with pytest.raises(TypeError, match="eager"):
            validate(lazy, table, NO_REASONS)


def test_a_schema_that_does_not_fit_the_frame_is_our_mistake_and_quotes_no_value():
    table = EXPORTS["declared"]
    frame = pl.DataFrame([row("declared", source="secret")]).with_columns(
        pl.lit(None, pl.Date).alias(EXPORT_DATE), pl.lit(None, pl.Date).alias(ARRIVED)
    )
    with pytest.raises(AssertionError, match="declared") as raised:
        validate(frame, table, NO_REASONS)
    assert "secret" not in str(raised.value)


# --- files ---------------------------------------------------------------------------------------


def calls(count: int, first: int = 0, **changes: object) -> list[dict[str, object]]:
    return [row("calls", call_id=f"C{first + each:06d}", **changes) for each in range(count)]


def test_a_file_in_which_every_line_stands_twice_is_taken(installation):
    deliver(installation, "calls_20230105.csv", calls(30) * 2)
    take_all(installation)
    assert ledger(installation, "calls")["state"].to_list() == [TAKEN]


def conflicting(count: int) -> list[dict[str, object]]:
    """Calls of one id that differ in the number that called."""
    return [row("calls", call_id="same", caller=f"1390000000{each}") for each in range(count)]


@pytest.mark.parametrize(
    ("good", "bad", "state"), [(57, 3, TAKEN), (56, 3, REFUSED), (3, 2, TAKEN), (3, 3, REFUSED)]
)
def test_the_limit_of_conflicts_itself_is_allowed(installation, good, bad, state):
    """Five percent of the rows, and two of them in any file."""
    deliver(installation, "calls_20230105.csv", [*calls(good), *conflicting(bad)])
    take_all(installation)
    found = ledger(installation, "calls").row(0, named=True)
    assert (found["state"], found["rule"]) == (state, "" if state == TAKEN else "key_unusable")


@pytest.mark.parametrize(("good", "state"), [(57, TAKEN), (56, REFUSED)])
def test_the_limit_of_bad_rows_itself_is_allowed(installation, good, state):
    bad = calls(3, first=good, outcome="占线")
    deliver(installation, "calls_20230105.csv", [*calls(good), *bad])
    take_all(installation)
    found = ledger(installation, "calls").row(0, named=True)
    assert (found["state"], found["rule"]) == (state, "" if state == TAKEN else "quarantined_share")
