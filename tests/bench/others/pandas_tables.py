"""The ten tables by pandas, each for the whole year at once.

Belongs here: what FACTS.md, section 2, defines, from the rows that stand, all of whose times are
those of the hotline's clock.
"""

from collections.abc import Callable

import pandas as pd

Rows = dict[str, pd.DataFrame]
_TICKETS = (
    *("channel", "ticket_type", "category", "sector", "urgency", "region", "unit", "handling"),
)


def _month(at: pd.Series) -> pd.Series:
    return at.dt.strftime("%Y-%m")


def _counted(
    at: pd.Series, grain: dict[str, pd.Series], measures: dict[str, object]
) -> pd.DataFrame:
    """Sums by day and grain."""
    rows = pd.DataFrame({"date": at.dt.normalize(), **grain, **measures})
    # Names recur: pandas groups by their codes in a fraction of the time.
    names = [name for name, values in grain.items() if not pd.api.types.is_numeric_dtype(values)]
    rows[names] = rows[names].astype("category")
    grouped = rows.groupby(["date", *grain], dropna=False, observed=True, sort=False)
    return _dated(grouped.sum().astype("int64").reset_index())


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(month=_month(rows.date), date=rows.date.dt.date)


def _seconds(later: pd.Series, earlier: pd.Series, among: pd.Series) -> pd.Series:
    return (later - earlier).dt.total_seconds().where(among, 0).astype("int64")


