"""The facts of calls and tickets by pandas, with the same rules checked by pandera on pandas.

Run as `python -m tests.bench.pandas_pandera LANDING FOLDER`. It does less than the pipeline: two of
the ten tables, no line kept of a row that breaks a rule, no history, nobody's data protected. The
rules are those that the schemas declare, built from the same declarations.
"""

import sys
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from assets.deadlines.calendar import load_calendar
from schemas import EXPORTS
from schemas.columns import Column, Kind
from schemas.tables import ExportTable
from tests.bench.plain import cutoff_of

TICKET_KEYS = (
    *("date", "channel", "ticket_type", "category", "sector", "urgency", "region", "unit"),
    "handling",
)


def read(landing: Path, table: ExportTable) -> pd.DataFrame:
    """All rows of a dataset as text, then cast."""
    titles = {column.title: column.name for column in table.columns}
    files = sorted(landing.glob(f"{table.name}_*.csv"))
    rows = pd.concat(
        (pd.read_csv(each, dtype=str).assign(file=each.name) for each in files),
        ignore_index=True,
    ).rename(columns=titles)
    for column in table.columns:
        if column.kind is Kind.TIMESTAMP:
            rows[column.name] = pd.to_datetime(rows[column.name], format="%Y-%m-%d %H:%M:%S")
        elif column.kind is Kind.INTEGER:
            rows[column.name] = pd.to_numeric(rows[column.name])
    return rows


def _column(column: Column) -> pa.Column:
    checks = []
    if column.codes:
        checks.append(pa.Check.isin(column.codes))
    if column.max_length:
        checks.append(pa.Check.str_length(max_value=column.max_length))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    return pa.Column(checks=checks, nullable=not column.required)


def schema(table: ExportTable) -> pa.DataFrameSchema:
    """The rules of a dataset: columns, order of times, and what holds between columns."""
    between = [
        pa.Check(lambda rows, a=a, b=b: ~(rows[b] < rows[a]))
        for a, b in zip(table.order, table.order[1:], strict=False)
    ]
    if table.name == "calls":
        between += [
            pa.Check(lambda rows: rows.ended_at - rows.offered_at <= pd.Timedelta(hours=6)),
            pa.Check(
                lambda rows: (
                    (rows.outcome == "测试")
                    | ((rows.outcome == "接通") == rows.answered_at.notna())
                )
            ),
        ]
    else:
        between += [
            pa.Check(lambda rows: rows.status.isin(["已办结", "已并单"]) == rows.closed_at.notna()),
            pa.Check(lambda rows: (rows.handling != "转办") | rows.unit.notna()),
            pa.Check(lambda rows: (rows.status == "已并单") == rows.merged_into.notna()),
            pa.Check(lambda rows: ~(rows.extended_to < rows.accepted_at)),
        ]
    columns = {column.name: _column(column) for column in table.columns}
    return pa.DataFrameSchema(columns, checks=between)


def calls_facts(rows: pd.DataFrame) -> pd.DataFrame:
    """Measures by day, hour and line."""
    answered, counts = rows.outcome == "接通", rows.outcome != "测试"
    wait = (rows.answered_at - rows.offered_at).dt.total_seconds()
    whole = (rows.ended_at - rows.offered_at).dt.total_seconds()
    talk = (rows.ended_at - rows.answered_at).dt.total_seconds()
    measures = pd.DataFrame(
        {
            "date": rows.offered_at.dt.date,
            "hour": rows.offered_at.dt.hour,
            "line": rows.line,
            "offered": counts,
            "answered": answered,
            "hung_up": rows.outcome == "用户挂断",
            "ring_timeout": rows.outcome == "振铃超时",
            "agent_rejected": rows.outcome == "坐席拒接",
            "excluded_test": ~counts,
            "answered_within_15s": answered & (wait <= 15),
            "answered_wait_seconds": wait.where(answered, 0),
            "lost_wait_seconds": whole.where(counts & ~answered, 0),
            "talk_seconds": talk.where(answered, 0),
        }
    )
    return measures.groupby(["date", "hour", "line"]).sum().reset_index()


def tickets_facts(rows: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Measures by day of acceptance and attributes, of the latest version of each ticket."""
    rows = rows.sort_values(["updated_at", "file"], kind="stable")
    rows = rows.drop_duplicates("ticket_id", keep="last")
    calendar = load_calendar()
    days, until = calendar.working_days.to_numpy(), calendar.working_days_until.to_numpy()
    allowed = rows.ticket_type.eq("咨询").map({True: 3, False: 5}).to_numpy()
    first = pd.Timestamp(calendar.first)
    nth = until[(rows.accepted_at.dt.normalize() - first).dt.days.to_numpy()] + allowed - 1
    due = pd.Series(pd.to_datetime(days[nth]), index=rows.index) + pd.Timedelta("23:59:59")
    due = due.where(rows.urgency != "突发", rows.accepted_at + pd.Timedelta(hours=2))
    due = due.where(~(rows.extended_to > due), rows.extended_to)
    due = due.where(rows.handling != "直接答复")
    counts = rows.status != "已作废"
    closed = counts & rows.closed_at.notna()
    late, overdue, open_ = rows.closed_at > due, due < cutoff, counts & ~closed
    taken = (rows.closed_at - rows.accepted_at).dt.total_seconds()
    measures = rows.assign(
        date=rows.accepted_at.dt.date,
        accepted=counts,
        direct_answered=counts & (rows.handling == "直接答复"),
        dispatched=counts & (rows.handling == "转办"),
        closed=closed,
        closed_on_time=closed & ~late,
        closed_late=closed & late,
        open_in_time=open_ & ~overdue,
        open_overdue=open_ & overdue,
        merged=rows.status == "已并单",
        returned_tickets=counts & (rows.returns > 0),
        returned=rows.returns.where(counts, 0),
        extended=counts & rows.extended_to.notna(),
        close_seconds=taken.where(closed, 0),
        excluded_void=~counts,
    )
    sums = ["accepted", "direct_answered", "dispatched", "closed", "closed_on_time", "closed_late"]
    sums += ["open_in_time", "open_overdue", "merged", "returned_tickets", "returned", "extended"]
    sums += ["close_seconds", "excluded_void"]
    return measures.groupby(list(TICKET_KEYS), dropna=False)[sums].sum().reset_index()


def main(landing: Path, folder: Path) -> None:
    """Read, check, add up, write."""
    folder.mkdir(parents=True)
    calls = schema(EXPORTS["calls"]).validate(read(landing, EXPORTS["calls"]), lazy=True)
    calls = calls.drop_duplicates("call_id", keep="last")
    calls_facts(calls).to_parquet(folder / "calls.parquet")
    tickets = schema(EXPORTS["tickets"]).validate(read(landing, EXPORTS["tickets"]), lazy=True)
    cutoff = pd.Timestamp(cutoff_of(landing))
    tickets_facts(tickets, cutoff).to_parquet(folder / "tickets.parquet")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
