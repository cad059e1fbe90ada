"""Past months that a new release would move by more than people expect.

Belongs here: the rule. A month is past when it had ended before the cutoff of the release that
readers see, and it counts only where that release had all of its files: a month that is still being
delivered moves by itself. Volumes (calls, tickets, ...) are looked at in every such month; how far
its tickets were dealt with moves for weeks, so the other measures are looked at from two months on.
"""

from datetime import date, datetime, timedelta

from assets.facts import SUMMED
from assets.releases.compare import ROWS, Change, changes, read_fact
from assets.releases.folder import Described
from schemas import FACTS

# Two calendar months at most: as long as later files are expected to change a ticket.
_SETTLED_AFTER = timedelta(days=62)


def _end(month: str) -> date:
    """The day after a month."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + number // 12, number % 12 + 1, 1)


def _was_complete(release: Described, table: str, month: str) -> bool:
    rows = read_fact(release, "data_quality", month)
    if rows is None:
        return False
    own = rows.filter(dataset=table).select("periods_present", "periods_expected").rows()
    return any(present == expected for present, expected in own)


def moves(old: Described, new: Described, limit: float) -> list[str]:
    """What moved by more than a share, a sentence each.

    Args:
        old: the release that readers see.
        new: the one to come.
        limit: largest share that is expected; of the measure's own old total, or of the month's
            volume where that is larger, so that three returns instead of two are no alarm.

    Returns:
        Table, month, measure, old and new total; counts only.
    """
    cutoff = datetime.fromisoformat(old.cutoff).date()
    complete: dict[tuple[str, str], bool] = {}
    volumes: dict[tuple[str, str], int] = {}
    found = []
    for change in changes(old, new):
        key = change.table, change.month
        if change.table not in SUMMED or _end(change.month) > cutoff:
            continue
        volume = FACTS[change.table].measures[0]
        if key not in complete:
            complete[key] = _was_complete(old, *key)
            rows = read_fact(old, *key)
            volumes[key] = 0 if rows is None else int(rows[volume].sum())
        settled = _end(change.month) + _SETTLED_AFTER <= cutoff
        if complete[key] and change.measure != ROWS and (settled or change.measure == volume):
            found += _sentence(change, volumes[key], limit)
    return found


def _sentence(change: Change, volume: int, limit: float) -> list[str]:
    old, new = change.old or 0, change.new or 0
    share = abs(new - old) / max(old, volume, 1)
    if share <= limit:
        return []
    return [
        f"{change.month} {change.table}.{change.measure} 由 {old} 变为 {new}"
        f"（变动 {100 * share:.1f}%，上限 {100 * limit:g}%）"
    ]
