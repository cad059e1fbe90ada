"""Hand a message to a channel through apprise, within a minute.

Belongs here: what reads a channel's address and sends. Neither an address nor anything that
apprise logs is shown: both hold tokens and passwords.
"""

import logging
import os
from threading import Thread
from typing import TYPE_CHECKING

from assets.installation import Channel
from assets.notifications import robots
from assets.notifications.events import Severity
from assets.notifications.message import Message

if TYPE_CHECKING:
    import apprise

SECONDS = 60.0
# Longer messages are not read.
_MOST_BYTES = 16_000
_KINDS = {Severity.INFO: "info", Severity.WARNING: "warning", Severity.FAILURE: "failure"}


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
    match outcome:
        case [None]:
            return None
        case [str(why)]:
            return _undelivered(channel, why)
    return _undelivered(channel, f"{seconds:.0f} 秒内没有发完")


def _hand_over(service: "apprise.NotifyBase", message: Message) -> str | None:
    """None where the service took the message, otherwise why not, in a few words."""
    import apprise

    if robots.is_robot(service):
        return robots.post(service, f"{message.title}\n{message.body}")
    manager = apprise.Apprise()
    manager.add(service)
    taken = manager.notify(
        title=message.title,
        body=message.body,
        notify_type=apprise.NotifyType(_KINDS[message.severity]),
        body_format=apprise.NotifyFormat.TEXT,
    )
    return None if taken else "服务器连不上、没有及时应答或拒绝了"


def _undelivered(channel: Channel, why: str) -> str:
    return f"通知通道“{channel.name}”没有送达：{why}。未送达的内容下次再发。"
