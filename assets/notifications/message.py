"""The one message that a channel gets: title, sections by severity, lines by what they are about.

A message is plain text without anything that a mail system or a chat would obey, and cut to what
its channel takes, never split.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assets.notifications.events import Event, Notice, Severity

_TITLES_SHOWN = 3
_DETAILS_SHOWN = 5
_LINES_SHOWN = 12
_LONGEST = 300
_FOOT = "详情请运行 hotline status；处理办法见操作手册“通知”一节。"
# Chats read mentions and links out of these.
_HARMLESS = str.maketrans({"<": "＜", ">": "＞"})


@dataclass(frozen=True)
class Message:
    """What a channel is sent.

    Attributes:
        title: one line.
        body: plain text.
        severity: of the worst that it tells.
    """

    title: str
    body: str
    severity: Severity


def harmless(text: str) -> str:
    """A text without what steers a mail header, a display or a chat: one line, as it reads."""
    kept = (sign for sign in text if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    return "".join(kept).translate(_HARMLESS)[:_LONGEST]


def compose(
    notices: Sequence[Notice], *, organisation: str, at: datetime, limit: int
) -> Message | None:
    """The message that tells some notices; None where there is nothing to tell.

    Args:
        notices: at least those that are new.
        organisation: whose installation it is.
        at: now.
        limit: bytes of title and body that the channel takes.
    """
    sections: dict[Event, list[Notice]] = {}
    for each in sorted(notices, key=lambda each: -each.event.severity):
        sections.setdefault(each.event, []).append(each)
    if not sections:
        return None
    titles = [event.title for event in sections]
    title = f"热线数据通知：{'、'.join(titles[:_TITLES_SHOWN])}"
    title += "等" if len(titles) > _TITLES_SHOWN else ""
    head = f"{harmless(organisation)}　{at:%Y-%m-%d %H:%M}"
    body = ""
    for shown in range(_LINES_SHOWN, -1, -1):
        parts = [_section(event, own, shown) for event, own in sections.items()]
        body = "\n\n".join([head, *parts, _FOOT])
        if len(f"{title}\n{body}".encode()) <= limit:
            break
    return Message(title, body, max(event.severity for event in sections))


def _section(event: Event, notices: Sequence[Notice], shown: int) -> str:
    """Head and lines of an event; only the head with the number where no line fits."""
    subjects: dict[str, dict[str, None]] = {}
    for each in notices:
        subjects.setdefault(each.subject, {})[each.detail] = None
    lines = [_line(subject, list(details)) for subject, details in subjects.items()]
    rest = len(lines) - shown
    if rest > 0:
        lines = [*lines[:shown], *([f"……另有 {rest} 行"] if shown else [])]
    count = sum(map(len, subjects.values()))
    return "\n".join([f"【{event.title}】{count} 项", *lines])


def _line(subject: str, details: Sequence[str]) -> str:
    said = "；".join(harmless(each) for each in details[-_DETAILS_SHOWN:])
    more = f"共 {len(details)} 项，最近的是 " if len(details) > _DETAILS_SHOWN else ""
    return f"{harmless(subject)}：{more}{said}"
