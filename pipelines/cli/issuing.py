"""`hotline report` and `reports`: issue one by name, list all.

Belongs here: how these are asked. What they do is in `pipelines.cli.reports`.
"""

from typing import Annotated

import typer

from pipelines.cli.command import app, command
from pipelines.config import load_installation


@app.command()
@command
def report(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="daily、weekly、monthly 或 annual")],
    period: Annotated[
        str,
        typer.Argument(metavar="PERIOD", help="2023-05-23、周的第一天、2023-05 或 2023"),
    ],
) -> int:
    """印发一份报告：没有发过、内容有变或文件缺失时印发，否则什么也不做。"""
    from pipelines.cli.reports import issue_report

    return issue_report(load_installation(), kind, period)


@app.command()
@command
def reports(
    kind: Annotated[
        str | None, typer.Option("--kind", help="只列这一类：daily、weekly、monthly、annual")
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="只列这一年的报告，如 2023")] = None,
) -> int:
    """已印发的报告，最新的在前：期号、版次、是否按时。"""
    from pipelines.cli.reports import list_reports

    return list_reports(load_installation(), kind, year)
