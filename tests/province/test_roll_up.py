"""The roll-up of several cities: sums of what they published, whole, and never an average."""

import json
from dataclasses import replace

import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.facts.invariants import broken, equations
from assets.facts.storage import records
from assets.installation.installation import Installation
from assets.province.publish import bring_province_up_to_date, is_stale
from assets.province.roll_up import SiteTable, current_releases, province_tables
from assets.releases.approval import accept, roll_back
from assets.releases.package import is_sound
from assets.releases.publish import ChecksFailed
from schemas import BY_SITE, FACTS, PROVINCE
from schemas.fields import Kind
from tests.driver import bring_up_to_date, deliver, facts, make_installation
from tests.samples import row

LOST = {"answered_at": "", "outcome": "用户挂断"}


def call(number: int, day: str = "2023-01-05", **changes: str) -> dict:
    """A call of a day."""
    names = ("offered", "answered", "ended")
    times = {f"{name}_at": f"{day} 08:00:0{second}" for second, name in enumerate(names)}
    return row("calls", **{"call_id": str(number), **times, **changes})


@pytest.fixture
def cities(tmp_path) -> list[Installation]:
    """A small city that answers its one call, and a larger one that loses two of three."""
    alpha, beta = (
        make_installation(tmp_path / name, name=name, title=name) for name in ("alpha", "beta")
    )
    deliver(alpha, "calls_20230105.csv", [call(1)])
    deliver(beta, "calls_20230105.csv", [call(1), call(2, **LOST), call(3, **LOST)])
    deliver(beta, "calls_20230205.csv", [call(4, "2023-02-05")])
    deliver(beta, "tickets_20230105.csv", [row("tickets")])
    for installation in (alpha, beta):
        bring_up_to_date(installation)
    return [alpha, beta]


@pytest.fixture
def province(tmp_path) -> Installation:
    return make_installation(tmp_path / "all", name="province")


def roll_up(province: Installation, cities: list[Installation]):
    return bring_province_up_to_date(province, current_releases(cities), why="test")


def kpi(province: Installation, metric: str, month: str = "2023-01") -> dict:
    return facts(province, "kpi_monthly", month).row(
        by_predicate=pl.col("metric") == metric, named=True
    )


def test_rows_are_below_each_other_and_rates_are_sums_over_sums(cities, province):
    assert roll_up(province, cities).published.new
    calls = facts(province, "site_calls", "2023-01")
    assert calls.select("site", "offered", "answered").rows() == [("alpha", 1, 1), ("beta", 3, 1)]
    found = kpi(province, "answer_rate")
    assert (found["numerator"], found["denominator"], found["value"]) == (2, 4, 50.0)
    own = facts(province, "site_kpi_monthly", "2023-01").filter(metric="answer_rate")
    assert own.select("site", "display").rows() == [("alpha", "100.00"), ("beta", "33.33")]
    for name in PROVINCE:
        for path in (province.warehouse.current / "facts" / name).glob("*.parquet"):
            assert pl.read_parquet_schema(path).names() == [c.name for c in PROVINCE[name].columns]
            keys = pl.read_parquet(path).select(PROVINCE[name].grain)
            assert keys.is_unique().all()
            assert keys.equals(keys.sort(PROVINCE[name].grain))


def test_it_is_made_again_where_a_city_has_published_and_only_there(cities, province):
    first = roll_up(province, cities)
    assert not is_stale(province.warehouse, current_releases(cities))
    assert roll_up(province, cities) == replace(first, rebuilt=0, published=None)
    before = {each.sha256 for each in records(province.warehouse, "site_calls")}
    deliver(cities[1], "calls_20230206.csv", [call(5, "2023-02-06")])
    second_of_beta = bring_up_to_date(cities[1]).id
    assert is_stale(province.warehouse, current_releases(cities))
    second = roll_up(province, cities)
    assert second.release != first.release
    package = json.loads((province.warehouse.current / "datapackage.json").read_bytes())
    assert package["cities"] == [each.description for each in current_releases(cities)]
    assert package["cities"][1]["release"] == second_of_beta
    after = {each.sha256 for each in records(province.warehouse, "site_calls")}
    assert len(before & after) == 1
    assert kpi(province, "answer_rate", "2023-02")["numerator"] == 2
    assert is_sound(province.warehouse.releases / first.release)


