"""Hand a message to a channel within a minute: through apprise, and to two chats directly.

Neither an address nor anything that apprise logs is shown: both hold tokens and passwords.
"""

import logging
import os
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from assets.installation import Channel
from assets.notifications.events import Severity
from assets.notifications.message import Message

if TYPE_CHECKING:
    import apprise

SECONDS = 60.0
# Longer messages are not read.
_MOST_BYTES = 16_000
_KINDS = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.FAILURE: "failure"}
_WECOM, _DINGTALK = "wecombot", "dingtalk"


def _service(channel: Channel) -> "apprise.NotifyBase | str":
    """What speaks to a channel, or a sentence that says why there is none."""
    # Loading takes a quarter of a second: only whoever sends pays for it.
    import apprise

    # These logs quote tokens, and would reach the terminal and Dagster's record.
    logging.getLogger("apprise").disabled = True
    logging.getLogger("urllib3").setLevel(logging.INFO)
    url = os.environ.get(channel.url_from, "").strip()
    if not url:
        return f"环境变量 {channel.url_from} 没有设置"
    asset = apprise.AppriseAsset(app_id="hotline-pipeline", app_desc="热线数据", async_mode=False)
    service = apprise.Apprise.instantiate(url, asset=asset)
    return service or f"环境变量 {channel.url_from} 的内容不是可用的通知地址"


def limit(channel: Channel) -> int:
    """Bytes of title and body that a channel takes."""
    service = _service(channel)
    return _MOST_BYTES if isinstance(service, str) else min(int(service.body_maxlen), _MOST_BYTES)


def send(channel: Channel, message: Message, *, seconds: float = SECONDS) -> str | None:
    """Send a message.

    Args:
        channel: to whom.
        message: what.
        seconds: how long it may take. apprise bounds each wait for the network, not their sum; a
            thread that takes longer is left behind and ends with the process.

    Returns:
        None where it was delivered, otherwise a sentence that says why not.
    """
    service = _service(channel)
    if isinstance(service, str):
        return _undelivered(channel, service)
    outcome: list[str | None] = []

    def run() -> None:
        try:
            outcome.append(_hand_over(service, message))
        except Exception as error:
            # Its text may quote the address.
            outcome.append(f"发送出错（{type(error).__name__}）")

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    why = outcome[0] if outcome else f"{seconds:.0f} 秒内没有发完"
    return _undelivered(channel, why) if why else None


def _undelivered(channel: Channel, why: str) -> str:
    return f"通知通道“{channel.name}”没有送达：{why}。未送达的内容下次再发。"


def _hand_over(service: "apprise.NotifyBase", message: Message) -> str | None:
    """None where the service took the message, otherwise why not, in a few words."""
    import apprise

    if service.secure_protocol in {_WECOM, _DINGTALK}:
        return _post_to_robot(service, f"{message.title}\n{message.body}")
    manager = apprise.Apprise()
    manager.add(service)
    taken = manager.notify(
        title=message.title,
        body=message.body,
        notify_type=apprise.NotifyType(_KINDS[message.severity]),
        body_format=apprise.NotifyFormat.TEXT,
    )
    return None if taken else "服务器连不上、没有及时应答或拒绝了"


def _post_to_robot(service: "apprise.NotifyBase", text: str) -> str | None:
    """Post one text message to a robot of WeCom or DingTalk, and read what it answers.

    Both answer a message that they refuse (a keyword is missing, the signature is wrong, the key is
    void, too many in a minute) with HTTP 200 and an `errcode` in the body, which apprise does not
    see. apprise still reads their addresses and signs; only the request is ours. It would also
    quote DingTalk's signature twice, which DingTalk takes for a wrong one.

    Returns:
        None where the robot took it, otherwise why not, in a few words: its error code, but nothing
        else that it says, which may quote the message or the key.
    """
    import requests

    content: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
    robot: Any = service
    signed: dict[str, str] = {}
    if service.secure_protocol == _WECOM:
        url = robot.api_url
    else:
        url = robot.notify_url.format(token=robot.token)
        content["at"] = {"atMobiles": robot.targets, "isAtAll": False}
        if robot.secret:
            timestamp, signature = robot.get_signature()
            signed = {"timestamp": timestamp, "sign": unquote(signature)}
    try:
        answer = requests.post(
            url,
            params=signed,
            json=content,
            timeout=service.request_timeout,
            verify=service.verify_certificate,
            allow_redirects=False,
        )
        if answer.status_code != requests.codes.ok:
            return f"服务器应答 {answer.status_code}"
        said = answer.json()
    except requests.RequestException:
        return "服务器连不上、没有及时应答或答得看不懂"
    code = said.get("errcode") if isinstance(said, dict) else None
    if code == 0:
        return None
    return f"机器人拒绝了，错误码 {code if isinstance(code, int) else '不明'}"
