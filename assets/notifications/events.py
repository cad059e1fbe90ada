"""What can happen that somebody is told of: the one declaration.

Belongs here: id, Chinese title and severity of each event. An id is what `events` of a channel in
hotline.toml names.
"""

from dataclasses import dataclass
from enum import IntEnum


class Severity(IntEnum):
    """How much it matters; the order of the sections of a message."""

    INFO = 0
    WARNING = 1
    FAILURE = 2


@dataclass(frozen=True)
class Event:
    """Something that can happen.

    Attributes:
        id: as in hotline.toml, and the beginning of the id of each notice of it.
        title: Chinese, the head of its section.
        severity: how much it matters.
    """

    id: str
    title: str
    severity: Severity


_EVENTS = (
    Event("failed", "任务失败", Severity.FAILURE),
    Event("missing", "导出缺失", Severity.WARNING),
    Event("refused", "文件被拒收", Severity.WARNING),
    Event("drift", "导出格式有变化", Severity.WARNING),
    Event("quarantined", "隔离行增多", Severity.WARNING),
    Event("backlog", "隔离行久未处理", Severity.WARNING),
    Event("held", "新的一版等待确认", Severity.WARNING),
    Event("report_late", "报告迟发", Severity.WARNING),
    Event("knowledge", "知识库本月预计不达标", Severity.WARNING),
    Event("late", "迟到的导出已到", Severity.INFO),
    Event("published", "已发布新的一版", Severity.INFO),
    Event("report", "报告已印发", Severity.INFO),
    Event("summary", "每日概况", Severity.INFO),
)
EVENTS: dict[str, Event] = {event.id: event for event in _EVENTS}
# A summary comes each day whether anything is new or not: a channel asks for it by name.
USUAL: tuple[str, ...] = tuple(name for name in EVENTS if name != "summary")
