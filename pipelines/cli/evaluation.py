"""`hotline score`, `targets`, `explain`, `form`: a year's evaluation, and where figures come from.

Belongs here: how these are asked. What they print is in modules of their own.
"""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.command import app, command
from pipelines.config import load_installation

Year = Annotated[int, typer.Argument(metavar="YEAR", help="年度，如 2023")]


@app.command()
@command
def score(year: Year) -> int:
    """绩效评价计分表：按指标体系的规则计分，与公布的得分逐项对照。"""
    from pipelines.cli.score import show_scorecard

    return show_scorecard(load_installation(), year)


@app.command()
@command
def targets(year: Year) -> int:
    """目标值复核：各指标近三年的数值、最低月份、现目标和建议。"""
    from pipelines.cli.targets import show_targets

    return show_targets(load_installation(), year)


@app.command()
@command
def explain(
    metric: Annotated[str, typer.Argument(metavar="METRIC", help="指标编号或名称，如 answer_rate")],
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="年或月，如 2023 或 2023-05")],
    ids: Annotated[
        bool, typer.Option("--ids", help="只列出分子所计记录：编号、导出文件、行号")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="列出全部导出文件")] = False,
) -> int:
    """追溯一个数字：发布、事实文件、导出文件、算法、程序版本，直到每条记录的编号。"""
    from pipelines.cli.explain import explain as show

    return show(load_installation(), metric, period, ids=ids, everything=everything)


@app.command()
@command
def form(
    year: Year,
    check: Annotated[
        Path | None, typer.Option("--check", help="核对这份填好的表，逐格指出问题")
    ] = None,
) -> int:
    """年度填报表：写出还缺的填报项（Excel）；填好后用 --check 核对。"""
    from pipelines.cli.form import show_check, write_form

    installation = load_installation()
    if check is not None:
        return show_check(installation, year, check)
    return write_form(installation, year, Path(f"annual_{year}_空表.xlsx"))
