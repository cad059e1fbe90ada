"""The built-in profiles, each on a made-up file in the dialect of its platform."""

from tests.driver import account, bring_up_to_date, change, details, facts
from tests.driver import deliver as deliver_file

CDR = (
    "src,dst,clid,start,answer,end,duration,billsec,disposition,uniqueid\n"
    '13800138000,12345,"""A"" <138>",2023-05-01 08:00:00,2023-05-01 08:00:05,2023-05-01 08:05:00,'
    "300,295,ANSWERED,1.1\n"
    "13800138001,12345,x,2023-05-01 09:00:00,,2023-05-01 09:00:30,30,0,NO ANSWER,1.2\n"
    "13800138002,12345,x,2023-05-01 09:10:00,2023-05-01 09:10:02,2023-05-01 09:10:30,"
    "30,0,BUSY,1.3\n"
)
REQUESTS = (
    "Unique Key,Created Date,Closed Date,Agency,Complaint Type,Descriptor,Status,Borough,"
    "Open Data Channel Type,Resolution Action Updated Date,Latitude\n"
    "1,01/15/2023 11:30:00 PM,01/16/2023 12:05:00 AM,HPD,HEAT,APARTMENT,Closed,BRONX,PHONE,"
    "01/16/2023 12:05:00 AM,40.8\n"
    "2,01/15/2023 11:40:00 PM,01/16/2023 12:05:00 AM,HPD,HEAT,,Open,BRONX,UNKNOWN,,40.8\n"
)
EVENT = (
    "number,incident_state,reassignment_count,opened_at,sys_updated_at,contact_type,location,"
    "category,urgency,assignment_group,closed_at,caller_id\n"
)
EVENTS = EVENT + "".join(
    f"INC{number},{state},{moved},29/2/2016 01:16,29/2/2016 0{hour}:23,Phone,Location 1,"
    f"Category 5,2 - Medium,{group},5/3/2016 12:00,Caller 7\n"
    for number in range(1, 4)
    for hour, (state, moved, group) in enumerate(
        [("New", 0, "?"), ("Active", 1, "Group 5"), ("Closed", 1, "Group 5")][:number], start=2
    )
)


def run(installation, profile, name, content):
    change(installation, profile_name=profile)
    deliver_file(installation, name, content)
    bring_up_to_date(installation)


def test_records_of_a_switch_give_calls(installation):
    run(installation, "cdr", "cdr_20230501.csv", CDR)
    names = ("offered", "answered", "ring_timeout", "agent_rejected", "talk_seconds")
    found = facts(installation, "calls", "2023-05").select(names).sum()
    assert found.row(0) == (3, 1, 1, 1, 295)


def test_requests_of_311_give_tickets_without_rates_that_it_does_not_know(installation):
    run(installation, "nyc311", "311_Service_Requests_20230117.csv", REQUESTS)
    rows = details(installation, "tickets", "2023-01").sort("ticket_id")
    assert rows["status"].to_list() == ["已办结", "受理"]
    assert rows["title"].to_list() == ["APARTMENT", "HEAT"]
    assert rows["closed_at"].null_count() == 1
    kpis = facts(installation, "kpi_monthly", "2023-01")
    shown = dict(kpis.select("metric", "display").rows())
    assert (shown["tickets_accepted"], shown["close_rate"]) == ("2", "50.00")
    assert (shown["return_rate"], shown["on_time_rate"]) == ("—", "—")


def test_the_last_event_of_an_incident_stands(installation):
    run(installation, "incidents", "incident_event_log_20160306.csv", EVENTS)
    rows = details(installation, "tickets", "2016-02").sort("ticket_id")
    assert rows["status"].to_list() == ["受理", "办理中", "已办结"]
    assert rows["handling"].to_list() == ["直接答复", "转办", "转办"]
    assert rows["closed_at"].null_count() == 2
    (own,) = account(installation).iter_rows(named=True)
    assert (own["read"], own["accepted"], own["superseded"]) == (6, 3, 3)
