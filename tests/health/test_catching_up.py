"""After a week without nights, one night catches up, and what it issues is in order."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import dagster as dg

from assets.health.results import check_reports
from assets.reports.issue.ledger import Ledger
from tests.driver import change
from tests.pipelines.test_dagster import check, code_location, night
from tests.reports.office import deliver_calls


def clock(installation, day: int) -> None:
    moment = datetime(2024, 3, day, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    change(installation, now=lambda: moment)


def test_a_week_of_exports_is_caught_up_in_one_night_in_the_order_of_days(installation, tmp_path):
    change(installation, start=date(2024, 2, 28))
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        deliver_calls(installation, date(2024, 2, 28), date(2024, 2, 29))
        assert night(installation, instance).good
        before = {
            each.period for each in Ledger(installation.warehouse).entries if each.kind == "daily"
        }
        # Nobody works from 1 to 7 March; the exports of these days go on arriving.
        deliver_calls(installation, date(2024, 3, 1), date(2024, 3, 7))
        clock(installation, 8)
        assert not all(each.passed for each in _missing(installation, instance))
        assert night(installation, instance).good
        missed = [f"2024-03-{day:02d}" for day in range(1, 8)]
        daily = dg.AssetKey(["reports", "daily"])
        events = instance.fetch_materializations(daily, limit=50, ascending=True).records
        issued = [each.partition_key for each in events]
        assert issued == [*sorted(before), *missed]
        entries = {(e.kind, e.period): e for e in Ledger(installation.warehouse).entries}
        numbers = [entries["daily", day].number for day in missed]
        assert numbers == list(range(numbers[0], numbers[0] + 7))
        # The last is issued in the morning that it is due in, those before it are late.
        assert [entries["daily", day].in_time for day in missed] == [False] * 6 + [True]
        assert entries["monthly", "2024-02"].state == "迟发"
        taken = instance.get_materialized_partitions(dg.AssetKey(["exports", "calls"]))
        assert set(missed) <= taken
        assert all(each.passed for each in check_reports(installation).values())
        assert check(instance, ["exports", "calls"], "expected_days_present").passed


def _missing(installation, instance: dg.DagsterInstance) -> list[dg.AssetCheckEvaluation]:
    """What the standing checks say of calls before the night."""
    job = code_location(installation).resolve_job_def("standing")
    done = job.execute_in_process(instance=instance, raise_on_error=False)
    return [
        each
        for each in done.get_asset_check_evaluations()
        if each.asset_check_key.asset_key == dg.AssetKey(["exports", "calls"])
    ]
