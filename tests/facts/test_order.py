"""Fact rows are sorted by what their grain says, whatever stands for it in the sort."""

from datetime import date
from random import Random

import polars as pl
import pytest

import assets.facts.order as order
from assets.facts.order import sort_keys


def _column(kind: str, height: int, draw: Random) -> pl.Series:
    if kind == "day":
        days = [date(2023, 2, 1 + draw.randrange(28)) for _ in range(height)]
        return pl.Series([draw.choice([None, day]) for day in days], dtype=pl.Date)
    if kind == "hour":
        return pl.Series([draw.randrange(24) for _ in range(height)], dtype=pl.Int64)
    names = ["市", "区", "县", "Z", "a", "", None, "市辖区"]
    if kind == "many":
        names = [f"单位{draw.randrange(10**6)}局" for _ in range(height)]
    if kind == "same":
        names = ["2023-02"]
    values = [draw.choice(names) for _ in range(height)]
    return pl.Series(values, dtype=pl.String if kind in ("same", "text") else pl.Categorical)


@pytest.mark.parametrize(
    "kinds",
    [
        ("same", "day", "name", "name", "name"),
        ("name", "hour", "name"),
        ("text", "name", "same"),
        # More different places than 64 bits hold.
        ("day", "many", "many", "many", "many", "many", "many", "many", "name"),
        ("same",),
    ],
)
@pytest.mark.parametrize("height", [0, 1, 2000])
@pytest.mark.parametrize("few", [0, order._FEW])
def test_keys_sort_as_the_values_do(kinds, height, few, monkeypatch):
    monkeypatch.setattr(order, "_FEW", few)
    draw = Random(f"{kinds} {height}")
    rows = pl.DataFrame({str(n): _column(kind, height, draw) for n, kind in enumerate(kinds)})
    text = rows.with_columns(pl.col(pl.Categorical).cast(pl.String))
    ordered = rows.sort(sort_keys(rows, rows.columns), maintain_order=True)
    expected = text.sort(rows.columns, maintain_order=True)
    assert ordered.with_columns(pl.col(pl.Categorical).cast(pl.String)).equals(expected)
