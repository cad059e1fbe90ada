"""Post to the robots of WeCom and DingTalk, and read what they answer.

Belongs here: the two chats whose refusals apprise does not see. Both answer a message that they
refuse (a keyword is missing, the signature is wrong, the key is void, too many in a minute) with
HTTP 200 and an `errcode` in the body. apprise still reads their addresses and signs; only the
request is ours. It would also quote DingTalk's signature twice, which DingTalk takes for a wrong
one.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    import apprise

WECOM, DINGTALK = "wecombot", "dingtalk"


def is_robot(service: "apprise.NotifyBase") -> bool:
    """Whether this module speaks to a service."""
    return service.secure_protocol in {WECOM, DINGTALK}


def post(service: "apprise.NotifyBase", text: str) -> str | None:
    """Post one text message.

    Args:
        service: what apprise made of the address of a robot.
        text: the message.

    Returns:
        None where the robot took it, otherwise why not, in a few words: its error code, but nothing
        else that it says, which may quote the message or the key.
    """
    import requests

    content: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
    robot: Any = service
    signed: dict[str, str] = {}
    if service.secure_protocol == WECOM:
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
