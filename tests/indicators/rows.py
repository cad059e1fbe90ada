"""Published yearly tables."""

import polars as pl

YEAR = 2023


def published(installation, table: str) -> pl.DataFrame:
    return pl.read_parquet(installation.warehouse.current / table / f"{YEAR}.parquet")


def indicator(installation, name: str) -> dict:
    found = published(installation, "indicators").filter(indicator=name).to_dicts()
    assert len(found) == 1
    return found[0]
