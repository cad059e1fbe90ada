import numpy as np
import pytest

from assets.deadlines import load_calendar
from assets.expectations.counts import CountModel
from assets.expectations.days import day_features
from tests.expectations.series import FIRST, Kind, draw

DAYS = 500
FEATURES = day_features(load_calendar(), FIRST, DAYS + 14)


def follow(*series):
    model = CountModel(len(series))
    return model, model.follow(np.array(series), FEATURES[: len(series[0])])


def series(seed: int = 1, **kind):
    return draw(np.random.default_rng(seed), Kind(**kind), DAYS)


def test_nothing_is_expected_before_anything_was_seen():
    _, expected = follow(np.full(10, np.nan))
    assert np.isnan(expected.mean).all()
    assert np.isnan(expected.deviation).all()


def test_a_day_is_expected_by_the_days_before_it_alone():
    drawn = series().counts
    _, whole = follow(drawn)
    changed = drawn.copy()
    changed[300:] *= 3
    _, other = follow(changed)
    assert np.array_equal(whole.mean[:, :301], other.mean[:, :301], equal_nan=True)
    assert not np.array_equal(whole.mean[:, 301:], other.mean[:, 301:])


def test_series_do_not_touch_each_other():
    one, two = series(1).counts, series(2).counts
    _, together = follow(one, two)
    _, alone = follow(one)
    assert together.mean[0] == pytest.approx(alone.mean[0], nan_ok=True)


def test_weekdays_and_holidays_are_learned():
    drawn = series(storms=0)
    _, expected = follow(drawn.counts)
    error = np.abs(expected.mean[0] / drawn.rates - 1)
    assert np.median(error[200:]) < 0.03


@pytest.mark.parametrize("count", [0, 1, 100])
def test_a_constant_series_is_expected_to_stay(count):
    model, _ = follow(np.full(200, float(count)))
    ahead = model.forecast(FEATURES[200:214])
    assert ahead.mean[0] == pytest.approx(np.full(14, count), abs=0.5)


def test_a_missing_day_teaches_nothing():
    drawn = series().counts
    drawn[250:260] = np.nan
    _, expected = follow(drawn)
    assert np.isfinite(expected.mean[0, 1:]).all()
    assert expected.deviation[0, 259] > expected.deviation[0, 250]


def test_a_storm_does_not_become_usual_but_a_new_level_does():
    drawn = series(storms=0, scatter=0.03)
    stormy = drawn.counts.copy()
    stormy[300:303] *= 2.5
    _, expected = follow(stormy)
    assert expected.mean[0, 303] == pytest.approx(drawn.rates[303], rel=0.12)
    moved = drawn.counts.copy()
    moved[300:] *= 2
    _, expected = follow(moved)
    assert expected.mean[0, 330] == pytest.approx(2 * drawn.rates[330], rel=0.12)


def test_a_forecast_leaves_the_model_as_it_is():
    model, _ = follow(series().counts)
    one = model.forecast(FEATURES[DAYS:])
    two = model.forecast(FEATURES[DAYS:])
    assert np.array_equal(one.mean, two.mean)
    assert (one.deviation[0, 7:] > one.deviation[0, :7]).all()


def test_forecasts_are_nearly_as_good_as_knowing_the_rates():
    rng = np.random.default_rng(7)
    kinds = [Kind(base=base, season=season) for base in (60, 600, 3000) for season in (0, 0.2)]
    drawn = [draw(rng, kind, DAYS) for kind in kinds]
    counts, rates = (
        np.array([getattr(each, name) for each in drawn]) for name in ("counts", "rates")
    )
    quiet = ~np.array([each.stormy for each in drawn])
    model, at = CountModel(len(drawn)), 0
    ours = oracle = week = within = 0.0
    for start in range(200, DAYS - 14, 14):
        model.follow(counts[:, at:start], FEATURES[at:start])
        at, ahead = start, slice(start, start + 14)
        forecast = model.forecast(FEATURES[ahead])
        found, counted = counts[:, ahead], quiet[:, ahead]
        low, high = forecast.band(1.2816)
        ours += np.abs(forecast.mean - found)[counted].sum()
        oracle += np.abs(rates[:, ahead] - found)[counted].sum()
        repeated = np.hstack([counts[:, start - 7 : start]] * 2)
        week += np.abs(repeated - found)[counted].sum()
        within += (((low <= found) & (found <= high))[counted]).mean()
    assert ours / oracle < 1.2
    assert ours / week < 0.6
    assert 0.75 < within / len(range(200, DAYS - 14, 14)) < 0.9


def test_each_day_has_its_features():
    with pytest.raises(ValueError, match="zip"):
        CountModel(1).follow(np.zeros((1, 10)), FEATURES[:9])
