"""Equally frequent values are kept in one order, whoever counted them."""

import polars as pl

from assets.expectations.measures import _most_frequent


def test_the_most_frequent_come_first_and_level_ones_by_themselves():
    counted = [{"day": day, "count": count} for day, count in ((3, 1), (1, 2), (2, 1), (0, 1))]
    for rows in (counted, counted[::-1]):
        found = pl.DataFrame({"days": [rows]}).select(_most_frequent("days", "day")).item()
        assert [each["day"] for each in found] == [1, 0, 2, 3]
