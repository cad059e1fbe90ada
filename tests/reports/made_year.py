"""A made-up hotline with fifteen months of facts, enough for every section of a month and a year.

Numbers come from arithmetic on day and unit, not from chance: a failure reads the same every time.
"""

import calendar
from datetime import date

from tests.reports.small import Small

UNITS = (
    ("水务局", "汉台区", "供水"),
    ("城市管理局", "南郑区", "噪音扰民"),
    ("汉台区人民政府", "汉台区", "物业管理"),
    ("洋县人民政府", "洋县", "道路维护"),
    ("高新区管理委员会", "高新区", "消费维权"),
    ("气象局", "汉台区", "气象服务"),
)


def made_year(first_month: str = "2022-10", last_month: str = "2023-12") -> Small:
    """Rows of all months of a span."""
    small = Small()
    months = [
        f"{year}-{month:02d}"
        for year in (2022, 2023)
        for month in range(1, 13)
        if first_month <= f"{year}-{month:02d}" <= last_month
    ]
    ends = [_last(month) for month in months]
    small.taken(f"{months[0]}-01", ends[-1].isoformat())
    for index, (month, end) in enumerate(zip(months, ends, strict=True)):
        small.taken(end.isoformat(), datasets=("staff",))
        small.rows.setdefault("staff", []).append(
            {"month": month, "position": "话务员", "on_duty": 40, "assessed": 40, "passed": 39}
        )
        for number in range(1, end.day + 1):
            _day(small, date(end.year, end.month, number), index)
    return small


def _last(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def _day(small: Small, day: date, index: int) -> None:
    weekend = day.weekday() >= 5
    for hour, calls in ((3, 2), (9, 60), (15, 40)):
        offered = calls - (calls // 4 if weekend else 0) + index % 5
        lost = offered * (2 + (day.day + hour + index) % 7) // 100
        small.add(
            "calls", day, hour=hour, offered=offered, answered=offered - lost,
            hung_up=lost - lost // 3, ring_timeout=lost // 3,
            answered_within_15s=offered - lost - offered // 10,
            answered_wait_seconds=9 * (offered - lost), lost_wait_seconds=40 * lost,
            talk_seconds=150 * (offered - lost) + hour,
        )  # fmt: skip
        if offered > lost:
            small.add("seats", day, hour=hour, agents=min(8, offered - lost))
    small.add("tickets", day, accepted=50 + index, direct_answered=50 + index, closed=50 + index,
              closed_on_time=50 + index)  # fmt: skip
    small.add("callbacks", day, unit=None, ticket_type="咨询", attempts=20, reached=15,
              satisfied=14, basically_satisfied=1, tickets_called=18)  # fmt: skip
    for place, (unit, region, category) in enumerate(UNITS):
        _unit(small, day, index, place, unit, region, category)
    small.add("quality", day, mode="在线", monitored=3, passed=3 - (day.day % 9 == 0),
              score_sum=276.5)  # fmt: skip
    small.add("quality", day, mode="事后", monitored=2, passed=2, score_sum=187.25)
    if day.day in (10, 20):
        small.add("knowledge", day, unit=UNITS[index % 6][0], added=10 * (index % 8), revised=3)


def _unit(
    small: Small, day: date, index: int, place: int, unit: str, region: str, category: str
) -> None:
    taken = 7 - place if place < 5 else day.day % 9 == 0
    if not taken:
        return
    late = 2 * int(place == 1 and day.day % 5 == index % 5)
    returned = int((day.day + place) % 13 == 0)
    month = f"{day:%Y-%m}"
    small.add(
        "tickets", day, channel=("电话", "微信", "网站")[place % 3],
        ticket_type=("投诉", "求助", "咨询")[place % 3], category=category, region=region,
        unit=unit, handling="转办", accepted=taken, dispatched=taken, closed=taken,
        closed_on_time=taken - late, closed_late=late, returned_tickets=returned,
    )  # fmt: skip
    overdue = int(place == 3 and day.day == 28)
    small.add(
        "workload", day, month=month, unit=unit, opened=taken, closed=taken - overdue,
        turned_overdue=late + overdue, overdue_closed=late,
    )  # fmt: skip
    small.add(
        "callbacks", day, unit=unit, ticket_type="投诉", attempts=taken, reached=taken,
        satisfied=taken - int(place == 2 and day.day % 4 == 0),
        dissatisfied=int(place == 2 and day.day % 4 == 0), tickets_called=taken - place % 2,
    )  # fmt: skip
