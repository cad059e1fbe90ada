"""Switch to a release that a person chose: back to an earlier one, or on to one that waits.

Belongs here: what a person decides, written down with name and reason. After a rollback the chosen
release is pinned: the nights go on computing, and what they make waits until a person accepts it.
Otherwise the same inputs would bring the rejected state back at two in the morning, and new ones
would bring it back with a day added.
"""

from datetime import datetime

from assets.core import HotlineError, Warehouse
from assets.releases.folder import described, is_sound, named_release
from assets.releases.hold import held_release, hold_nothing
from assets.releases.journal import latest
from assets.releases.publish import current_release, switch


def _choose(
    warehouse: Warehouse, name: str, *, by: str, why: str, pinned: bool, now: datetime
) -> bool:
    """Make a release current and say who wanted it; False where that was so already."""
    if not (by.strip() and why.strip()):
        raise HotlineError("请写明是谁（--by）和为什么（--why）：两项都会记入发布日志。")
    folder = warehouse.releases / name
    if not is_sound(folder):
        raise HotlineError(
            f"发布 {name} 不完整或被改动过，不能切换到它：请选另一版（hotline releases），"
            "或从备份恢复。"
        )
    last = latest(warehouse)
    if (
        current_release(warehouse) == name
        and last
        and (last.release, last.pinned) == (name, pinned)
    ):
        return False
    switch(
        warehouse,
        name,
        cutoff=described(folder).cutoff,
        now=now,
        why=why.strip(),
        by=by.strip(),
        pinned=pinned,
    )
    return True


def roll_back(warehouse: Warehouse, text: str, *, by: str, why: str, now: datetime) -> str:
    """Go back to a release and pin it.

    Args:
        warehouse: where everything lies; held for writing by the caller.
        text: the release, as an operator names it.
        by: who decides.
        why: the reason.
        now: time of the switch.

    Returns:
        Its id; doing it twice is doing it once.

    Raises:
        HotlineError: there is no such release, it is damaged, or nobody answers for it.
    """
    name = named_release(warehouse, text)
    _choose(warehouse, name, by=by, why=why, pinned=True, now=now)
    return name


def accept(warehouse: Warehouse, text: str, *, by: str, why: str, now: datetime) -> str:
    """Publish the release that waits, or lift the pin from the current one.

    Arguments, result and errors are those of `roll_back`; it must be the release that waits, or
    `current`: what was shown is what is accepted.
    """
    name = named_release(warehouse, text)
    held = held_release(warehouse)
    if name not in (held.release if held else None, current_release(warehouse)):
        waits = f"现在等待确认的是 {held.release}" if held else "现在没有等待确认的发布"
        raise HotlineError(
            f"{name} 不是等待确认的一版，{waits}：请先核对（hotline diff current 编号）。"
            "要回到以前的一版，请用 hotline rollback。"
        )
    _choose(warehouse, name, by=by, why=why, pinned=False, now=now)
    if held and held.release == name:
        hold_nothing(warehouse)
    return name
