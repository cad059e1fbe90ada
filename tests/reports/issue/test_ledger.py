"""The ledger: its declared columns, what is in time, late and backfilled, and running numbers."""

from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest

from assets.core.errors import HotlineError
from assets.core.files import TEMPORARY
from assets.core.report_ledger import read_reports, releases_referred_to
from assets.core.warehouse import Warehouse
from assets.reports.issue.ledger import Ledger
from schemas.reports import reports
from schemas.table import arrow_schema
from tests.driver import bring_up_to_date
from tests.reports.office import FakeRenderer, deliver_calls, issue, released

START = date(2023, 1, 1)


def test_the_file_has_the_declared_columns(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now="2024-01-04 02:00")
    issue(installation, "daily", "2024-01-03")
    path = installation.warehouse.reports_ledger
    assert pq.read_schema(path).equals(arrow_schema(reports), check_metadata=True)
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(TEMPORARY)] == []


def test_no_ledger_is_an_empty_one(tmp_path):
    warehouse = Warehouse(tmp_path)
    assert read_reports(warehouse).columns == [column.name for column in reports.columns]
    assert releases_referred_to(warehouse) == set()
    assert Ledger(warehouse).last("daily", "2024-01-03") is None


def test_every_release_of_every_revision_is_referred_to(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now="2024-01-04 02:00")
    issue(installation, "daily", "2024-01-03")
    first = installation.warehouse.current.readlink().name
    deliver_calls(installation, date(2024, 1, 3), date(2024, 1, 3), calls=5, suffix="_r1")
    bring_up_to_date(installation)
    second = installation.warehouse.current.readlink().name
    assert releases_referred_to(installation.warehouse) == {first}
    renderer = FakeRenderer()
    renderer.calls = 5
    issue(installation, "daily", "2024-01-03", renderer)
    assert releases_referred_to(installation.warehouse) == {first, second}


def test_a_damaged_ledger_is_one_sentence(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 3), now="2024-01-04 02:00")
    issue(installation, "daily", "2024-01-03")
    path = installation.warehouse.reports_ledger
    for content in (b"", path.read_bytes()[:-20], b"not parquet at all"):
        path.write_bytes(content)
        with pytest.raises(HotlineError, match="请从备份恢复"):
            Ledger(installation.warehouse)
        with pytest.raises(HotlineError, match="请从备份恢复"):
            releases_referred_to(installation.warehouse)


def test_rows_are_sorted_whatever_the_order_of_entering(tmp_path):
    installation = released(tmp_path, date(2024, 1, 1), date(2024, 1, 8), now="2024-01-09 02:00")
    for key in ("2024-01-07", "2024-01-03", "2024-01-05"):
        issue(installation, "daily", key)
    issue(installation, "weekly", "2024-01-01")
    rows = read_reports(installation.warehouse).select("kind", "period", "number")
    assert rows.rows() == [
        ("daily", "2024-01-03", 3), ("daily", "2024-01-05", 5), ("daily", "2024-01-07", 7),
        ("weekly", "2024-01-01", 1),
    ]  # fmt: skip
    assert (
        read_reports(installation.warehouse).filter(pl.col("path").str.starts_with("/")).is_empty()
    )