def test_a_month_is_complete_where_it_is_in_every_city(cities, province, tmp_path):
    days = [f"2023-03-{day:02}" for day in range(1, 32)]
    for installation in cities:
        for number, day in enumerate(days):
            deliver(installation, f"calls_{day.replace('-', '')}.csv", [call(number, day)])
        bring_up_to_date(installation)
    roll_up(province, cities)
    assert kpi(province, "answer_rate", "2023-03")["complete"]
    assert not kpi(province, "answer_rate", "2023-01")["complete"]
    # A city that begins later is not missed before; one that lags is.
    gamma = make_installation(tmp_path / "gamma", name="gamma", title="")
    deliver(gamma, "calls_20230401.csv", [call(1, "2023-04-01")])
    bring_up_to_date(gamma)
    roll_up(province, [*cities, gamma])
    assert kpi(province, "answer_rate", "2023-03")["complete"]
    april = kpi(province, "answer_rate", "2023-04")
    assert (april["numerator"], april["complete"]) == (1, False)
    delta = make_installation(tmp_path / "delta", name="delta", title="")
    deliver(delta, "calls_20230228.csv", [call(1, "2023-02-28")])
    bring_up_to_date(delta)
    roll_up(province, [*cities, gamma, delta])
    assert not kpi(province, "answer_rate", "2023-03")["complete"]
    package = json.loads((province.warehouse.current / "datapackage.json").read_bytes())
    assert package["cutoff"] == "2023-03-01T00:00:00+08:00"


def test_a_damaged_release_of_a_city_is_refused_and_the_last_province_stays(cities, province):
    first = roll_up(province, cities)
    deliver(cities[0], "calls_20230106.csv", [call(9, "2023-01-06")])
    bring_up_to_date(cities[0])
    path = cities[0].warehouse.current / "facts/calls/2023-01.parquet"
    path.unlink()
    path.write_bytes(b"rotten")
    with pytest.raises(HotlineError, match=r"城市 alpha .*不完整或被改动过"):
        roll_up(province, cities)
    assert province.warehouse.current.readlink().name == first.release


def test_nothing_to_roll_up_is_a_sentence(province):
    with pytest.raises(HotlineError, match="还没有任何城市发布过"):
        roll_up(province, [])
    assert not is_stale(province.warehouse, [])


def test_a_row_that_got_lost_closes_the_gate(cities, province, monkeypatch):
    whole = SiteTable.rows
    monkeypatch.setattr(SiteTable, "rows", lambda *key: whole(*key).filter(site="beta"))
    with pytest.raises(ChecksFailed, match="各城市的每一行都在汇总中"):
        roll_up(province, cities)
    assert not province.warehouse.current.exists()
    tables = province_tables(province.warehouse, current_releases(cities))
    assert not tables["site_calls"].is_whole("2023-01")


def test_equations_hold_in_every_city_not_only_in_the_sum():
    good = {name: 0 for name in FACTS["calls"].measures}
    rows = pl.DataFrame(
        [
            good | {"site": "alpha", "offered": 1, "legs": 1},
            good | {"site": "beta", "answered": 1},
        ]
    )
    assert broken("site_calls", rows) == ["offered_is_split"]
    assert equations("site_calls") == equations("calls")


def test_it_is_rolled_back_and_accepted_as_any_release(cities, province):
    first = roll_up(province, cities)
    deliver(cities[1], "calls_20230206.csv", [call(5, "2023-02-06")])
    bring_up_to_date(cities[1])
    second = roll_up(province, cities)
    who = {"by": "张三", "why": "核对", "now": province.now()}
    roll_back(province.warehouse, first.release, **who)
    held = roll_up(province, cities)
    assert (held.release, held.published.held.release) == (first.release, second.release)
    accept(province.warehouse, second.release, **who)
    assert not is_stale(province.warehouse, current_releases(cities))


def test_only_counts_cross():
    crossing = {table.of for table in BY_SITE.values()}
    assert crossing.isdisjoint({"focus_tickets", "repeats", "files"})
    for table in BY_SITE.values():
        assert table.grain[0] == "site"
        for column in table.columns:
            assert column.kind not in (Kind.IDENTIFIER, Kind.LIST)
            assert not column.name.endswith(("_id", "caller_key", "title"))
