"""Sending against real servers: what arrives, and every way in which a channel can fail."""

import hmac
import logging
from base64 import b64decode
from datetime import datetime
from urllib.parse import parse_qs, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import pytest
from requests.adapters import HTTPAdapter

from assets.installation.settings import Channel
from assets.notifications.channels import limit, send
from assets.notifications.events import DEFAULT_EVENTS, Notice
from assets.notifications.message import Message, compose
from tests.notifications.servers import OWNER, free_port, mail_server, web_server

NOW = datetime(2024, 3, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
HOSTILE = 'x\r\nBcc: all@example.cn\r\n\r\n<at user_id="all">\u202e\0<b>b</b>&#10;'
CHANNEL = Channel("试", "TEST_URL", DEFAULT_EVENTS)


@pytest.fixture
def mail():
    with mail_server() as server:
        yield server


@pytest.fixture
def web():
    with web_server() as server:
        yield server


@pytest.fixture
def at(monkeypatch):
    """Point the channel at an address."""
    return lambda url: monkeypatch.setenv("TEST_URL", url)


@pytest.fixture
def redirected(web, monkeypatch):
    """What apprise sends to the hosts that it knows goes to the web server; the list of hosts."""
    hosts: list[str] = []
    send_there = HTTPAdapter.send

    def send_here(adapter, request, **options):
        parts = urlsplit(request.url)
        hosts.append(parts.netloc)
        here = f"127.0.0.1:{web.port}"
        request.url = urlunsplit(("http", here, parts.path, parts.query, ""))
        return send_there(adapter, request, **options)

    monkeypatch.setattr(HTTPAdapter, "send", send_here)
    return hosts


def message(count: int = 1, text: str = "2024-02-29") -> Message:
    notices = [Notice(f"missing/calls/{n}", f"数据集{n}", text) for n in range(count)]
    made = compose(notices, organisation="某市热线", at=NOW, limit=limit(CHANNEL))
    assert made is not None
    return made


def test_mail_arrives_as_plain_text_at_every_recipient(mail, at):
    at(mail.url)
    assert send(CHANNEL, message()) is None
    assert [each["To"] for each in mail.got] == ["a@example.cn", "b@example.cn"]
    (first, _) = mail.got
    assert first["Subject"] == "热线数据通知：导出缺失"
    assert OWNER in first["From"]
    assert first.get_content_type() == "text/plain"
    assert "【导出缺失】1 项\n数据集0：2024-02-29" in first.get_content().replace("\r\n", "\n")


def test_a_webhook_gets_title_message_and_severity(web, at):
    at(web.url)
    assert send(CHANNEL, message()) is None
    (got,) = web.got
    assert (got["title"], got["type"]) == ("热线数据通知：导出缺失", "warning")
    assert "数据集0：2024-02-29" in got["message"]


@pytest.mark.parametrize(
    ("url", "host", "path"),
    [
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=ab-12",
            "qyapi.weixin.qq.com",
            "/cgi-bin/webhook/send?key=ab-12",
        ),
        ("dingtalk://SECab@0a1b/", "oapi.dingtalk.com", "/robot/send?access_token=0a1b&timestamp="),
        ("feishu://ab-12", "open.feishu.cn", "/open-apis/bot/v2/hook/ab-12/"),
    ],
)
def test_a_chat_gets_one_text_that_it_takes(redirected, web, at, url, host, path):
    at(url)
    web.reply = b'{"errcode": 0, "code": 0}'
    assert send(CHANNEL, message(300, "很" * 250)) is None
    assert redirected == [host]
    (got,), (asked,) = web.got, web.asked
    assert asked.startswith(path)
    assert "text" in (got.get("msgtype"), got.get("msg_type"))
    (text,) = [own for each in got.values() if isinstance(each, dict) for own in each.values()][-1:]
    text = text if isinstance(text, str) else (got.get("text") or got["content"])["content"]
    assert text.startswith("热线数据通知：导出缺失")
    assert "【导出缺失】300 项" in text
    assert len(text.encode()) <= (2048 if "weixin" in host else 16_000)
    assert text.endswith("一节。")


