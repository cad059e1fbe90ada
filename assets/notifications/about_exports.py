"""Notices about what arrives: exports missing, late, refused, held or unusual; rows that wait.

A notice names dataset and export date and never the file: people write names of people into file
names, and a message passes through other companies' servers. `hotline status` has the name.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from assets.exports import (
    OTHER,
    REFUSED,
    TAKEN,
    State,
    finding_sentence,
    list_exports,
    merge_drift,
    read_findings,
    read_ledger,
    refusal_sentence,
)
from assets.health import (
    expected_days,
    files_in,
    old_rows,
    refused_files,
)
from assets.installation import Installation
from assets.notifications.events import Notice
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES

# A header of one file alone can be anything that somebody typed; two files hold what the platform
# exports.
_NAMED_FROM = 2
# Days after which people are told again of a file that waits for them.
_REMINDED_AFTER = (1, 3, 7, 14, 21, 28)
_RECENT = timedelta(days=14)
_SEE_STATUS = "名称见 hotline status"


def _taken(installation: Installation) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Name, Chinese title and files taken of each dataset that the platform exports."""
    for name in installation.profile.datasets:
        ledger = read_ledger(installation.warehouse, name)
        yield name, EXPORTS[name].title, ledger.filter(state=TAKEN)


def _in_folder(installation: Installation) -> dict[str, set[date]]:
    """Export dates of the files in the landing folder, by dataset."""
    days: dict[str, set[date]] = {}
    for file in list_exports(installation, with_retries=False).files:
        days.setdefault(file.dataset, set()).add(file.export_date)
    return days


def missing(installation: Installation) -> list[Notice]:
    """Missing days of daily exports.

    A day whose file was refused is told as that, and one whose file waits in the folder is about to
    be taken: neither is asked for again.
    """
    in_folder, expected = _in_folder(installation), expected_days(installation)
    there = {
        name: in_folder.get(name, set())
        | set(read_ledger(installation.warehouse, name)["export_date"])
        for name in expected
    }
    if not any(there.values()):
        return []
    found = []
    for name, days in expected.items():
        title = EXPORTS[name].title
        if not there[name]:
            found.append(Notice(f"missing/{name}/never", title, "从未收到过导出"))
            continue
        found += [
            Notice(f"missing/{name}/{day}", title, f"{day}")
            for day in days.missing
            if day not in there[name]
        ]
    return found


def late(installation: Installation, known: Iterable[str]) -> list[Notice]:
    """Exports that were missing at an earlier look and have come since.

    Args:
        installation: the installation.
        known: ids of the notices that held at the look before.
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
    for row in refused_files(installation):
        name, detail = row["dataset"], json.loads(row["detail"])
        if name not in installation.profile.datasets:
            continue
        if row["rule"] == "header_extra":
            detail["columns"] = _SEE_STATUS
        why = FILE_RULES[row["rule"]].zh.format(**detail).rstrip("。")
        said = f"{row['export_date']}（{why}）"
        found.append(Notice(f"refused/{name}/{row['delivery']}", EXPORTS[name].title, said))
    return found


def suspect(installation: Installation) -> list[Notice]:
    """Files that are held until a person decides; told again, and as urgent, while nobody does."""
    found = []
    for row in files_in(installation, State.HELD):
        name, waited = row["dataset"], (installation.today - row["arrived"]).days
        if name not in installation.profile.datasets:
            continue
        day, title = row["export_date"], EXPORTS[name].title
        why = refusal_sentence(row)[1].rstrip("。")
        found.append(Notice(f"suspect/{name}/{row['delivery']}", title, f"{day}（{why}）"))
        if times := sum(waited >= each for each in _REMINDED_AFTER):
            said = f"{day} 的文件已等了 {waited} 天，{why}"
            found.append(Notice(f"suspect_overdue/{name}/{row['delivery']}/{times}", title, said))
    return found


def unusual(installation: Installation) -> list[Notice]:
    """What in the last days' files is not as was to be expected, although they count."""
    since = installation.today - _RECENT
    return [
        Notice(
            f"unusual/{name}/{row['export_date']}/{row['rule']}",
            EXPORTS[name].title,
            f"{row['export_date']}（{finding_sentence(row).rstrip('。')}）",
        )
        for name in installation.profile.datasets
        for row in read_findings(installation.warehouse, name)
        .filter(~pl.col("hold"), pl.col("export_date") >= since)
        .iter_rows(named=True)
    ]


def quarantined(installation: Installation) -> list[Notice]:
    """Files with more quarantined rows than the installation takes for usual."""
    above = pl.col("quarantined") > pl.col("read") * installation.notices.quarantined_above
    return [
        Notice(
            f"quarantined/{name}/{row['delivery']}",
            title,
            f"{row['export_date']} 的 {row['read']} 行中 {row['quarantined']} 行",
        )
        for name, title, taken in _taken(installation)
        for row in taken.filter(above).iter_rows(named=True)
    ]


def backlog(installation: Installation) -> list[Notice]:
    """Files with quarantined rows that nobody has dealt with for days."""
    limit = installation.operations.quarantine_days
    return [
        Notice(
            f"backlog/{name}/{delivery}",
            EXPORTS[name].title,
            f"{day} 的 {count} 行已隔离超过{limit}天",
        )
        for name in installation.profile.datasets
        for day, delivery, count in old_rows(installation, name)
        .group_by("export_date", "delivery")
        .len()
        .sort("export_date", "delivery")
        .iter_rows()
    ]


def drift(installation: Installation) -> list[Notice]:
    """New, renamed or dropped columns, and new codes, by dataset."""
    found = []
    for name, title, taken in _taken(installation):
        refused = read_ledger(installation.warehouse, name).filter(state=REFUSED)
        for each in _new_columns(taken, refused):
            said = f"新的列“{each}”" if each else f"新的列（{_SEE_STATUS}）"
            found.append(Notice(f"drift/{name}/column/{each}", title, said))
        for each in sorted(set(_columns(refused, "header_missing"))):
            said = f"缺少列“{each}”，可能改了名"
            found.append(Notice(f"drift/{name}/lacking/{each}", title, said))
        codes = merge_drift(taken["detail"])["codes"]
        assert isinstance(codes, dict)
        for column, code in sorted((key, code) for key, own in codes.items() for code in own):
            said = f"{column}有新的代码" if code == OTHER else f"{column}有新的代码“{code}”"
            found.append(Notice(f"drift/{name}/code/{column}/{code}", title, said))
    return found


def _columns(refused: pl.DataFrame, rule: str) -> list[str]:
    """Columns that the refusals of a rule name, once for each file."""
    details = refused.filter(rule=rule)["detail"]
    return [each for detail in details for each in json.loads(detail)["columns"].split("、")]


def _new_columns(taken: pl.DataFrame, refused: pl.DataFrame) -> list[str]:
    """Headers that are not known; the empty text stands for those of one file alone."""
    files = Counter(_columns(refused, "header_extra"))
    for detail in taken["detail"]:
        files.update(set(json.loads(detail).get("extra", ())))
    return sorted({each if count >= _NAMED_FROM else "" for each, count in files.items()})
