import random
from datetime import date, timedelta

import polars as pl
import pytest

from assets.expectations import examine_deliveries
from assets.exports import Verdict, decide, read_findings, read_ledger
from tests.driver import deliver, make_installation, take_all
from tests.samples import row

FIRST = date(2024, 1, 8)
DAYS = 28


def calls(day: date, count: int) -> list[dict[str, str]]:
    """Calls of a day, spread over its office hours."""
    found = []
    for number in range(count):
        at = f"{day} {8 + number % 10:02d}:{number // 10:02d}"
        times = {"offered_at": f"{at}:00", "answered_at": f"{at}:05", "ended_at": f"{at}:50"}
        found.append(row("calls", call_id=f"{day:%Y%m%d}{number:05d}", **times))
    return found


def deliver_days(installation, **counts: int) -> None:
    for offset in range(DAYS):
        day = FIRST + timedelta(offset)
        usual = (120 if day.weekday() < 5 else 60) + 3 * (offset % 4)
        count = counts.get(f"d{offset}", usual)
        deliver(installation, f"calls_{day:%Y%m%d}.csv", calls(day, count))
    take_all(installation)


def found(installation) -> list[tuple[date, str]]:
    examine_deliveries(installation)
    return read_findings(installation.warehouse, "calls").select("export_date", "rule").rows()


def test_usual_days_are_not_told(installation):
    deliver_days(installation)
    assert found(installation) == []


def test_a_day_cut_off_is_told_with_what_was_to_be_expected(installation):
    deliver_days(installation, d24=30)
    day = FIRST + timedelta(24)
    assert (day, "rows_low") in found(installation)
    told = read_findings(installation.warehouse, "calls").filter(rule="rows_low").to_dicts()
    assert [(each["found"], each["hold"]) for each in told] == [("有 30 条", True)]
    assert "至" in told[0]["expected"]


def test_a_day_without_rows_between_usual_days_is_told(installation):
    deliver_days(installation, d24=0)
    assert (FIRST + timedelta(24), "no_rows") in found(installation)


def test_rows_of_another_date_are_told(installation):
    deliver_days(installation)
    day = FIRST + timedelta(DAYS)
    deliver(installation, f"calls_{day:%Y%m%d}.csv", calls(FIRST + timedelta(20), 110))
    take_all(installation)
    assert {rule for at, rule in found(installation) if at == day} == {"same_rows"}


def test_looking_again_changes_nothing(installation):
    deliver_days(installation, d24=30)
    first = found(installation)
    paths = sorted(installation.warehouse.ledgers.rglob("*.parquet"))
    before = [path.stat().st_mtime_ns for path in paths]
    assert found(installation) == first
    assert [path.stat().st_mtime_ns for path in paths] == before


def test_a_day_in_two_files_is_one_day(installation):
    deliver_days(installation, d24=60)
    day = FIRST + timedelta(24)
    usual = calls(day, 123)
    deliver(installation, f"calls_{day:%Y%m%d}_2.csv", usual)
    take_all(installation)
    assert [rule for at, rule in found(installation) if at == day] == []


def state(installation) -> tuple[list[tuple], list[tuple]]:
    """Every delivery with its state and reason, and every finding."""
    examine_deliveries(installation)
    ledger = read_ledger(installation.warehouse, "calls")
    entered = read_findings(installation.warehouse, "calls")
    return (
        ledger.select("export_date", "content", "state", "rule").sort(pl.all()).rows(),
        entered.sort(pl.all()).rows(),
    )


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_arrival_ends_in_the_same_states(tmp_path, seed):
    days = [FIRST + timedelta(offset) for offset in range(10)]
    files = {f"calls_{day:%Y%m%d}.csv": calls(day, 100 + 3 * n) for n, day in enumerate(days)}
    files[f"calls_{days[7]:%Y%m%d}.csv"] = calls(days[7], 9)
    files[f"calls_{days[9]:%Y%m%d}.csv"] = calls(days[3], 104)

    def arrived(folder: str, groups: list[list[str]]) -> tuple[list[tuple], list[tuple]]:
        installation = make_installation(tmp_path / folder)
        for group in groups:
            for name in group:
                deliver(installation, name, files[name])
            take_all(installation)
            found = state(installation)
        return found

    mixed = list(files)
    random.Random(seed).shuffle(mixed)
    found = arrived("one", [list(files)])
    assert arrived("other", [mixed[:4], mixed[4:7], mixed[7:]]) == found
    held = {day: rule for day, _, state, rule in found[0] if state == "held"}
    assert held == {days[7]: "rows_low", days[9]: "same_rows"}


def test_a_held_day_counts_once_it_is_released_or_corrected(installation):
    deliver_days(installation, d24=30)
    day = FIRST + timedelta(24)
    (held,) = examine_deliveries(installation)
    assert (held["export_date"], held["rule"]) == (day, "rows_low")
    deliver(installation, f"calls_{day:%Y%m%d}.csv", calls(day, 121))
    take_all(installation)
    assert examine_deliveries(installation) == []
    states = read_ledger(installation.warehouse, "calls").filter(export_date=day)["state"]
    assert sorted(states) == ["replaced", "taken"]


def test_a_released_day_stays_in_force(installation):
    deliver_days(installation, d24=30)
    (held,) = examine_deliveries(installation)
    place = ("calls", (held["export_date"], held["content"]))
    decide(
        installation.warehouse,
        [place],
        Verdict.RELEASED,
        by="张三",
        why="系统停用",
        at=installation.now(),
    )
    assert examine_deliveries(installation) == []
    assert read_ledger(installation.warehouse, "calls").filter(state="held").is_empty()
