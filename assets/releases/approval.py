"""What waits for a person, and what a person decides: roll back, accept.

Two things make a release wait (`ledger/held.json`): a past month would change by more than
expected, or `current` was rolled back and is pinned since. A pin keeps the nights from bringing the
rejected state back: they go on computing, and what they make waits until a person accepts it.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    HotlineError,
    Warehouse,
    make_folder,
    remove_file,
    write_bytes,
)
from assets.releases.history import finish_switch, latest, switch
from assets.releases.package import Release, current_release, find_release, is_sound


@dataclass(frozen=True)
class PendingApproval:
    """A release that waits for approval.

    Attributes:
        release: its id.
        pinned: whether it waits because `current` is pinned.
        reasons: a sentence each.
    """

    release: str
    pinned: bool
    reasons: tuple[str, ...]

    def sentence(self, current: str | None) -> str:
        """What waits, why, and what to do."""
        few = "；".join(self.reasons[:5]) + ("……" if len(self.reasons) > 5 else "")
        return (
            f"新的一版 {self.release} 已经算好，暂不发布，读者仍使用 {current}。原因：{few}。"
            f"请用 hotline diff current {self.release} 核对，确认无误后运行 "
            f"hotline accept {self.release} --by 姓名 --why 原因。"
        )


def pending_approval(warehouse: Warehouse) -> PendingApproval | None:
    """The release that waits; None where none does."""
    if not warehouse.held.exists():
        return None
    try:
        content = json.loads(warehouse.held.read_bytes())
        return PendingApproval(content["release"], content["pinned"], tuple(content["reasons"]))
    except (ValueError, KeyError, TypeError):
        return None


def request_approval(warehouse: Warehouse, held: PendingApproval) -> None:
    """Let a release wait, in place of an earlier one."""
    if pending_approval(warehouse) != held:
        make_folder(warehouse.held.parent, PRIVATE_FOLDER)
        content = json.dumps(asdict(held), ensure_ascii=False, sort_keys=True)
        write_bytes(warehouse.held, content.encode(), mode=PRIVATE_FILE)


def clear_approval(warehouse: Warehouse) -> None:
    """No release waits any more."""
    remove_file(warehouse.held)


def pinned_because(warehouse: Warehouse) -> str | None:
    """Why `current` is pinned; None where it is not."""
    last = latest(warehouse)
    if last is None or not last.pinned:
        return None
    return (
        f"{last.by} 于 {last.at[:16].replace('T', ' ')} 回退到 {last.release} 并固定（{last.why}）"
    )


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
    name = find_release(warehouse, text)
    _choose(warehouse, name, by=by, why=why, pinned=True, now=now)
    return name


def accept(warehouse: Warehouse, text: str, *, by: str, why: str, now: datetime) -> str:
    """Publish the release that waits, or lift the pin from the current one.

    Arguments, result and errors are those of `roll_back`; it must be the release that waits, or
    `current`: what was shown is what is accepted.
    """
    name = find_release(warehouse, text)
    held = pending_approval(warehouse)
    if name not in (held.release if held else None, current_release(warehouse)):
        waits = f"现在等待确认的是 {held.release}" if held else "现在没有等待确认的发布"
        raise HotlineError(
            f"{name} 不是等待确认的一版，{waits}：请先核对（hotline diff current 编号）。"
            "要回到以前的一版，请用 hotline rollback。"
        )
    _choose(warehouse, name, by=by, why=why, pinned=False, now=now)
    if held and held.release == name:
        clear_approval(warehouse)
    return name


def _choose(
    warehouse: Warehouse, name: str, *, by: str, why: str, pinned: bool, now: datetime
) -> None:
    """Make a release current and write down who wanted it, unless that is so already."""
    if not (by.strip() and why.strip()):
        raise HotlineError("请写明是谁（--by）和为什么（--why）：两项都会记入发布日志。")
    folder = warehouse.releases / name
    if not is_sound(folder):
        raise HotlineError(
            f"发布 {name} 不完整或被改动过，不能切换到它：请选另一版（hotline releases），"
            "或从备份恢复。"
        )
    last = latest(warehouse)
    same = last is not None and (last.release, last.pinned) == (name, pinned)
    # Decided already, but a crash may have kept the link from following.
    if not (same and finish_switch(warehouse)):
        switch(
            warehouse,
            name,
            cutoff=Release.open(folder).cutoff,
            now=now,
            why=why.strip(),
            by=by.strip(),
            pinned=pinned,
        )
