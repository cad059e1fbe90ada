"""What can happen that somebody is told of, and one notice of it."""

from dataclasses import dataclass
from enum import IntEnum

from assets.core import HotlineError, disk_cause


class Severity(IntEnum):
    """How much it matters; the order of the sections of a message."""

    INFO = 0
    WARNING = 1
    FAILURE = 2


@dataclass(frozen=True)
class Event:
    """Something that can happen.

    Attributes:
        id: what `events` of a channel in hotline.toml names, and the beginning of the id of each
            notice of it.
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
    Event("suspect_overdue", "暂扣的文件久未处理", Severity.FAILURE),
    Event("suspect", "文件可疑，暂扣待核", Severity.WARNING),
    Event("unusual", "文件与往常不同", Severity.WARNING),
    Event("drift", "导出格式有变化", Severity.WARNING),
    Event("quarantined", "隔离行增多", Severity.WARNING),
    Event("backlog", "隔离行久未处理", Severity.WARNING),
    Event("rising", "诉求明显增多", Severity.WARNING),
    Event("calendar", "工作日历缺少年份", Severity.WARNING),
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
DEFAULT_EVENTS: tuple[str, ...] = tuple(name for name in EVENTS if name != "summary")


@dataclass(frozen=True)
class Notice:
    """One thing that somebody should hear of.

    Attributes:
        id: the same for the same thing; begins with the id of its event and "/".
        subject: what it is about; notices of one event and subject share a line.
        detail: what is the case, in Chinese; no personal datum, no file name.
    """

    id: str
    subject: str
    detail: str

    @property
    def event(self) -> Event:
        """What happened."""
        return EVENTS[event_of(self.id)]


def event_of(notice_id: str) -> str:
    """Id of the event of a notice."""
    return notice_id.partition("/")[0]


def failure_notice(what: str, subject: str, error: Exception | str) -> Notice:
    """A notice that something failed.

    Args:
        what: names the failure, so that it is told once.
        subject: what failed, in Chinese.
        error: what was raised, or a sentence.
    """
    said = reason(error) if isinstance(error, Exception) else error
    return Notice(f"failed/{what}", subject, said.rstrip("。"))


def reason(error: Exception) -> str:
    """Why something failed, as far as it is fit to be said."""
    if isinstance(error, HotlineError):
        return str(error)
    if isinstance(error, OSError):
        return disk_cause(error)
    # Its text may hold values of rows.
    return f"这是程序的错误（{type(error).__name__}），请联系维护人员"
