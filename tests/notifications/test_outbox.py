"""The outbox: told once, never lost, one channel's failure no other's, and one message a night."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assets.core import files
from assets.installation.settings import Channel, NoticeSettings
from assets.notifications import outbox
from assets.notifications.events import DEFAULT_EVENTS, Notice, failure_notice
from assets.notifications.gather import Gathered
from assets.notifications.outbox import Outbox, notify_channels, read_outbox, write_outbox
from tests.driver import change, deliver, take_all
from tests.notifications.servers import mail_server, web_server
from tests.samples import csv_text

ZONE = ZoneInfo("Asia/Shanghai")
WEB = Channel("网", "WEB_URL", DEFAULT_EVENTS)
MAIL = Channel("信", "MAIL_URL", DEFAULT_EVENTS)


@pytest.fixture
def web(monkeypatch):
    with web_server() as server:
        monkeypatch.setenv("WEB_URL", server.url)
        yield server


@pytest.fixture
def mail(monkeypatch):
    with mail_server() as server:
        monkeypatch.setenv("MAIL_URL", server.url)
        yield server


def tells(installation, *channels: Channel) -> None:
    change(installation, notices=NoticeSettings(channels=channels))


def sleep_until(installation, *moment: int) -> None:
    now = datetime(*moment, tzinfo=ZONE)
    change(installation, now=lambda: now)


def arrive(installation, day: date) -> None:
    for dataset in ("calls", "tickets", "callbacks", "quality", "knowledge"):
        deliver(installation, f"{dataset}_{day:%Y%m%d}.csv", csv_text(dataset, []))


# --- the rules ----------------------------------------------------------------------------------

FACT = Notice("missing/calls/2024-02-29", "话务", "2024-02-29")


def looked(outbox: Outbox, *notices: Notice, unasked: tuple[str, ...] = (), day: int = 1) -> Outbox:
    at = datetime(2024, 3, 1, tzinfo=ZONE) + timedelta(days=day)
    return outbox.with_new(Gathered(list(notices), set(unasked)), [WEB, MAIL], at)


def test_a_fact_is_owed_once_and_again_where_it_comes_back():
    first = looked(Outbox(), FACT)
    assert first.owed == {"网": (FACT,), "信": (FACT,)}
    told = first.without("网")
    assert looked(told, FACT).owed == {"网": (), "信": (FACT,)}
    gone = looked(told)
    assert gone.known == {}
    assert gone.owed["信"] == (FACT,)
    assert looked(gone, FACT).owed["网"] == (FACT,)


def test_what_could_not_be_asked_stays_known():
    told = looked(Outbox(), FACT).without("网").without("信")
    again = looked(looked(told, unasked=("missing",)), FACT)
    assert again.owed == {"网": (), "信": ()}


def test_a_failure_is_known_for_a_month():
    failed = failure_notice("run1", "夜间任务", "坏了")
    told = looked(Outbox(), failed).without("网")
    assert looked(looked(told, day=20), failed, day=31).owed["网"] == ()
    assert looked(looked(told, day=40), failed, day=41).owed["网"] == (failed,)


def test_a_channel_is_owed_only_what_it_asked_for():
    only = Channel("网", "WEB_URL", ("failed",))
    found = Gathered([FACT, failure_notice("1", "夜间任务", "坏了")], set())
    owed = Outbox().with_new(found, [only], datetime(2024, 3, 1, tzinfo=ZONE)).owed
    assert [each.event.id for each in owed["网"]] == ["failed"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"known": 1, "owed": {}}', b'{"owed": 1}'])
def test_a_damaged_record_is_begun_anew(installation, content):
    write_outbox(installation.warehouse, looked(Outbox(), FACT))
    assert read_outbox(installation.warehouse).owed["网"] == (FACT,)
    assert installation.warehouse.notices.stat().st_mode & 0o777 == 0o600
    installation.warehouse.notices.write_bytes(content)
    assert read_outbox(installation.warehouse) == Outbox()


# --- three nights -------------------------------------------------------------------------------


def test_three_nights_are_no_flood(installation, web):
    """The first message sums up; then silence but for what is new, once."""
    tells(installation, WEB)
    for day in (25, 26, 28):
        arrive(installation, date(2024, 2, day))
    deliver(installation, "calls_20240228_b.csv", "")
    sleep_until(installation, 2024, 2, 29, 2)
    take_all(installation)
    assert notify_channels(installation) == []
    (first,) = web.got
    assert first["message"].count("2024-02-27") == 5
    assert "文件没有内容" in first["message"]
    assert "2024-02-28" not in first["message"].partition("【文件被拒收】")[0]

    for hour in (8, 14, 20):
        sleep_until(installation, 2024, 2, 29, hour)
        assert notify_channels(installation) == []
    arrive(installation, date(2024, 2, 29))
    sleep_until(installation, 2024, 3, 1, 2)
    take_all(installation)
    assert notify_channels(installation) == []
    assert len(web.got) == 1

    arrive(installation, date(2024, 2, 27))
    sleep_until(installation, 2024, 3, 2, 2)
    take_all(installation)
    assert notify_channels(installation) == []
    assert notify_channels(installation) == []
    assert len(web.got) == 2
    assert "【迟到的导出已到】5 项" in web.got[1]["message"]
    assert "【导出缺失】" not in web.got[1]["message"]


def test_a_summary_comes_each_day_where_it_is_asked_for(installation, web):
    tells(installation, Channel("网", "WEB_URL", ("summary",)))
    for day in (1, 1, 2):
        sleep_until(installation, 2024, 3, day, 2)
        assert notify_channels(installation) == []
    assert [each["title"] for each in web.got] == ["热线数据通知：每日概况"] * 2


def test_one_channel_fails_and_the_other_gets_its_message(installation, web, mail):
    tells(installation, WEB, MAIL)
    web.status = 500
    (problem,) = notify_channels(installation, [failure_notice("1", "夜间任务", "甲")])
    assert "“网”" in problem
    assert len(mail.got) == 2  # one to each recipient
    (problem,) = notify_channels(installation, [failure_notice("2", "夜间任务", "乙")])
    web.status, web.got[:] = 200, []
    assert notify_channels(installation) == []
    (got,) = web.got
    assert "夜间任务：甲；乙" in got["message"]
    assert len(mail.got) == 4
    assert notify_channels(installation) == []
    assert len(web.got) == 1


def test_the_message_of_a_city_says_so(installation, web):
    tells(installation, WEB)
    change(installation, name="ankang", title="安康市")
    assert notify_channels(installation, [failure_notice("1", "夜间任务", "坏了")]) == []
    assert web.got[0]["message"].startswith(f"{installation.reports.organisation}（安康市）")


# --- crashes ------------------------------------------------------------------------------------


class Killed(BaseException):
    """The process ended here."""


def test_a_crash_before_sending_loses_nothing(installation, web, monkeypatch):
    tells(installation, WEB)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(outbox, "send", killed)
        notify_channels(installation, [failure_notice("1", "夜间任务", "坏了")])
    assert web.got == []
    assert notify_channels(installation) == []
    assert "夜间任务：坏了" in web.got[0]["message"]


def test_a_crash_between_sending_and_striking_off_repeats_the_message(
    installation, web, monkeypatch
):
    tells(installation, WEB)
    replace, writes = files.os.replace, []

    def killed_at_the_second(source, target):
        writes.append(target)
        if len([each for each in writes if str(each).endswith("notices.json")]) == 2:
            raise Killed
        replace(source, target)

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(files.os, "replace", killed_at_the_second)
        notify_channels(installation, [failure_notice("1", "夜间任务", "坏了")])
    assert len(web.got) == 1
    assert notify_channels(installation) == []
    assert [each["message"].splitlines()[2:] for each in web.got] == [
        web.got[0]["message"].splitlines()[2:]
    ] * 2
    assert notify_channels(installation) == []
    assert len(web.got) == 2


def test_a_full_disk_is_told_though_it_cannot_be_recorded(installation, web, monkeypatch):
    tells(installation, WEB)

    def full(path, *_: object, **__: object) -> None:
        raise OSError(28, "full", str(path))

    monkeypatch.setattr(outbox, "write_outbox", full)
    (problem,) = notify_channels(
        installation, [failure_notice("1", "夜间任务", OSError(28, "full"))]
    )
    assert "通知记录写不进去（磁盘已满" in problem
    assert "夜间任务：磁盘已满" in web.got[0]["message"]


def test_without_channels_nothing_is_looked_at(installation, monkeypatch):
    monkeypatch.setattr(outbox, "gather", None)
    assert notify_channels(installation, [failure_notice("1", "夜间任务", "坏了")]) == []
    assert not installation.warehouse.notices.exists()
