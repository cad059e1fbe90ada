"""The ten tables by pandas, with the same rules checked by pandera on pandas.

Run as `python -m tests.bench.others.pandas_pandera LANDING FOLDER`. Belongs here: from the exports
to the rows that stand; `pandas_tables` adds them up.
"""

import hashlib
import hmac
import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from assets.deadlines.calendar import load_calendar
from schemas import EXPORTS, FACTS
from schemas.fields import Kind, Protection
from schemas.table import ExportTable
from tests.bench.others.pandas_tables import TABLES
from tests.bench.others.rules import EXPORT_DATE, schema
from tests.bench.plain import cutoff_of
from tests.recount import DATASETS

_KEY = b"bench"
_REASON = "reason"


def read(landing: Path, table: ExportTable) -> pd.DataFrame:
    """All rows of a dataset as text, with the file and its date."""
    titles = {column.title: column.name for column in table.columns}
    files = sorted(landing.glob(f"{table.name}_*.csv"))
    rows = pd.concat(
        (pd.read_csv(each, dtype=str).assign(file=each.name) for each in files),
        ignore_index=True,
    ).rename(columns=titles)
    stamp = rows["file"].str.extract(r"_([0-9]+)\.csv$", expand=False)
    if table.cadence == "daily":
        rows[EXPORT_DATE] = pd.to_datetime(stamp, format="%Y%m%d")
    else:
        rows[EXPORT_DATE] = pd.to_datetime(stamp, format="%Y%m") + pd.offsets.MonthEnd()
    return rows


def typed(rows: pd.DataFrame, table: ExportTable) -> tuple[pd.DataFrame, pd.Series]:
    """Times and numbers in place of their texts, and which rows hold one that is none."""
    wrong = pd.Series(data=False, index=rows.index)
    for column in table.columns:
        text = rows[column.name]
        if column.kind is Kind.TIMESTAMP:
            form = "%Y-%m-%d %H:%M:%S"
            rows[column.name] = pd.to_datetime(text, format=form, errors="coerce")
        elif column.kind in (Kind.INTEGER, Kind.NUMBER):
            rows[column.name] = pd.to_numeric(text, errors="coerce")
        else:
            continue
        wrong |= text.notna() & rows[column.name].isna()
    return rows, wrong


def checked(rows: pd.DataFrame, table: ExportTable) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows that keep every rule, and the others with the rules that they break."""
    rows, wrong = typed(rows, table)
    reasons = pd.Series("not_a_value", index=rows.index[wrong])
    try:
        schema(table).validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
        # A rule between columns is reported once for each of them.
        of_column = cases.schema_context == "Column"
        broken = (cases.column.astype(str) + ":").where(of_column, "") + cases.check.astype(str)
        reasons = pd.concat([reasons, broken.set_axis(cases["index"])])
    reasons = reasons.groupby(level=0).agg(lambda each: " ".join(sorted(set(each))))
    return rows.drop(index=reasons.index), rows.loc[reasons.index].assign(**{_REASON: reasons})


def protected(rows: pd.DataFrame, table: ExportTable) -> pd.DataFrame:
    """Pseudonyms in place of personal numbers; long numbers in texts masked."""
    for column in table.columns:
        if column.protection is Protection.PSEUDONYM:
            numbers = rows[column.name].dropna().unique()
            keys = {each: hmac.digest(_KEY, each.encode(), hashlib.sha256) for each in numbers}
            hidden = rows[column.name].map({number: key.hex() for number, key in keys.items()})
            rows = rows.drop(columns=column.name).assign(**{column.stored_name: hidden})
        elif column.protection is Protection.MASKED:
            masked = rows[column.name].str.replace(
                r"[+]?[0-9](?:[ -]?[0-9]){6,}[Xx]?", "▇", regex=True
            )
            rows[column.name] = masked
    return rows


def standing(rows: pd.DataFrame, table: ExportTable) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The row of each key that stands, and rows that change what must not change."""
    key = list(table.key)
    changed = rows.iloc[:0].assign(**{_REASON: ""})
    if table.fixed:
        # Files were read in order.
        same = rows[table.fixed] == rows.groupby(key)[table.fixed].transform("first")
        changed = rows[~same].assign(**{_REASON: f"{table.fixed}_changed"})
        rows = rows[same]
    if table.version:
        rows = rows.sort_values([table.version, "file"], kind="stable")
    return rows.drop_duplicates(key, keep="last"), changed


def with_deadline(tickets: pd.DataFrame) -> pd.DataFrame:
    """Tickets with the moment when they are due."""
    calendar = load_calendar()
    days, until = calendar.working_days.to_numpy(), calendar.working_days_until.to_numpy()
    allowed = tickets.ticket_type.eq("咨询").map({True: 3, False: 5}).to_numpy()
    first = pd.Timestamp(calendar.first)
    nth = until[(tickets.accepted_at.dt.normalize() - first).dt.days.to_numpy()] + allowed - 1
    due = pd.Series(pd.to_datetime(days[nth]), index=tickets.index) + pd.Timedelta("23:59:59")
    due = due.where(tickets.urgency != "突发", tickets.accepted_at + pd.Timedelta(hours=2))
    due = due.where(~(tickets.extended_to > due), tickets.extended_to)
    return tickets.assign(deadline=due.where(tickets.handling != "直接答复"))


def main(landing: Path, folder: Path) -> None:
    """Read, check, protect, keep, add up, write."""
    rows = {}
    for name in DATASETS:
        table = EXPORTS[name]
        good, broken = checked(read(landing, table), table)
        rows[name], changed = standing(protected(good, table), table)
        kept = folder / "quarantine" / f"{name}.parquet"
        kept.parent.mkdir(parents=True, exist_ok=True)
        pd.concat([protected(broken, table), changed]).to_parquet(kept)
    rows["tickets"] = with_deadline(rows["tickets"])
    cutoff = pd.Timestamp(cutoff_of(landing))
    for name, compute in TABLES.items():
        (folder / name).mkdir()
        columns = [column.name for column in FACTS[name].columns]
        for month, own in compute(rows, cutoff)[columns].groupby("month"):
            own.to_parquet(folder / name / f"{month}.parquet", index=False, compression="zstd")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