def calls(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Volume, loss, waits and talk time by hour and line."""
    own = rows["calls"]
    answered, counts = own.outcome == "接通", own.outcome != "测试"
    wait = _seconds(own.answered_at, own.offered_at, answered)
    measures = {
        "offered": counts,
        "answered": answered,
        "hung_up": own.outcome == "用户挂断",
        "ring_timeout": own.outcome == "振铃超时",
        "agent_rejected": own.outcome == "坐席拒接",
        "excluded_test": ~counts,
        "answered_within_15s": answered & (wait <= 15),
        "answered_wait_seconds": wait,
        "lost_wait_seconds": _seconds(own.ended_at, own.offered_at, counts & ~answered),
        "talk_seconds": _seconds(own.ended_at, own.answered_at, answered),
    }
    grain = {"hour": own.offered_at.dt.hour.astype("int64"), "line": own.line}
    return _counted(own.offered_at, grain, measures)


def tickets(rows: Rows, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Tickets as they stand, by day of acceptance and attributes."""
    own = rows["tickets"]
    counts = own.status != "已作废"
    closed = counts & own.closed_at.notna()
    late, overdue, still_open = (
        own.closed_at > own.deadline,
        own.deadline < cutoff,
        counts & ~closed,
    )
    measures = {
        "accepted": counts,
        "direct_answered": counts & (own.handling == "直接答复"),
        "dispatched": counts & (own.handling == "转办"),
        "closed": closed,
        "closed_on_time": closed & ~late,
        "closed_late": closed & late,
        "open_in_time": still_open & ~overdue,
        "open_overdue": still_open & overdue,
        "merged": own.status == "已并单",
        "returned_tickets": counts & (own.returns > 0),
        "returns": own.returns.where(counts, 0),
        "extended": counts & own.extended_to.notna(),
        "close_seconds": _seconds(own.closed_at, own.accepted_at, closed),
        "excluded_void": ~counts,
    }
    return _counted(own.accepted_at, {name: own[name] for name in _TICKETS}, measures)


def callbacks(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Attempts and answers, with unit and type of the ticket where it is known by then."""
    own = rows["callbacks"].sort_values(["called_at", "callback_id"])
    own["is_first"] = ~own.ticket_id.duplicated()
    known = rows["tickets"][["ticket_id", "unit", "ticket_type", "accepted_at"]]
    own = own.merge(known, on="ticket_id", how="left")
    later = own.accepted_at.dt.to_period("M") > own.called_at.dt.to_period("M")
    reached = own.result == "接通"
    measures = {
        "attempts": 1,
        "reached": reached,
        "refused": own.result == "拒访",
        "satisfied": own.satisfaction == "满意",
        "basically_satisfied": own.satisfaction == "基本满意",
        "dissatisfied": own.satisfaction == "不满意",
        "unrated": reached & own.satisfaction.fillna("未评价").eq("未评价"),
        "tickets_called": own.is_first,
    }
    grain = {"unit": own.unit.mask(later), "ticket_type": own.ticket_type.mask(later)}
    return _counted(own.called_at, grain, measures)


def quality(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Inspections; scores are added in hundredths."""
    own = rows["quality"]
    hundredths = (own.score * 100).round().astype("int64")
    measures = {"monitored": 1, "passed": own.passed == "是", "score_sum": hundredths}
    found = _counted(own.inspected_at, {"mode": own["mode"]}, measures)
    return found.assign(score_sum=found.score_sum / 100)


def knowledge(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Changes of the knowledge base."""
    own = rows["knowledge"]
    actions = {"added": "新增", "revised": "修改", "retired": "作废"}
    measures = {name: own.action == action for name, action in actions.items()}
    return _counted(own.updated_at, {"unit": own.unit}, measures)


def staff(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """People and their assessment by position."""
    own = rows["staff"]
    measures = own[["month", "position"]].assign(
        on_duty=own.on_duty == "是",
        assessed=own.assessment != "未考评",
        passed=own.assessment.isin(["优秀", "合格"]),
    )
    return measures.groupby(["month", "position"]).sum().astype("int64").reset_index()


def _dispatched(rows: Rows) -> pd.DataFrame:
    own = rows["tickets"]
    return own[(own.handling == "转办") & (own.status != "已作废")]


def workload(rows: Rows, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Events of the dispatched tickets, each on its day."""
    own = _dispatched(rows)
    accepted, closed, due = own.accepted_at, own.closed_at, own.deadline
    known_until = closed.fillna(cutoff)
    soon = (due - pd.Timedelta(hours=24)).clip(lower=accepted)
    ended = due.where(due < known_until, known_until)
    was_soon, late = ended > soon, due < known_until
    happened_at = {
        "opened": accepted,
        "closed": closed,
        "turned_overdue": due.where(late),
        "overdue_closed": closed.where(late),
        "turned_due_soon": soon.where(was_soon),
        "due_soon_ended": ended.where(was_soon & (closed.notna() | late)),
    }
    month = _month(accepted)
    events = pd.concat(
        pd.DataFrame({"month": month, "unit": own.unit, "date": at.dt.normalize(), "event": name})
        for name, at in happened_at.items()
    ).dropna(subset="date")
    counted = events.groupby(["month", "date", "unit", "event"]).size().unstack(fill_value=0)
    counted = counted.reindex(columns=list(happened_at), fill_value=0).reset_index()
    return counted.assign(date=counted.date.dt.date)


def focus_tickets(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Dispatched tickets of the followed sectors, one by one."""
    own = _dispatched(rows)
    own = own[own.sector.notna()]
    moments = ["accepted_at", "dispatched_at", "deadline", "closed_at"]
    zoned = {name: own[name].dt.tz_localize("Asia/Shanghai") for name in moments}
    month, date = _month(own.accepted_at), own.accepted_at.dt.date
    plain = ["ticket_id", "sector", "category", "region", "unit", "urgency", "status"]
    return own[plain].assign(month=month, date=date, **zoned)


def repeats(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Tickets whose caller had one of the same category in the 30 days before."""
    group = ["caller_key", "category"]
    own = rows["tickets"]
    own = own[own.status != "已作废"].dropna(subset="call_id")
    own = own.merge(rows["calls"][["call_id", "caller_key"]], on="call_id")
    own = own[own.duplicated(group, keep=False)].assign(
        date=lambda each: each.accepted_at.dt.normalize()
    )
    columns = ["ticket_id", "accepted_at", "date"]
    pairs = own.merge(own[[*group, *columns]], on=group, suffixes=("", "_before"))
    before = (pairs.accepted_at_before < pairs.accepted_at) | (
        (pairs.accepted_at_before == pairs.accepted_at) & (pairs.ticket_id_before < pairs.ticket_id)
    )
    near = pairs.date_before >= pairs.date - pd.Timedelta(days=30)
    pairs = pairs[before & near].sort_values(["accepted_at_before", "ticket_id_before"])
    found = pairs.drop_duplicates("ticket_id").assign(
        first_ticket_id=lambda each: each.ticket_id_before,
        first_date=lambda each: each.date_before.dt.date,
        sequence=lambda each: (
            each.ticket_id.map(pairs.ticket_id.value_counts()).astype("int64") + 1
        ),
        days_since_first=lambda each: (each.date - each.date_before).dt.days,
    )
    kept = ["ticket_id", "first_ticket_id", "sequence", "days_since_first", "first_date"]
    return _dated(found[[*kept, "category", "region", "unit", "date"]])


def seats(rows: Rows, _: pd.Timestamp) -> pd.DataFrame:
    """Different agents behind the answered calls of an hour."""
    own = rows["calls"]
    own = own[(own.outcome == "接通") & own.agent_id.notna()]
    hour = own.offered_at.dt.hour.astype("int64")
    found = own.agent_id.groupby(
        [own.offered_at.dt.normalize().rename("date"), hour.rename("hour")]
    )
    return _dated(found.nunique().rename("agents").reset_index())


TABLES: dict[str, Callable[[Rows, pd.Timestamp], pd.DataFrame]] = {
    "calls": calls,
    "tickets": tickets,
    "callbacks": callbacks,
    "quality": quality,
    "knowledge": knowledge,
    "staff": staff,
    "workload": workload,
    "focus_tickets": focus_tickets,
    "repeats": repeats,
    "seats": seats,
}
