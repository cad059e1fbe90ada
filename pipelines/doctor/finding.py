"""A finding: what a check saw, how bad that is, and what to do about it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assets.core import HotlineError, disk_sentence

Level = Literal["正常", "注意", "有误"]
GOOD: Level = "正常"
NOTE: Level = "注意"
WRONG: Level = "有误"


@dataclass(frozen=True)
class Finding:
    """What one check saw.

    Attributes:
        topic: what was looked at.
        level: whether it is as it should be, will have to be seen to, or stops a night.
        seen: what was seen.
        remedy: what to do; empty where nothing has to be done.
    """

    topic: str
    level: Level
    seen: str
    remedy: str = ""


def guarded(topic: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    """Findings of a check; what it cannot look at is a finding, too."""
    try:
        return look()
    except HotlineError as error:
        # Such a sentence says what to do itself.
        return [Finding(topic, WRONG, str(error))]
    except OSError as error:
        return [Finding(topic, WRONG, disk_sentence(error))]
