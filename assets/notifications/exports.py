"""Notices about exports: missing, late, refused, quarantined rows, drift.

Belongs here: what the ledgers and the landing folder say of the files. A notice names dataset and
export date and never the file: people write names of people into file names, and a message passes
through other companies' servers. `hotline status` has the name.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from assets.exports import OTHER, REFUSED, TAKEN, look, merged, read_ledger
from assets.health import missing_days, old_rows
from assets.installation import Installation
from assets.notifications.notice import Notice
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES

# A header of one file alone can be anything that somebody typed; two files hold what the platform
# exports.
_NAMED_FROM = 2
_SEE_STATUS = "名称见 hotline status"


def _ledgers(installation: Installation, state: str) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Name, Chinese title and ledger rows in a state of each dataset that the platform exports."""
    for name in installation.profile.datasets:
        yield (
            name,
            EXPORTS[name].title,
            read_ledger(installation.warehouse, name).filter(state=state),
        )


def _in_folder(installation: Installation) -> dict[str, set[date]]:
    """Export dates of the files in the landing folder, by dataset."""
    days: dict[str, set[date]] = {}
    for file in look(installation, patiently=False).files:
        days.setdefault(file.dataset, set()).add(file.export_date)
    return days


def missing(installation: Installation) -> list[Notice]:
    """Daily exports of which no file is there: neither taken nor refused nor in the folder.

    Looked for from the first day of a dataset to yesterday, which counts from a set time on.
    """
    now = installation.now()
    due = now.time() >= installation.notices.missing_after
    last = now.date() - timedelta(days=1 if due else 2)
    in_folder = _in_folder(installation)
    days = {
        name: set(read_ledger(installation.warehouse, name)["export_date"])
        | in_folder.get(name, set())
        for name in installation.profile.datasets
        if EXPORTS[name].cadence == "daily"
    }
    if not any(days.values()):
        return []
    found = []
    for name, there in days.items():
        title = EXPORTS[name].title
        if not there:
            found.append(Notice(f"missing/{name}/never", title, "从未收到过导出"))
            continue
        first = max(min(there), installation.start)
        found += [
            Notice(f"missing/{name}/{day}", title, f"{day}")
            for day in missing_days(there, first, last)
        ]
    return found


def late(installation: Installation, known: Iterable[str]) -> list[Notice]:
    """Exports that were noticed as missing and have come since.

    Args:
        installation: the installation.
        known: ids of the notices that were noticed before.
    """
    missed: dict[str, set[str]] = {}
    for each in known:
        match each.split("/"):
            case ["missing", name, day]:
                missed.setdefault(name, set()).add(day)
    in_folder = _in_folder(installation) if missed else {}
    found = []
    for name, days in sorted(missed.items()):
        ledger = read_ledger(installation.warehouse, name)
        # What was refused lies in the folder still, and has not come.
        new = in_folder.get(name, set()) - set(ledger["export_date"])
        come = {str(day) for day in new | set(ledger.filter(state=TAKEN)["export_date"])}
        title = EXPORTS[name].title
        found += [Notice(f"late/{name}/{day}", title, day) for day in sorted(days & come)]
    return found


def refused(installation: Installation) -> list[Notice]:
    """Files of which no row counts."""
    found = []
    for name, title, ledger in _ledgers(installation, REFUSED):
        for row in ledger.iter_rows(named=True):
            detail = json.loads(row["detail"])
            if row["rule"] == "header_extra":
                detail["columns"] = _SEE_STATUS
            why = FILE_RULES[row["rule"]].zh.format(**detail).rstrip("。")
            said = f"{row['export_date']}（{why}）"
            found.append(Notice(f"refused/{name}/{row['delivery']}", title, said))
    return found


def quarantined(installation: Installation) -> list[Notice]:
    """Files with more quarantined rows than the installation takes for usual."""
    above = pl.col("quarantined") > pl.col("read") * installation.notices.quarantined_above
    return [
        Notice(
            f"quarantined/{name}/{row['delivery']}",
            title,
            f"{row['export_date']} 的 {row['read']} 行中 {row['quarantined']} 行",
        )
        for name, title, taken in _ledgers(installation, TAKEN)
        for row in taken.filter(above).iter_rows(named=True)
    ]


def backlog(installation: Installation) -> list[Notice]:
    """Files with quarantined rows that nobody has dealt with for days."""
    days = installation.operations.quarantine_days
    found = []
    for name in installation.profile.datasets:
        rows = old_rows(installation, name).group_by("export_date", "delivery").len()
        found += [
            Notice(
                f"backlog/{name}/{delivery}",
                EXPORTS[name].title,
                f"{day} 的 {count} 行已隔离超过{days}天",
            )
            for day, delivery, count in rows.sort("export_date", "delivery").iter_rows()
        ]
    return found


def drift(installation: Installation) -> list[Notice]:
    """New, renamed or dropped columns, and new codes, by dataset."""
    found = []
    for name, title, taken in _ledgers(installation, TAKEN):
        refused = read_ledger(installation.warehouse, name).filter(state=REFUSED)
        about = [f"drift/{name}", title]
        found += [
            _drift(about, "column", each, f"新的列“{each}”" if each else f"新的列（{_SEE_STATUS}）")
            for each in _new_columns(taken, refused)
        ]
        for each in sorted(set(_columns(refused, "header_missing"))):
            found.append(_drift(about, "lacking", each, f"缺少列“{each}”，可能改了名"))
        for column, code in _new_codes(taken):
            what = "新的代码" if code == OTHER else f"新的代码“{code}”"
            found.append(_drift(about, f"code/{column}", code, f"{column}有{what}"))
    return found


def _drift(about: list[str], kind: str, what: str, said: str) -> Notice:
    return Notice(f"{about[0]}/{kind}/{what}", about[1], said)


def _columns(refused: pl.DataFrame, rule: str) -> list[str]:
    """Columns that the refusals of a rule name, once for each file."""
    details = refused.filter(rule=rule)["detail"]
    return [each for detail in details for each in json.loads(detail)["columns"].split("、")]


def _new_codes(taken: pl.DataFrame) -> list[tuple[str, str]]:
    """Title of the column and code, of codes that no list holds."""
    codes = merged(taken["detail"])["codes"]
    assert isinstance(codes, dict)
    return sorted((column, code) for column, counts in codes.items() for code in counts)


def _new_columns(taken: pl.DataFrame, refused: pl.DataFrame) -> list[str]:
    """Headers that are not known; the empty text stands for those of one file alone."""
    noticed = (json.loads(detail).get("extra", ()) for detail in taken["detail"])
    files = Counter(_columns(refused, "header_extra"))
    files.update(each for headers in noticed for each in set(headers))
    return sorted({each if count >= _NAMED_FROM else "" for each, count in files.items()})
