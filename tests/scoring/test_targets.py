"""The review of targets: what a history justifies."""

from pathlib import Path

import polars as pl
import pytest

from assets.scoring.targets import review


def release(folder: Path, metric: str, months: dict[str, tuple[int, int | None]]) -> Path:
    """A release with one KPI."""
    target = folder / "facts" / "kpi_monthly"
    target.mkdir(parents=True)
    for month, (top, bottom) in months.items():
        value = 100 * top / bottom if bottom else float(top)
        shown = f"{value:.2f}" if bottom else str(top)
        pl.DataFrame(
            {"month": [month], "metric": [metric], "numerator": [top], "denominator": [bottom],
             "value": [value], "display": [shown]},
            schema_overrides={"denominator": pl.Int64},
        ).write_parquet(target / f"{month}.parquet")  # fmt: skip
    return folder


def of(folder: Path, metric: str, year: int = 2023):
    return next(each for each in review(folder, year) if each.kpi.id == metric)


def months(year: int, sums: list[tuple[int, int | None]]) -> dict[str, tuple[int, int | None]]:
    return {f"{year}-{n:02d}": each for n, each in enumerate(sums, 1)}


def test_a_target_far_below_every_month_is_raised_to_the_worst(tmp_path):
    sums = [(99, 100)] * 5 + [(985, 1000)]
    found = of(release(tmp_path, "callback_satisfaction_rate", months(2023, sums)),
               "callback_satisfaction_rate")  # fmt: skip
    assert (found.kpi.target, found.proposed, found.missed) == (90, 98, 0)
    assert found.worst == ("98.50", "2023-06")
    assert found.history == ((2021, "—"), (2022, "—"), (2023, "98.67"))


def test_a_target_that_is_missed_stays(tmp_path):
    sums = [(99, 100)] * 5 + [(94, 100)]
    found = of(release(tmp_path, "answer_rate", months(2023, sums)), "answer_rate")
    assert (found.proposed, found.missed, found.months) == (95, 1, 6)
    assert "1个月未达到" in found.reason


def test_a_target_close_to_the_worst_month_stays(tmp_path):
    found = of(release(tmp_path, "answer_rate", months(2023, [(969, 1000)] * 6)), "answer_rate")
    assert (found.proposed, found.missed) == (95, 0)


def test_a_volume_is_proposed_in_round_numbers(tmp_path):
    found = of(release(tmp_path, "calls_offered", months(2023, [(18_456, None)] * 6)),
               "calls_offered")  # fmt: skip
    assert (found.kpi.target, found.proposed) == (15_000, 18_000)
    assert found.history[-1] == (2023, "18456")


def test_three_years_are_looked_at_and_no_more(tmp_path):
    history = {
        **months(2020, [(1, 100)] * 6),
        **months(2021, [(99, 100)] * 6),
        **months(2023, [(98, 100)] * 6),
    }
    found = of(release(tmp_path, "answer_rate", history), "answer_rate")
    assert found.history == ((2021, "99.00"), (2022, "—"), (2023, "98.00"))
    assert (found.months, found.missed) == (12, 0)


@pytest.mark.parametrize("count", [0, 5])
def test_few_months_carry_no_proposal(tmp_path, count):
    found = of(release(tmp_path, "answer_rate", months(2023, [(100, 100)] * count)), "answer_rate")
    assert found.proposed == found.kpi.target
    assert f"只有{count}个月" in found.reason
