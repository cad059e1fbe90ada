"""calls: call volume, loss and time by hour and line (FACTS.md, section 2)."""

from schemas.fields import Day, count, day, hour, label, month, seconds
from schemas.table import Fact


class Calls(
    Fact,
    name="calls",
    title="话务月度事实",
    description=(
        "Calls by day, hour and line; offered = answered + hung_up + ring_timeout + agent_rejected."
    ),
    version="1.1",
    grain=("month", "date", "hour", "line"),
):
    """按日期、时段和线路统计的话务：呼入、接通、各种未接通。"""

    month: str = month()
    date: Day = day("日期", "Day on which the call reached the hotline.")
    hour: int = hour()
    line: str = label("接入热线", "Line that was dialled.")
    offered: int = count("话务量", "通", "Calls that reached the hotline, test calls apart.")
    answered: int = count("接通", "通", "Calls that an agent answered.")
    hung_up: int = count("用户挂断", "通", "Calls that the caller gave up.")
    ring_timeout: int = count("振铃超时", "通", "Calls that nobody answered in time.")
    agent_rejected: int = count("坐席拒接", "通", "Calls that an agent declined.")
    excluded_test: int = count("测试呼叫", "通", "Test calls, in no other measure.")
    legs: int = count(
        "分段数", "段", "Legs of these calls; one each unless the profile says that rows are legs."
    )
    answered_within_15s: int = count("15秒内接通", "通", "Calls answered within 15 seconds.")
    answered_wait_seconds: int = seconds("接通等待秒数", "Wait of answered calls.")
    lost_wait_seconds: int = seconds("呼损等待秒数", "Wait of lost calls until they ended.")
    talk_seconds: int = seconds("通话秒数", "Talk time of answered calls.")
