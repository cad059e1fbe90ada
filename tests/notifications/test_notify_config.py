"""The section [notify]: what is wrong with it is one Chinese sentence that quotes no address."""

import re
from datetime import time

import apprise
import pytest

from assets.core.errors import HotlineError
from assets.installation.settings import EVENT_IDS, Channel, NoticeSettings
from assets.notifications.events import DEFAULT_EVENTS, EVENTS
from pipelines.config import load_installation
from tests.docs.test_docs import HANDBOOK, blocks, code

GOOD = """\
[notify]
missing_after = "09:30"
quarantined_above = 0

[[notify.channels]]
name = "mail"
url_from = "HOTLINE_MAIL_URL"

[[notify.channels]]
name = "领导群"
url_from = "HOTLINE_WECOM_URL"
events = ["failed", "held", "failed"]
"""


@pytest.fixture
def load(tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_CONFIG", str(tmp_path / "hotline.toml"))

    def read(text: str) -> NoticeSettings:
        (tmp_path / "hotline.toml").write_text(text, encoding="utf-8")
        return load_installation().notices

    return read


def test_settings_are_read(load):
    assert load(GOOD) == NoticeSettings(
        channels=(
            Channel("mail", "HOTLINE_MAIL_URL", DEFAULT_EVENTS),
            Channel("领导群", "HOTLINE_WECOM_URL", ("failed", "held")),
        ),
        missing_after=time(9, 30),
        quarantined_above=0,
    )
    assert load("") == NoticeSettings()


def test_the_settings_that_the_handbook_shows_are_read(load):
    (sample,) = [each for each in blocks(HANDBOOK, "toml") if each.startswith("[notify]")]
    assert [each.name for each in load(sample).channels] == ["邮件", "领导群"]


def test_the_addresses_that_the_handbook_shows_are_taken():
    """A word in Chinese stands for what a service hands out."""
    shown = [each for each in code(HANDBOOK) if "\n" not in each and "://" in each]
    wanted = ("mailtos://", "jsons://", "dingtalk://", "feishu://", "https://qyapi")
    addresses = [re.sub(r"[一-龥]+|…", "ab12", each) for each in shown if each.startswith(wanted)]
    kinds = [type(apprise.Apprise.instantiate(each)).__name__ for each in addresses]
    assert sorted(set(kinds)) == [
        *("NotifyDingTalk", "NotifyEmail", "NotifyFeishu", "NotifyJSON", "NotifyWeComBot")
    ]
    assert len(kinds) == 7
    mail = apprise.Apprise.instantiate(addresses[0])
    assert (mail.user, mail.smtp_host, mail.port) == ("hotline@example.cn", "smtp.example.cn", 465)
    assert len(mail.targets) == 2


def channel(line: str) -> str:
    return f'[[notify.channels]]\nname = "x"\nurl_from = "X"\n{line}\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (channel('url = "mailto://u:s3cret@x"'), "不能写在配置文件里"),
        (channel("").replace('"X"', '"mailto://u:s3cret@x"'), "不能写在配置文件里"),
        (channel("").replace('"X"', '"A B s3cret"'), "环境变量的名称"),
        (channel("").replace('url_from = "X"', ""), "缺少 url_from"),
        (channel("").replace('"x"', "1"), "缺少 name"),
        (channel("").replace('"x"', '"a b"'), "名称用"),
        (channel('events = ["missing", "mising"]'), "没有事件“mising”"),
        (channel('events = ["{missing}"]'), "没有事件“｛missing｝”"),
        (channel("events = []"), "写成一列事件"),
        (channel('events = "missing"'), "写成一列事件"),
        (channel("to = 1"), "没有“to”这一项"),
        (channel("") * 2, "同一个 name"),
        ('[notify.channels]\nname = "x"\nurl_from = "X"', "两层方括号"),
        ("[notify]\nchannels = [1]", "[[notify.channels]]"),
        ("[notify]\nwhen = 8", "没有“when”这一项"),
        ('[notify]\nmissing_after = "24:00"', "08:00"),
        ("[notify]\nmissing_after = 8", "08:00"),
        ("[notify]\nquarantined_above = 2", "0至1"),
        ('[notify]\nquarantined_above = "1"', "0至1"),
    ],
)
def test_a_mistake_is_one_sentence(load, text, said):
    with pytest.raises(HotlineError) as raised:
        load(text)
    sentence = str(raised.value)
    assert said in sentence
    assert "notify" in sentence
    assert "s3cret" not in sentence
    assert not set(sentence.partition("有误：")[2]) & set("{}\n")
    assert "Input should" not in sentence


def test_a_channel_may_name_the_events_that_there_are():
    assert tuple(EVENTS) == EVENT_IDS
    assert Channel("x", "X").events == DEFAULT_EVENTS
