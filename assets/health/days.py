"""Whether every day has its export.

Belongs here: days between those that arrived, and days that are owed by now. A day is owed from
`missing_after` of the next day on, when people are told that it is missing.
"""

from collections.abc import Collection
from datetime import date, timedelta

from assets.exports import TAKEN, read_ledger
from assets.health.finding import Finding
from assets.installation import Installation
from schemas import EXPORTS

DAILY = tuple(name for name, table in EXPORTS.items() if table.cadence == "daily")
_SPANS = 3


def missing_days(present: Collection[date], first: date, last: date) -> list[date]:
    """Days of a span that are not present, oldest first."""
    span = (first + timedelta(offset) for offset in range((last - first).days + 1))
    return [day for day in span if day not in present]


def last_owed(installation: Installation) -> date:
    """The last day whose export should be there."""
    behind = 1 if installation.now().time() >= installation.notices.missing_after else 2
    return installation.today - timedelta(behind)


def spans(days: Collection[date]) -> list[tuple[date, date]]:
    """Days as first and last day of each unbroken stretch."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        if found and day - found[-1][1] == timedelta(1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _words(days: Collection[date]) -> str:
    stretches = spans(days)
    shown = [f"{a}" if a == b else f"{a} 至 {b}" for a, b in stretches[-_SPANS:]]
    return ("……、" if len(stretches) > _SPANS else "") + "、".join(shown)


def expected_days(installation: Installation) -> dict[str, Finding]:
    """Whether each daily dataset has every day since the first that any of them has."""
    names = [name for name in DAILY if name in installation.profile.datasets]
    present = {
        name: set(read_ledger(installation.warehouse, name).filter(state=TAKEN)["export_date"])
        for name in names
    }
    first = min((day for days in present.values() for day in days), default=None)
    if first is None:
        nothing = Finding(False, 0, "还没有收到过日导出：请核对接收目录（landing）里有没有文件。")
        return dict.fromkeys(names, nothing)
    last = max(last_owed(installation), first)
    return {name: _finding(name, present[name], first, last) for name in names}


def _finding(name: str, present: set[date], first: date, last: date) -> Finding:
    lacking, expected = missing_days(present, first, last), (last - first).days + 1
    title = EXPORTS[name].title
    if not lacking:
        return Finding(True, expected, f"{first} 至 {last} 的{title}导出齐全。")
    return Finding(
        False,
        expected,
        f"{title}缺 {len(lacking)} 天的导出（{_words(lacking)}）：请平台补交，放进接收目录；"
        "当天确实没有数据，请交只有表头的文件。",
    )
