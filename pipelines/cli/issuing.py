"""`hotline report` and `hotline reports`: issue one by name, list all.

A report is issued by a Dagster run, as in the night, so that its record is in the same place; what
cannot be issued is said before one is started.
"""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from assets.core import HotlineError, did_you_mean
from assets.installation import Installation
from pipelines.cli.command import DAILY, app, command
from pipelines.cli.console import err, out, show_problems, show_table, table
from pipelines.config import load_installation
from schemas.reports import KINDS, TITLES

if TYPE_CHECKING:
    from assets.reports.content import Period
    from assets.reports.issue import Entry


@app.command(rich_help_panel=DAILY, epilog="例：hotline report monthly 2023-05")
@command
def report(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="daily、weekly、monthly 或 annual")],
    period: Annotated[
        str,
        typer.Argument(metavar="PERIOD", help="2023-05-23、周的第一天、2023-05 或 2023"),
    ],
) -> int:
    """印发一份报告：没有发过、内容有变或文件缺失时印发，否则什么也不做。"""
    from assets.reports.content import period_of
    from assets.reports.issue import Ledger, check_reportable, release_arrivals

    installation = load_installation()
    asked = period_of(kind, period, installation.reports.week_start)
    check_reportable(installation, release_arrivals(installation), asked)
    with installation.held(err.print):
        before = Ledger(installation.warehouse).last(asked.kind, asked.key)
        failed = not _issue(installation, asked)
    entry = Ledger(installation.warehouse).last(asked.kind, asked.key)
    name = f"{asked.title}{TITLES[asked.kind]}"
    if failed or entry is None:
        err.print(f"{name}没有印发成功，原因见上。", style="red")
        return 1
    _show_issue(installation, f"{name}第{entry.number}期", before, entry)
    return 0


def _issue(installation: Installation, period: "Period") -> bool:
    """Issue one report, as the button of the interface does; returns whether nothing failed."""
    import dagster as dg

    from assets.graph import Partitions
    from assets.reports.definitions import report_assets, report_key
    from pipelines.recorded_run import run_job

    try:
        events = run_job(
            installation,
            dg.Definitions(assets=report_assets(Partitions.of_installation(installation))),
            "__ASSET_JOB",
            tags={"dagster/partition": period.key},
            assets=[report_key(period.kind)],
        )
    finally:
        show_problems(installation.progress.problems)
    return not any(each.is_step_failure for each in events)


def _show_issue(
    installation: Installation, name: str, before: "Entry | None", entry: "Entry"
) -> None:
    if before is not None and before.revision == entry.revision:
        out.print(f"{name}没有变化，仍为第{entry.revision}版（{entry.issued_at:%Y-%m-%d %H:%M}）。")
    else:
        out.print(f"已印发{name}，第{entry.revision}版，{entry.state}。")
        for sentence in _changed(installation, before, entry):
            out.print(f"- {sentence}", markup=False)
    for path in entry.files.values():
        out.print(str(installation.root / path), markup=False, soft_wrap=True)


def _changed(installation: Installation, before: "Entry | None", entry: "Entry") -> tuple[str, ...]:
    """What a revision changed, from the contents of both, where they are there."""
    from assets.reports.issue import CONTENT_FILE, describe_changes

    if before is None:
        return ()
    records = [installation.root / each.path / CONTENT_FILE for each in (before, entry)]
    if not all(path.is_file() for path in records):
        return ()
    return describe_changes(*(json.loads(path.read_bytes()) for path in records))


@app.command(rich_help_panel=DAILY, epilog="例：hotline reports --kind monthly")
@command
def reports(
    kind: Annotated[
        str | None, typer.Option("--kind", help="只列这一类：daily、weekly、monthly、annual")
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", min=2000, max=2099, help="只列这一年的报告，如 2023")
    ] = None,
) -> int:
    """已印发的报告，最新的在前：期号、版次、是否按时。"""
    from assets.reports.issue import Ledger, due_reports

    installation = load_installation()
    if kind is not None and kind not in KINDS:
        said = did_you_mean(kind, KINDS) or f"请用 {'、'.join(KINDS)} 之一。"
        raise HotlineError(f"没有“{kind}”这一类报告。{said}")
    entries = [
        each
        for each in Ledger(installation.warehouse).entries
        if kind in (None, each.kind) and year in (None, each.first.year)
    ]
    shown = table(
        ["类型", "期间", "期号", "版次", "印发时间", "应印发", "是否按时", "目录"],
        right=("期号", "版次"),
    )
    for each in sorted(entries, key=lambda each: (each.issued_at, each.last), reverse=True):
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
