"""A release that is complete and waits for a person: what it waits for, and that it does.

Belongs here: `ledger/held.json`, the one release that is held. Two things hold a release: `current`
was rolled back and is pinned since, or a past month would move by more than expected.
"""

import json
from dataclasses import asdict, dataclass

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    Warehouse,
    make_folder,
    remove_file,
    write_bytes,
)
from assets.releases.journal import latest


@dataclass(frozen=True)
class Held:
    """A release that waits.

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


def held_release(warehouse: Warehouse) -> Held | None:
    """The release that waits; None where none does."""
    if not warehouse.held.exists():
        return None
    try:
        content = json.loads(warehouse.held.read_bytes())
        return Held(content["release"], content["pinned"], tuple(content["reasons"]))
    except (ValueError, KeyError, TypeError):
        return None


def hold(warehouse: Warehouse, held: Held) -> None:
    """Let a release wait, in place of an earlier one."""
    if held_release(warehouse) != held:
        make_folder(warehouse.held.parent, PRIVATE_FOLDER)
        content = json.dumps(asdict(held), ensure_ascii=False, sort_keys=True)
        write_bytes(warehouse.held, content.encode(), mode=PRIVATE_FILE)


def hold_nothing(warehouse: Warehouse) -> None:
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
