"""What makes a yearly table stale."""

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from assets.core.report_ledger import REPORT_LEDGER_SCHEMA
from assets.facts import FactsPlan
from assets.indicators.plan import YEARLY, IndicatorsPlan
from schemas.wall_clock import TIME_ZONE
from tests.driver import bring_up_to_date, deliver, make_installation
from tests.indicators.rows import indicator
from tests.samples import row


def test_the_next_night_builds_nothing_anew_until_an_input_changes(tmp_path):
    installation = make_installation(tmp_path)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)

    def stale() -> list[str]:
        plan = IndicatorsPlan(installation.warehouse, FactsPlan(installation))
        return [table for table in YEARLY for _ in plan.stale(table)]

    assert stale() == []
    ledger = installation.warehouse.root / "ledger" / "reports.parquet"
    due = datetime(2023, 1, 4, tzinfo=ZoneInfo(TIME_ZONE)).date()
    issues = {
        "kind": ["weekly", "weekly", "daily", "monthly"],
        "period": ["2023-01-02", "2023-01-09", "2023-01-01", "2023-01"],
        "due": [due, datetime(2030, 1, 1).date(), due, due],
        "in_time": [False, False, False, False],
        "backfilled": [False, False, False, True],
    }
    rows = pl.DataFrame(issues).select(
        pl.col(name) if name in issues else pl.lit(None, kind).alias(name)
        for name, kind in REPORT_LEDGER_SCHEMA.items()
    )
    rows.write_parquet(ledger)
    assert stale() == ["indicators"]
    bring_up_to_date(installation)
    found = indicator(installation, "report_timeliness")
    # Not the one that is due after the cutoff, not the daily one, not the backfilled one.
    assert (found["numerator"], found["status"]) == (1, "complete")
    assert "weekly 2023-01-02" in found["evidence"]
