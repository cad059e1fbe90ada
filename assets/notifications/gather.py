"""All notices that hold now, from what `assets.health` and the records say.

A notice names dataset and export date and never the file: people write names of people into file
names, and a message passes through other companies' servers. `hotline status` has the name.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

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
    ENOUGH,
    check_deadlines,
    expected_days,
    files_in,
    late_reports,
    old_rows,
    pace,
    refused_files,
)
from assets.installation import Installation
from assets.notifications.events import Notice, failure_notice
from assets.releases import current_release, pending_approval
from assets.reports.content import KNOWLEDGE_TARGET, Facts, Span, month_title
from assets.reports.content import rising as rising_slices
from assets.reports.issue import Ledger, due_moment
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES
from schemas.reports import TITLES

# A header of one file alone can be anything that somebody typed; two files hold what the platform
# exports.
_NAMED_FROM = 2
# Days after which people are told again of a file that waits for them.
_REMINDED_AFTER = (1, 3, 7, 14, 21, 28)
_RECENT = timedelta(days=14)
_SEE_STATUS = "名称见 hotline status"
# Events and what finds their notices.
_Source = tuple[tuple[str, ...], Callable[[Installation], list[Notice]]]


@dataclass(frozen=True)
class Gathered:
    """What a look at the installation found.

    Attributes:
        notices: everything that holds, and what could not be asked.
        unasked: events of which it is not known what holds.
    """

    notices: list[Notice]
    unasked: set[str]


def gather(installation: Installation, known: Collection[str]) -> Gathered:
    """Look at an installation.

    One question that cannot be answered keeps nobody from being told of everything else.

    Args:
        installation: the installation.
        known: ids of the notices that held at the look before.
    """
    notices: list[Notice] = []
    unasked: set[str] = set()
    late_source: _Source = (("late",), partial(late, known=known))
    for events, source in (*_SOURCES, late_source):
        try:
            notices += source(installation)
        except Exception as error:
            unasked.update(events)
            notices.append(failure_notice(f"{installation.today}/{events[0]}", "核对现状", error))
    return Gathered(notices, unasked)


# --- exports --------------------------------------------------------------------------------------


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
        said = f"{row['export_date']}（{refusal_sentence(row)[1].rstrip('。')}）"
        found.append(Notice(f"suspect/{name}/{row['delivery']}", EXPORTS[name].title, said))
        if times := sum(waited >= each for each in _REMINDED_AFTER):
            said = f"{row['export_date']} 的文件已等了 {waited} 天，{said.partition('（')[2][:-1]}"
            again = Notice(
                f"suspect_overdue/{name}/{row['delivery']}/{times}", EXPORTS[name].title, said
            )
            found.append(again)
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


# --- results --------------------------------------------------------------------------------------


def _facts(installation: Installation) -> Facts | None:
    """The current release; None where there is none."""
    release = current_release(installation.warehouse)
    return Facts(installation.warehouse.releases / release) if release else None


def published(installation: Installation) -> list[Notice]:
    """The current release."""
    facts = _facts(installation)
    if facts is None:
        return []
    until = f"{facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"published/{facts.release}", facts.release, f"数据截至 {until}")]


def held(installation: Installation) -> list[Notice]:
    """A release that waits for a person, once for as long as the same release stays current."""
    found = pending_approval(installation.warehouse)
    if found is None:
        return []
    why = "当前发布已固定" if found.pinned else f"已结束的月份变动较大，共 {len(found.reasons)} 项"
    kind = "pinned" if found.pinned else "moved"
    current = current_release(installation.warehouse)
    said = f"{why}；请运行 hotline status 查看，核对后用 hotline accept 确认"
    return [Notice(f"held/{kind}/{current}", found.release, said)]


def reports(installation: Installation) -> list[Notice]:
    """Reports that were issued, in time or late, and those that are overdue."""
    found = []
    for entry in Ledger(installation.warehouse).entries:
        again = f"第{entry.revision}版" if entry.revision > 1 else ""
        late = not again and not entry.in_time and not entry.backfilled
        event = "report_late" if late else "report"
        said = f"{entry.period}{again}{'（迟发）' if late else ''}"
        name = f"{event}/{entry.kind}/{entry.period}/r{entry.revision}"
        found.append(Notice(name, TITLES[entry.kind], said))
    # After some weeks nobody waits for a report any more.
    waited_for = timedelta(days=installation.reports.backfilled_after_days)
    for kind, keys in late_reports(installation).items():
        for key, due in keys.items():
            if installation.now() <= due_moment(kind, due, installation.zone) + waited_for:
                said = f"{key} 应于 {due} 印发，尚未印发"
                found.append(Notice(f"report_late/{kind}/{key}/overdue", TITLES[kind], said))
    return found


def calendar(installation: Installation) -> list[Notice]:
    """Years that the working-day calendar lacks and tickets are due in."""
    return [
        Notice(
            f"calendar/{year}", f"{year}年", "有工单的时限算不出，相关数字从缺；请按手册“11.”补上"
        )
        for year in check_deadlines(installation).faults
    ]


def knowledge(installation: Installation) -> list[Notice]:
    """The knowledge base where it will miss this month's target at its pace so far."""
    found = pace(installation)
    if found is None:
        return []
    day, ahead = found
    this_month = (day.year, day.month) == (installation.today.year, installation.today.month)
    if not this_month or ahead.days < ENOUGH or ahead.on_course:
        return []
    expected = f"预计月末{ahead.expected.text}条，目标{KNOWLEDGE_TARGET}条"
    said = f"截至{day}更新{ahead.done}条，{expected}；今后每天需更新{ahead.a_day}条"
    return [Notice(f"knowledge/{day:%Y-%m}", month_title(f"{day:%Y-%m}"), said)]


def summary(installation: Installation) -> list[Notice]:
    """How things stand, once a day."""
    facts = _facts(installation)
    said = "还没有发布"
    if facts is not None:
        said = f"当前发布 {facts.release}，数据截至 {facts.cutoff:%Y-%m-%d %H:%M}"
    return [Notice(f"summary/{installation.today}", f"{installation.today}", said)]


def rising(installation: Installation) -> list[Notice]:
    """What is asked about more than expected on the last day; told once while it lasts."""
    name = current_release(installation.warehouse)
    if name is None:
        return []
    facts = Facts(installation.warehouse.releases / name)
    last = facts.cutoff.date() - timedelta(days=1)
    return [
        Notice(
            f"rising/{each.kind}/{each.topic}",
            each.topic,
            f"{each.days}{each.now.text}件，预期{each.usual.text}件",
        )
        for each in rising_slices(facts, Span(last, last)) or []
    ]


_SOURCES: tuple[_Source, ...] = (
    (("missing",), missing),
    (("refused",), refused),
    (("suspect", "suspect_overdue"), suspect),
    (("unusual",), unusual),
    (("drift",), drift),
    (("quarantined",), quarantined),
    (("backlog",), backlog),
    (("rising",), rising),
    (("held",), held),
    (("report", "report_late"), reports),
    (("calendar",), calendar),
    (("knowledge",), knowledge),
    (("published",), published),
    (("summary",), summary),
)
