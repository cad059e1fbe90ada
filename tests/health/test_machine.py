"""Room, time and packages of the machine, as they should be and not."""

import os
from datetime import timedelta
from functools import partial

import pytest

from assets.core.check_result import GOOD, NOTE, WRONG
from assets.health.machine import check_backup, check_clock, check_disk, check_packages
from assets.sync import back_up
from tests.driver import change, deliver
from tests.health.conditions import healthy, only
from tests.samples import row

__all__ = ["healthy"]

GIB = 1 << 30


@pytest.mark.parametrize(
    ("free", "level"), [(GIB - 1, WRONG), (GIB, NOTE), (3 * GIB - 1, NOTE), (3 * GIB, GOOD)]
)
def test_room_on_the_disk(healthy, free, level):
    only(check_disk(healthy, lambda _: free), level, "GiB")


def test_what_a_night_may_write_counts(healthy):
    big = healthy.warehouse.built("calls") / "sparse.parquet"
    with big.open("wb") as file:
        file.truncate(5 * GIB)
    only(check_disk(healthy, lambda _: 5 * GIB), WRONG, "5.0 GiB")
    # A second name of the same bytes takes no room.
    os.link(big, big.with_name("again.parquet"))
    only(check_disk(healthy, lambda _: 6 * GIB), NOTE)


def test_room_before_the_first_night(installation):
    assert not installation.root.exists()
    only(check_disk(installation, lambda _: GIB - 1), WRONG, str(installation.root.parent))


def test_backups(healthy, tmp_path):
    folder = tmp_path / "backup"
    only(check_backup(healthy, folder), WRONG, "hotline backup")
    back_up(healthy, folder, print)
    only(check_backup(healthy, folder), GOOD, "0 天以前")
    late = healthy.now() + timedelta(days=9)
    change(healthy, now=lambda: late)
    only(check_backup(healthy, folder), NOTE, "9 天以前")


def test_a_clock_that_is_behind_stands_or_is_not_set(healthy):
    now = healthy.now()
    in_step = partial(check_clock, healthy, lambda: True)
    only(in_step(), GOOD)
    only(check_clock(healthy, lambda: None), GOOD)
    only(check_clock(healthy, lambda: False), NOTE, "NTP")
    # The release of this night is ahead of it.
    change(healthy, now=lambda: now - timedelta(hours=2))
    only(in_step(), WRONG, "NTP")
    change(healthy, now=lambda: now + timedelta(days=31))
    only(in_step(), NOTE, "31 天以前")
    # So is a new file.
    later = now + timedelta(days=40)
    deliver(healthy, "calls_20230106.csv", [row("calls")], modified=int(later.timestamp() * 1e9))
    only(in_step(), WRONG, f"{later:%Y-%m-%d}")


def test_packages(tmp_path):
    only(check_packages(), GOOD, "Python")
    path = tmp_path / "constraints.txt"
    path.write_text("polars==0.1\nnot-installed==1.0\n")
    only(check_packages(path), NOTE, "1 个软件包", "polars", "应为 0.1")
    only(check_packages(tmp_path / "none.txt"), GOOD, "由软件包安装")
