"""How well expectations hold, measured on series whose true rates are known.

`python -m tests.bench.expectations` prints the tables of docs/expectations.md. Everything is drawn
from a seed, so that a second run prints the same.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from assets.deadlines import load_calendar
from assets.expectations import CountModel, Finding, day_features, judge
from tests.expectations.planted import FAULTS, TABLE, scaled, usual_days
from tests.expectations.series import FIRST, Kind, draw

SEED = 12345
_DAYS = 760
# Learning takes so many days; later ones are planted into and judged.
_LEARNED = 90
_EVERY = 9
_KINDS = [
    Kind(base, weekend, holiday, season, growth, scatter)
    for base, scatter in ((60, 0.05), (300, 0.05), (1000, 0.03), (3000, 0.1))
    for weekend, holiday in ((0.4, 0.8), (0.8, 1.0))
    for season, growth in ((0.0, 0.5), (0.2, -0.2), (0.3, 0.2))
]


@dataclass
class Planted:
    """What became of planted faults, of days without one and of storms."""

    held: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    curve: dict[int, list[bool]] = field(default_factory=lambda: defaultdict(list))
    days: int = 0
    false_holds: int = 0
    false_notices: int = 0
    on_holidays: int = 0
    holidays: int = 0


def plant() -> Planted:
    """Plant faults of each kind and size into usual days, and count what is held."""
    rng, result = np.random.default_rng(SEED), Planted()
    calendar = load_calendar()
    features = day_features(calendar, FIRST, _DAYS)
    kinds = list(FAULTS)
    for number, kind in enumerate(_KINDS):
        series = draw(rng, kind, _DAYS)
        days = usual_days(rng, series.counts)
        expected = CountModel(1).follow(series.counts[None], features)
        faults: dict[date, str] = {}
        sizes: dict[date, float] = {}
        for offset in range(_LEARNED, _DAYS, _EVERY):
            day = FIRST + timedelta(offset)
            if series.stormy[max(offset - 3, 0) : offset + 1].any():
                continue
            if offset % 2:
                faults[day] = kinds[(number + offset // _EVERY) % len(kinds)]
                days[day] = FAULTS[faults[day]][1](days[day], days[day - timedelta(7)])
            else:
                deviation = float(expected.deviation[0, offset])
                sizes[day] = rng.uniform(1, 8)
                target = expected.mean[0, offset] * (1 - sizes[day] * deviation)
                days[day] = scaled(days[day], max(target, 0) / max(days[day].rows, 1))
        found = judge({TABLE: {day: [each] for day, each in days.items()}}, calendar)
        _count(result, found, faults, sizes, series.stormy, features)
    return result


def _count(
    result: Planted,
    found: dict[tuple[str, date], list[list[Finding]]],
    faults: dict[date, str],
    sizes: dict[date, float],
    stormy: np.ndarray,
    features: np.ndarray,
) -> None:
    for (_, day), (findings, *_) in found.items():
        offset = (day - FIRST).days
        held = any(each.hold for each in findings)
        if day in faults:
            result.planted[faults[day]] += 1
            result.held[faults[day]] += held
        elif day in sizes:
            result.curve[int(sizes[day])].append(held)
        elif offset >= _LEARNED and not stormy[max(offset - 3, 0) : offset + 1].any():
            result.days += 1
            result.false_holds += held
            result.false_notices += bool(findings) and not held
            result.holidays += bool(features[offset, 7])
            result.on_holidays += bool(findings) and bool(features[offset, 7])


def main() -> None:
    """Measure and print."""
    result = plant()
    print("| planted fault | days | held on the day |\n|---|---:|---:|")
    for kind, days in sorted(result.planted.items()):
        print(f"| {kind} | {days} | {100 * result.held[kind] / days:.1f} % |")
    print("\n| fewer rows by so many deviations | days | held |\n|---|---:|---:|")
    for size, held in sorted(result.curve.items()):
        print(f"| {size} to {size + 1} | {len(held)} | {100 * np.mean(held):.1f} % |")
    print(
        f"\nOf {result.days} days without a fault {result.false_holds} were held (one in"
        f" {result.days / max(result.false_holds, 1):.0f}), {result.false_notices} noticed (one in"
        f" {result.days / max(result.false_notices, 1):.0f}); of {result.holidays} holidays"
        f" {result.on_holidays}."
    )


if __name__ == "__main__":
    main()
