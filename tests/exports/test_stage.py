"""Batches that are worked out side by side: what is in work, and what one that fails leaves."""

from datetime import date, timedelta
from threading import Lock

import polars as pl
import pytest

import assets.exports.stage as staging
from assets.exports.deliveries import read_ledger
from assets.exports.stage import ingest_dataset
from tests.driver import deliver
from tests.lasting.scenes import call

DAYS = [date(2023, 1, 2) + timedelta(days=number) for number in range(8)]


@pytest.fixture
def days(installation, monkeypatch):
    """A file a day, of which each is a batch."""
    for number, day in enumerate(DAYS):
        deliver(installation, f"calls_{day:%Y%m%d}.csv", [call(number, f"{day}")])
    sizes = {path.stat().st_size for path in installation.landing.glob("*.csv")}
    assert len(sizes) == 1
    monkeypatch.setattr(staging, "BATCH_BYTES", sizes.pop())
    return installation


def _rows(installation):
    staged = pl.read_parquet(installation.warehouse.staged("calls", "2023-01") / "*.parquet")
    return staged.drop("__batch").sort("call_id")


def test_batches_are_entered_in_order_and_come_to_what_one_batch_comes_to(days, monkeypatch):
    taken = ingest_dataset(days, "calls", lambda _: True).outcomes
    assert taken["export_date"].to_list() == DAYS
    assert taken["batch"].n_unique() == len(DAYS)
    many = _rows(days)
    # Another version takes everything once more; one batch is large enough now.
    monkeypatch.setattr(staging, "BATCH_BYTES", 1 << 20)
    monkeypatch.setattr(staging, "code_version", lambda *_: "another")
    assert ingest_dataset(days, "calls", lambda _: True).outcomes["batch"].n_unique() == 1
    assert many.height == len(DAYS)
    assert _rows(days).equals(many)


@pytest.mark.parametrize(("share", "most"), [(1, 2), (3, 1)])
def test_no_more_is_in_work_than_two_batches_may_have(days, monkeypatch, share, most):
    """A third of a file's size stands for files that are larger than two batches."""
    monkeypatch.setattr(staging, "BATCH_BYTES", staging.BATCH_BYTES // share)
    lock, seen, now = Lock(), [], 0
    ingest = staging.ingest_files

    def watched(*arguments, **named):
        nonlocal now
        with lock:
            now += 1
            seen.append(now)
        try:
            return ingest(*arguments, **named)
        finally:
            with lock:
                now -= 1

    monkeypatch.setattr(staging, "ingest_files", watched)
    ingest_dataset(days, "calls", lambda _: True)
    assert len(seen) == len(DAYS) * (1 if share == 1 else 2)  # too large for a batch, then alone
    assert max(seen) <= most


def test_a_batch_that_fails_leaves_those_before_it_entered(days, monkeypatch):
    ingest = staging.ingest_files

    def failing(deliveries, *arguments, **named):
        if deliveries[0].export_date == DAYS[4]:
            raise MemoryError
        return ingest(deliveries, *arguments, **named)

    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setattr(staging, "ingest_files", failing)
        ingest_dataset(days, "calls", lambda _: True)
    assert read_ledger(days.warehouse, "calls")["export_date"].to_list() == DAYS[:4]
    again = ingest_dataset(days, "calls", lambda _: True).outcomes
    assert again["export_date"].to_list() == DAYS[4:]
    assert _rows(days).height == len(DAYS)


def test_a_ledger_is_read_once_for_each_state_of_its_file(days):
    ingest_dataset(days, "calls", DAYS[0].__eq__)
    first = read_ledger(days.warehouse, "calls")
    assert read_ledger(days.warehouse, "calls") is first
    assert first["export_date"].to_list() == DAYS[:1]
    ingest_dataset(days, "calls", lambda _: True)
    assert read_ledger(days.warehouse, "calls")["export_date"].to_list() == DAYS
