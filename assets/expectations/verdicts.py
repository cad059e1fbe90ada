"""Whether a day's deliveries are what was to be expected.

A day is judged by the days before it alone, and learned from unless it is held. So any order of
arrival ends in the same verdicts: who asks again gets what follows from what there is by then.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from assets.deadlines import Calendar
from assets.expectations.counts import CountModel, Expected
from assets.expectations.days import EFFECTS, day_features
from assets.expectations.measures import DayMeasures
from assets.expectations.usual import Finding, Usual
from schemas.table import ExportTable

# On and after holidays, of which there are few to learn from, so many times as many.
_HOLIDAY = 1.35
_HOLIDAYS = [EFFECTS.index("holiday"), EFFECTS.index("after a holiday")]
# Holds that need nothing to compare with but the file itself and those of other days.
_SURE = ("same_rows", "other_days")

Candidates = Sequence[DayMeasures]


def judge(
    days: Mapping[ExportTable, Mapping[date, Candidates]],
    calendar: Calendar,
) -> dict[tuple[str, date], list[list[Finding]]]:
    """Judge every day of every dataset.

    Args:
        days: measures by dataset and export date: of the deliveries that there are, and where these
            are held, of those that there would be without the last one, and so on.
        calendar: working days.

    Returns:
        Findings by dataset and export date, for each candidate up to the first that is not held.
    """
    datasets = Counter(day for found in days.values() for day in found)
    if not datasets:
        return {}
    first, last = min(datasets), max(datasets)
    features = day_features(calendar, first, (last - first).days + 1)
    model = CountModel(len(days))
    watches = [Usual(table) for table in days]
    verdicts: dict[tuple[str, date], list[list[Finding]]] = {}
    for offset, x in enumerate(features):
        day = first + timedelta(offset)
        expected = model.expect(x)
        counts = np.full(len(days), np.nan)
        for number, (watch, (table, found)) in enumerate(zip(watches, days.items(), strict=True)):
            if day not in found:
                continue
            off = int(not calendar.is_working_day(day))
            special = _HOLIDAY if x[_HOLIDAYS].any() else 1.0
            one = Expected(expected.mean[number], special * expected.deviation[number])
            verdicts[table.name, day] = judged = []
            for candidate in found[day]:
                findings = list(watch.findings(candidate, one, day, off, int(model.seen[number])))
                ended = datasets[day] == 1 and watch.ended(candidate)
                if ended:
                    findings = _only_follow_ups(candidate, findings)
                judged.append(findings)
                if candidate.released or not any(finding.hold for finding in findings):
                    if not ended:
                        counts[number] = candidate.rows
                        watch.learn(candidate, day, off)
                    break
            watch.remember(candidate, one)
        model.learn(counts)
    return verdicts


def _only_follow_ups(day: DayMeasures, findings: Sequence[Finding]) -> list[Finding]:
    """What is left to say of a day on which the service seems to have ended."""
    sure = [each for each in findings if each.rule in _SURE]
    if sure or not findings:
        return sure
    found = f"只有 {day.rows} 条此前记录的更新" if day.rows else "没有记录"
    return [Finding("only_follow_ups", False, "同日也没有别的导出", found)]
