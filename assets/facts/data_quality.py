"""data_quality and files: what arrived, and what became of every row of it.

The equation read = accepted + quarantined + duplicate + superseded + joined + held is built from
two independent counts: the ledger has `read` from when a file was opened, the summaries of the
details have the fates from when its rows were resolved. Of a file that was replaced all rows are
superseded, of one that is held all are held.
"""

import calendar
from collections.abc import Iterable, Mapping

import polars as pl

from assets.details import (
    ACCEPTED,
    DUPLICATE,
    JOINED,
    QUARANTINED,
    SUPERSEDED,
    DetailsSummary,
)
from assets.exports import REFUSED, TAKEN, State
from schemas import EXPORTS

# What is counted of every file, as it is published.
_BECAME = ("accepted", "quarantined", "duplicate", "superseded", "joined", "held")
COUNTS = ("read", *_BECAME, "clipped")
# What is counted of rows that stand and deserve a look.
NOTED = (
    "unmatched",
    "merged_unknown",
    "merged_circular",
    "reopened",
    "changed_after_closing",
)
_FATES = (ACCEPTED, DUPLICATE, SUPERSEDED, JOINED, QUARANTINED)


def account(ledger: pl.DataFrame, details: Iterable[DetailsSummary]) -> pl.DataFrame:
    """One row for each content, date and state: what was read and what became of it.

    A file that repeats another has no row, so that it changes nothing.

    Args:
        ledger: the ledger of one dataset.
        details: the details of every period of the dataset.

    Returns:
        The ledger's rows with `accepted`, `duplicate`, `superseded`, `joined`, `held`;
        `quarantined` holds the rows that broke a rule against rows of other files, too.
    """
    counted = [
        (delivery, fate, count)
        for summary in details
        for delivery, fates in summary.fates.items()
        for fate, count in fates.items()
    ]
    schema = {"delivery": pl.String, "fate": pl.String, "count": pl.Int64}
    fates = (
        pl.DataFrame(counted, schema=schema, orient="row")
        .group_by("delivery")
        .agg(pl.col("count").filter(fate=fate).sum().alias(fate) for fate in _FATES)
        .rename({QUARANTINED: "quarantined_later"})
    )

    def rows_if(state: str) -> pl.Expr:
        return pl.when(pl.col("state") == state).then("read").otherwise(0)

    in_force = pl.col("state") == TAKEN
    return (
        ledger.filter(pl.col("state") != State.REPEAT)
        .sort("generation")
        .unique(["export_date", "content", "state"], keep="first", maintain_order=True)
        .join(fates, on="delivery", how="left", maintain_order="left")
        .with_columns(pl.col(fates.columns[1:]).fill_null(0))
        .with_columns(
            quarantined=pl.col("quarantined") + pl.col("quarantined_later"),
            superseded=pl.col("superseded") + rows_if(State.REPLACED),
            held=rows_if(State.HELD),
        )
        .with_columns(
            pl.when(in_force).then(name).otherwise(0).alias(name)
            for name in ("accepted", "quarantined", "duplicate", "joined", "clipped")
        )
        .with_columns(read=pl.when(pl.col("state") == State.REJECTED).then(0).otherwise("read"))
        .drop("quarantined_later")
    )


def unbalanced(files: pl.DataFrame) -> pl.DataFrame:
    """Files whose rows are not all accounted for; must be empty before anything is published."""
    return files.filter(pl.col("read") != pl.sum_horizontal(_BECAME))


def published_files(files: pl.DataFrame) -> pl.DataFrame:
    """The account of every file for readers, in a fixed order.

    People write names of people into file names: a file is called by dataset, date and content.
    """
    content = pl.when(pl.col("sha256") == "").then("delivery").otherwise("sha256").str.head(12)
    day = pl.col("export_date").dt.strftime("%Y%m%d")
    return files.select(
        "dataset",
        "export_date",
        pl.concat_str("dataset", day, content, separator="_").alias("file"),
        "delivery",
        "sha256",
        "state",
        "rule",
        *COUNTS,
    ).sort(pl.all())


def periods_expected(dataset: str, month: str) -> int:
    """How many files' dates a month expects of a dataset: its days, one month, or one year."""
    cadence = EXPORTS[dataset].cadence
    if cadence == "daily":
        return calendar.monthrange(int(month[:4]), int(month[5:]))[1]
    return 1


def data_quality_facts(
    arrived: pl.DataFrame, month: str, noted: Mapping[str, Mapping[str, int]]
) -> pl.DataFrame:
    """What arrived for a month, by dataset.

    Args:
        arrived: the account of the files whose export date lies in the month.
        month: YYYY-MM.
        noted: dataset -> name of NOTED -> rows of the month.
    """
    ingested = pl.col("state") == TAKEN
    expected = pl.col("dataset").replace_strict(
        {name: periods_expected(name, month) for name in EXPORTS}, return_dtype=pl.Int64
    )
    with_any = [name for name, counts in noted.items() if any(counts.values())]
    datasets = pl.concat([arrived["dataset"], pl.Series(with_any, dtype=pl.String)]).unique()
    counted = arrived.group_by("dataset").agg(
        periods_present=pl.col("export_date").filter(ingested).n_unique().cast(pl.Int64),
        files=ingested.sum().cast(pl.Int64),
        files_refused=(pl.col("state") == REFUSED).sum().cast(pl.Int64),
        files_held=(pl.col("state") == State.HELD).sum().cast(pl.Int64),
        **{name: pl.col(name).sum() for name in COUNTS},
    )
    return (
        datasets.to_frame("dataset")
        .join(counted, on="dataset", how="left")
        .fill_null(0)
        .with_columns(
            periods_expected=expected,
            **{
                name: pl.col("dataset").replace_strict(
                    {of: counts.get(name, 0) for of, counts in noted.items()},
                    default=0,
                    return_dtype=pl.Int64,
                )
                for name in NOTED
            },
        )
    )
