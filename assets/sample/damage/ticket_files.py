"""Kinds of ticket rows that depend on other files: an old version again, another acceptance time.

Belongs here: rows with the ids of true tickets. None of them may ever win over a true version.
"""

from assets.sample.damage.any_rows import shifted
from assets.sample.damage.desk import Desk, is_plain
from assets.sample.damage.extra_rows import room
from assets.sample.damage.kind import Outcome, Row
from assets.sample.damage.registry import to_files
from assets.sample.sheets import Sheet, csv_line

_EACH = 60


def _pairs(desk: Desk) -> list[tuple[Row, Sheet]]:
    """Dispatched tickets of a day, each with a file of some days later."""
    by_date = {
        sheet.date: sheet for sheet in desk.sheets if sheet.dataset == "tickets" and is_plain(sheet)
    }
    dates = sorted(by_date)
    found = []
    # Not the first days: an earlier time of acceptance must not lie in the year before.
    for at in desk.rng.choice(range(3, len(dates) - 8), _EACH, replace=False).tolist():
        day = by_date[dates[at]]
        created = day.rows.filter(
            (day.rows["handling"] == "转办")
            & day.rows["status"].is_in(["办理中", "已办结"])
            & day.rows["accepted_at"].str.starts_with(_dashed(day.date))
            & ~day.rows["content"].str.contains('["\n]')
        )
        later = by_date[dates[at + int(desk.rng.integers(3, 8))]]
        if created.height and room(later) > 0:
            row = created.row(int(desk.rng.integers(created.height)), named=True)
            found.append((row, later))
    return found


def _dashed(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def _as_accepted(row: Row, accepted_at: str) -> Row:
    """A ticket as it stood when it came in."""
    nothing = dict.fromkeys(["dispatched_at", "closed_at", "extended_to", "merged_into"])
    return {**row, **nothing, "accepted_at": accepted_at, "status": "受理", "returns": "0"} | {
        "updated_at": accepted_at
    }


@to_files(Outcome.SUPERSEDED)
def older_version(desk: Desk) -> None:
    """A ticket as it stood days ago, sent once more."""
    for row, sheet in _pairs(desk):
        accepted_at = shifted(row["accepted_at"], 0)
        sheet.inserts.append((desk.place(sheet), csv_line(_as_accepted(row, accepted_at).values())))
        desk.trace(sheet, 1)


@to_files(Outcome.QUARANTINED, "fixed_changed")
def accepted_at_changed(desk: Desk) -> None:
    """A ticket with another time of acceptance than before: its id was used again."""
    for row, sheet in _pairs(desk):
        earlier = shifted(row["accepted_at"], -int(desk.rng.integers(600, 90_000)))
        sheet.inserts.append((desk.place(sheet), csv_line(_as_accepted(row, earlier).values())))
        desk.trace(sheet, 1)
