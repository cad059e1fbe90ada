"""calls: call volume, loss and time by hour and line (FACTS.md, section 2)."""

from schemas.facts.shared import HOUR, MONTH, count, date, label, seconds
from schemas.tables import FactTable

calls = FactTable(
    name="calls",
    title="话务月度事实",
    zh="按日期、时段和线路统计的话务：呼入、接通、各种未接通。",
    description=(
        "Calls by day, hour and line; offered = answered + hung_up + ring_timeout + agent_rejected."
    ),
    grain=("month", "date", "hour", "line"),
    columns=(
        MONTH,
        date("Day on which the call reached the hotline."),
        HOUR,
        label("line", "接入热线", "Line that was dialled."),
        count("offered", "话务量", "通", "Calls that reached the hotline, test calls apart."),
        count("answered", "接通", "通", "Calls that an agent answered."),
        count("hung_up", "用户挂断", "通", "Calls that the caller gave up."),
        count("ring_timeout", "振铃超时", "通", "Calls that nobody answered in time."),
        count("agent_rejected", "坐席拒接", "通", "Calls that an agent declined."),
        count("excluded_test", "测试呼叫", "通", "Test calls, in no other measure."),
        count("answered_within_15s", "15秒内接通", "通", "Calls answered within 15 seconds."),
        seconds("answered_wait_seconds", "接通等待秒数", "Wait of answered calls."),
        seconds("lost_wait_seconds", "呼损等待秒数", "Wait of lost calls until they ended."),
        seconds("talk_seconds", "通话秒数", "Talk time of answered calls."),
    ),
)