def test_feishu_says_no_with_status_200(redirected, web, at):
    at("feishu://ab-12")
    web.reply = b'{"code": 19024, "msg": "Key Words Not Found"}'
    assert "拒绝" in send(CHANNEL, message())


@pytest.mark.parametrize("url", ["wecombot://ab-12", "dingtalk://0a1b/"])
@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (b'{"errcode": 310000, "errmsg": "ab-12 keywords not in content"}', "错误码 310000"),
        (b'{"errcode": "ab-12"}', "错误码 不明"),
        (b"[]", "错误码 不明"),
        (b"<html>", "看不懂"),
    ],
)
def test_wecom_and_dingtalk_say_no_with_status_200(redirected, web, at, url, reply, why):
    at(url)
    web.reply = reply
    said = send(CHANNEL, message())
    assert why in said
    assert "ab-12" not in said


@pytest.mark.parametrize("url", ["wecombot://ab-12", "dingtalk://0a1b/"])
def test_wecom_and_dingtalk_are_down(redirected, web, at, url):
    at(url)
    web.status = 503
    assert "应答 503" in send(CHANNEL, message())
    web.server.shutdown()
    web.server.server_close()
    assert "连不上" in send(CHANNEL, message())


def test_dingtalk_can_check_the_signature(redirected, web, at):
    at("dingtalk://SECab@0a1b/")
    web.reply = b'{"errcode": 0}'
    assert send(CHANNEL, message()) is None
    asked = parse_qs(urlsplit(web.asked[0]).query)
    signed = hmac.digest(b"SECab", f"{asked['timestamp'][0]}\nSECab".encode(), "sha256")
    assert b64decode(asked["sign"][0]) == signed


@pytest.mark.parametrize("hostile", [HOSTILE, HOSTILE * 100])
def test_hostile_texts_are_one_harmless_line(mail, web, at, hostile):
    notices = [Notice("refused/calls/1", hostile, hostile)]
    made = compose(notices, organisation=hostile, at=NOW, limit=16_000)
    assert made is not None
    for server in (mail, web):
        at(server.url)
        assert send(CHANNEL, made) is None
    letter, text = mail.got[0], web.got[0]["message"]
    assert letter["Bcc"] is None
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().rstrip().replace("\r\n", "\n") == text.rstrip()
    assert not set(text) & set("<>\r\0\u202e")
    assert len(text.splitlines()) == len(made.body.splitlines()) == 6


def fails(why: str, **options: float) -> None:
    said = send(CHANNEL, message(), **options)
    assert said is not None
    assert why in said
    assert "“试”" in said
    assert "下次再发" in said


def test_a_server_that_is_down(at):
    for scheme in ("json", "mailto"):
        at(f"{scheme}://127.0.0.1:{free_port()}?from={OWNER}&to={OWNER}&mode=insecure")
        fails("连不上")


def test_a_server_that_refuses(mail, web, at):
    web.status, mail.answer = 403, "554 no"
    for server in (web, mail):
        at(server.url)
        fails("拒绝")


def test_a_server_that_never_answers(web, at):
    web.silent = True
    at(web.url.replace("rto=2", "rto=0.2"))
    fails("没有及时应答")


def test_a_server_that_answers_without_end(web, at):
    web.trickles = True
    at(web.url)
    fails("没有发完", seconds=0.5)


def test_an_address_that_is_missing_or_wrong(at, monkeypatch):
    monkeypatch.delenv("TEST_URL", raising=False)
    fails("环境变量 TEST_URL 没有设置")
    for url in (
        "s3cret",
        "nowhere://s3cret",
        "https://oapi.dingtalk.com/robot?access_token=s3cret",
    ):
        at(url)
        said = send(CHANNEL, message())
        assert "不是可用的通知地址" in said
        assert "s3cret" not in said


def test_no_secret_and_no_text_is_logged(redirected, at, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    for url in (
        "json://u:s3cret@127.0.0.1",
        "wecombot://s3cret",
        "wecombot://s3cret!",
        "x://s3cret",
    ):
        at(url)
        send(CHANNEL, message(text="不应出现"))
    assert len(redirected) == 2
    shown = caplog.text + "".join(capfd.readouterr())
    assert "s3cret" not in shown
    assert "不应出现" not in shown
