"""`hotline report` and `hotline reports`: issue one, list all.

Belongs here: what the operator is told. A report is issued by a Dagster run, as in the night, so
that its record is in the same place; what cannot be issued is said before one is started.
"""

import json

from assets.core import HotlineError
from assets.installation import Installation
from assets.reports.content import Period, period_of
from assets.reports.issue import FILE as CONTENT_FILE
from assets.reports.issue import Entry, Ledger, arrived, changes, check, due_reports, file_name
from pipelines.cli.console import err, out, show_table, table
from pipelines.cli.night import recorded
from schemas.reports import FORMS, KINDS, TITLES


def issue_report(installation: Installation, kind: str, key: str) -> int:
    """Issue a report if it is new or changed, and say what came of it.

    Returns:
        Exit status: 1 where it could not be made.
    """
    period = period_of(kind, key, installation.reports.week_start)
    check(installation, arrived(installation), period)
    with installation.held(err.print):
        before = Ledger(installation.warehouse).last(period.kind, period.key)
        with recorded(installation, why="report", totals={"reports": 1}) as night:
            failed = night.issue_one(period)
    entry = Ledger(installation.warehouse).last(period.kind, period.key)
    if failed or entry is None:
        err.print(f"{period.title}{TITLES[period.kind]}没有印发成功，原因见上。", style="red")
        return 1
    _tell(installation, period, before, entry)
    return 0


def _tell(installation: Installation, period: Period, before: Entry | None, entry: Entry) -> None:
    name = f"{period.title}{TITLES[period.kind]}第{entry.number}期"
    if before is not None and before.revision == entry.revision:
        out.print(f"{name}没有变化，仍为第{entry.revision}版（{entry.issued_at:%Y-%m-%d %H:%M}）。")
    else:
        out.print(f"已印发{name}，第{entry.revision}版，{entry.state}。")
        for sentence in _changed(installation, before, entry):
            out.print(f"- {sentence}", markup=False)
    for form in FORMS:
        path = installation.root / entry.path / file_name(period, form)
        out.print(str(path), markup=False, soft_wrap=True)


def _changed(installation: Installation, before: Entry | None, entry: Entry) -> tuple[str, ...]:
    """What a revision changed, from the contents of both, where they are there."""
    if before is None:
        return ()
    records = [installation.root / each.path / CONTENT_FILE for each in (before, entry)]
    if not all(path.is_file() for path in records):
        return ()
    return changes(*(json.loads(path.read_bytes()) for path in records))


def list_reports(installation: Installation, kind: str | None, year: int | None) -> int:
    """List what was issued, newest first, and say what is due and was not.

    Returns:
        Exit status: 0.
    """
    if kind is not None and kind not in KINDS:
        raise HotlineError(f"没有“{kind}”这一类报告：请用 {'、'.join(KINDS)} 之一。")
    entries = [
        each
        for each in Ledger(installation.warehouse).entries
        if kind in (None, each.kind) and year in (None, each.first.year)
    ]
    entries.sort(key=lambda each: (each.issued_at, each.last), reverse=True)
    shown = table(
        ["类型", "期间", "期号", "版次", "印发时间", "应印发", "是否按时", "目录"],
        right=("期号", "版次"),
    )
    for each in entries:
        shown.add_row(
            TITLES[each.kind],
            each.period,
            str(each.number),
            str(each.revision),
            f"{each.issued_at:%Y-%m-%d %H:%M}",
            str(each.due),
            each.state,
            each.path,
        )
    show_table("已印发的报告", shown)
    if waiting := sum(len(keys) for keys in due_reports(installation).values()):
        out.print(f"待印发或核对：{waiting} 份（请运行 hotline run）")
    return 0
