"""Which periods a database is asked for: each would be one file of a platform that exports files.

Belongs here: dates and names. How a database is asked is the source's business.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from assets.profiles import Profile
from assets.sources import Request, SqlSettings

_DAY = timedelta(days=1)


class _Period(NamedTuple):
    digits: str
    first: Callable[[date], date]
    following: Callable[[date], date]


_PERIODS = {
    "{YYYYMMDD}": _Period("%Y%m%d", lambda day: day, lambda first: first + _DAY),
    "{YYYYMM}": _Period(
        "%Y%m", lambda day: day.replace(day=1), lambda first: (first + 32 * _DAY).replace(day=1)
    ),
    "{YYYY}": _Period(
        "%Y",
        lambda day: day.replace(month=1, day=1),
        lambda first: first.replace(year=first.year + 1),
    ),
}


def requests(profile: Profile, source: SqlSettings, *, first: date, today: date) -> list[Request]:
    """Questions about every period from the first day to the last one that has begun before today.

    Args:
        profile: how the files are named, and in which zone days begin.
        source: for which datasets there is a query, and for how long its rows change.
        first: first day for which exports are expected.
        today: the present day.
    """
    days = [first + _DAY * each for each in range((today - first).days)]
    zone = ZoneInfo(profile.time_zone)
    found = []
    for dataset, query in source.queries.items():
        name = profile.datasets[dataset].files
        token = next(each for each in _PERIODS if each in name)
        period = _PERIODS[token]
        for start in dict.fromkeys(map(period.first, days)):
            end = period.following(start)
            asked = min(today, end + _DAY * query.again_days)
            found.append(
                Request(
                    dataset,
                    name.replace(token, start.strftime(period.digits)).replace("*", "") + ".csv",
                    datetime.combine(start, time()),
                    datetime.combine(end, time()),
                    int(datetime.combine(asked, time(), zone).timestamp()) * 10**9,
                )
            )
    return found
