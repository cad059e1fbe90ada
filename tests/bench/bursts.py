"""How well the watch finds planted bursts, and forecasts foretell, where the true rates are known.

`python -m tests.bench.bursts` prints the tables of docs/expectations.md; all is drawn from a seed.
"""

from collections.abc import Iterator

import numpy as np

from assets.deadlines import load_calendar
from assets.expectations import CountModel, day_features
from assets.expectations.watch import _log_tail, watch
from tests.expectations.series import FIRST, Kind, draw

SEED = 12345
_DAYS, _LEARNED, _AHEAD = 730, 120, 14
_TOPICS, _REGIONS = 40, 11
_BURSTS = 75
_KINDS = [
    Kind(base, weekend, holiday, season, growth, scatter)
    for base, scatter in ((60, 0.05), (300, 0.05), (1000, 0.03), (3000, 0.1))
    for weekend, holiday in ((0.4, 0.8), (0.8, 1.0))
    for season, growth in ((0.0, 0.5), (0.2, -0.2), (0.3, 0.2))
]


def forecasts() -> dict[str, tuple[float, float, float]]:
    """Median, smallest and largest over the series of what issue and docs ask of forecasts."""
    rng, features = np.random.default_rng(SEED), day_features(load_calendar(), FIRST, _DAYS)
    drawn = [draw(rng, kind, _DAYS) for kind in _KINDS]
    counts, rates, stormy = (
        np.array([getattr(each, name) for each in drawn]) for name in ("counts", "rates", "stormy")
    )
    model, at, sums, after = CountModel(len(drawn)), 0, 0, np.zeros((2, 2, len(drawn)))
    for start in range(_LEARNED, _DAYS - _AHEAD, 7):
        model.follow(counts[:, at:start], features[at:start])
        at, days = start, slice(start, start + _AHEAD)
        made, found, quiet = model.forecast(features[days]), counts[:, days], ~stormy[:, days]
        weeks = [counts[:, start - 7 * back : start - 7 * back + 7] for back in range(1, 5)]
        plain = [weeks[0], np.mean(weeks, axis=0), np.mean(weeks, axis=(0, 2))[:, None]]
        guesses = [
            made.mean,
            rates[:, days],
            *(np.tile(p, (1, _AHEAD // p.shape[1])) for p in plain),
        ]
        errors = np.array([np.where(quiet, np.abs(each - found), 0).sum(1) for each in guesses])
        low, high = made.band(1.2816)
        within = (quiet & (np.rint(low) <= found) & (found <= np.rint(high))).sum(1)
        sums = sums + np.vstack([errors, within, quiet.sum(1)])
        week = features[start - 7 : start, 7].any() and not features[start, 7]
        relative = np.abs(made.mean - found)[:, :7].sum(1) / rates[:, days][:, :7].sum(1)
        after[int(week)] += np.where(
            stormy[:, start - 3 : start + 7].any(1), 0, [relative, np.ones(len(drawn))]
        )
    ratios = {
        "error over that of knowing the rates": sums[0] / sums[1],
        "error over that of the best of three plain rules": sums[0] / sums[2:5].min(0),
        "error over that of repeating last week": sums[0] / sums[2],
        "share of days within the band of four fifths": sums[5] / sums[6],
        "error in the week after a holiday over the usual error": (after[1, 0] / after[1, 1])
        / (after[0, 0] / after[0, 1]),
    }
    return {
        name: (float(np.median(r)), float(r.min()), float(r.max())) for name, r in ratios.items()
    }


def bursts() -> Iterator[tuple[str, int, int, int, float]]:
    """City, bursts, found within two days by us and by an oracle, our false alarms in 4 weeks."""
    rng = np.random.default_rng(SEED)
    features = day_features(load_calendar(), FIRST, _DAYS)
    for base in (60, 200, 600, 1500):
        series = draw(rng, Kind(base=base, storms=0), _DAYS)
        shares = np.outer(
            rng.dirichlet(np.full(_TOPICS, 0.6)), rng.dirichlet(np.full(_REGIONS, 2.0))
        ).ravel()
        pairs = np.array([rng.multinomial(int(each), shares) for each in series.counts]).T
        topics = pairs.reshape(_TOPICS, _REGIONS, _DAYS).sum(1).astype(float)
        rates = shares.reshape(_TOPICS, _REGIONS).sum(1)[:, None] * series.rates
        planted = []
        for number in range(_BURSTS):
            start, long = _LEARNED + number * 8, int(rng.integers(3, 11))
            topic = int(rng.choice(np.argsort(rates[:, 0])[-25:]))
            span = slice(start, start + long)
            topics[topic, span] += rng.poisson(rng.uniform(0.5, 4) * rates[topic, span])
            planted.append((topic, start, start + long))
        expected = CountModel(1).follow(series.counts[None], features)
        ours = [(a.slice, a.day) for a in watch(topics, [_TOPICS] * _TOPICS, expected)]
        false = _false(ours, planted)
        # The oracle knows the true rates, scatter apart, and has one false alarm in four weeks.
        tails = _tails(topics, rates)
        limit = np.log(1 / 28 / _TOPICS)
        oracle = [(int(t), int(d)) for t, d in np.argwhere(tails < limit)]
        caught = [_caught(each, planted) for each in (ours, oracle)]
        weeks = (_DAYS - _LEARNED) / 28
        yield f"{base} tickets a day", len(planted), *caught, false / weeks


def _tails(topics: np.ndarray, rates: np.ndarray) -> np.ndarray:
    tails = np.zeros_like(topics)
    for (topic, day), found in np.ndenumerate(topics):
        mean = rates[topic, day]
        if found > mean + 1.5 * np.sqrt(mean):
            tails[topic, day] = _log_tail(int(found), mean, mean + (0.05 * mean) ** 2)
    return tails


def _false(alarms: list[tuple[int, int]], planted: list[tuple[int, int, int]]) -> int:
    """Episodes of alarm apart from bursts and the week after them."""
    last: dict[int, int] = {}
    count = 0
    for topic, day in sorted(alarms, key=lambda each: each[1]):
        true = any(topic == t and start <= day < end + 7 for t, start, end in planted)
        count += not true and day >= _LEARNED and day - last.get(topic, -99) > 7
        last[topic] = day
    return count


def _caught(alarms: list[tuple[int, int]], planted: list[tuple[int, int, int]]) -> int:
    days = set(alarms)
    return sum(any((t, start + d) in days for d in range(2)) for t, start, _ in planted)


def main() -> None:
    """Measure and print."""
    print("| forecasts 14 days ahead | median | least | most |\n|---|---:|---:|---:|")
    for name, values in forecasts().items():
        print(f"| {name} | {' | '.join(f'{each:.2f}' for each in values)} |")
    print("\n| city | bursts | found in two days | by the oracle | false in 4 weeks |")
    print("|---|---:|---:|---:|---:|")
    for name, planted, ours, oracle, false in bursts():
        print(f"| {name} | {planted} | {ours} | {oracle} | {false:.2f} |")


if __name__ == "__main__":
    main()
