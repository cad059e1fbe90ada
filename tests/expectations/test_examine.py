from datetime import date, timedelta

from assets.expectations import examine_deliveries
from assets.exports import read_findings
from tests.driver import deliver, take_all
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
    assert {rule for at, rule in found(installation) if at == day} >= {"same_rows", "other_days"}


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
