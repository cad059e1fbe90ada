"""`hotline demo`: a year of sample exports to facts and reports, against the printed tables."""

import time
from collections import Counter
from itertools import groupby

import polars as pl
from rich.progress import Progress

from assets.core import HotlineError, make_folder, write_bytes
from assets.evaluation import ComparedTable, compare
from assets.installation import Installation
from assets.reports.issue import Ledger
from assets.sample import is_complete, write_exports
from assets.sources import FolderSettings
from pipelines.cli.console import err, out, show_table, table
from pipelines.cli.night import bring_up_to_date
from schemas.reports import KINDS, TITLES

_SEED = 2023
# Says that a folder was empty when the demo began to write: it may go on there after a crash.
_BEGUN = ".demo"


def _write_sample(installation: Installation) -> None:
    if not isinstance(installation.profile.source, FolderSettings):
        raise HotlineError(
            "示例只用于接收目录：来源配置的 [source] 指向别处，请换一份 hotline.toml。"
        )
    if is_complete(installation.landing):
        return
    begun = installation.landing / _BEGUN
    if installation.landing.is_dir() and any(installation.landing.iterdir()) and not begun.exists():
        raise HotlineError(
            f"接收目录 {installation.landing} 里已有别的文件：示例不会写入真实数据。"
            "请换一个空目录（HOTLINE_LANDING）。"
        )
    make_folder(installation.landing)
    write_bytes(begun, b"")
    with Progress(console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task("生成样例导出", total=None)
        files = write_exports(
            installation.landing,
            seed=_SEED,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    out.print(f"已生成2023年样例导出 {files} 个文件：{installation.landing}")


def _show(compared: ComparedTable) -> int:
    """Print a table, printed | computed; returns the number of cells that differ."""
    columns = list(dict.fromkeys(cell.column for cell in compared.cells))
    shown = table(
        ["月份", *columns],
        right=tuple(columns),
    )
    wrong = 0
    for row, cells in groupby(compared.cells, key=lambda cell: cell.row):
        texts = []
        for cell in cells:
            wrong += not cell.equal
            mark = "[green]=[/]" if cell.equal else "[red]≠[/]"
            texts.append(f"{cell.printed} {mark} {cell.computed}")
        shown.add_row(row, *texts)
    show_table(f"表{compared.number} {compared.title}（公布 = 计算）", shown)
    return wrong


def _show_reports(installation: Installation) -> None:
    issued = Counter(
        each.kind for each in Ledger(installation.warehouse).entries if each.revision == 1
    )
    counts = "、".join(f"{TITLES[kind]} {issued[kind]} 份" for kind in KINDS)
    out.print(f"报告：{counts}，目录页 {installation.warehouse.reports_index}", soft_wrap=True)


def run_demo(installation: Installation) -> int:
    """Run the demo.

    Returns:
        Exit status: 0 where every cell is equal.
    """
    begun = time.monotonic()
    with installation.held(err.print):
        _write_sample(installation)
    outcome = bring_up_to_date(installation, why="demo")
    if outcome.idle and outcome.good:
        out.print(f"示例已是最新，无需重做。当前发布 {outcome.release}")
    if outcome.release is None:
        return 1
    release = installation.warehouse.releases / outcome.release
    kpis = pl.read_parquet(f"{release}/facts/kpi_monthly/*.parquet")
    tables = compare(kpis)
    wrong = sum(_show(each) for each in tables)
    cells = sum(len(each.cells) for each in tables)
    if wrong:
        out.print(f"[red]{cells} 个数字中有 {wrong} 个不一致。[/]")
    else:
        out.print(f"[green]{cells} 个公布的数字全部一致。[/]（{time.monotonic() - begun:.0f} 秒）")
    out.print(
        f"事实数据：{installation.warehouse.current}/facts/（Parquet，说明见 datapackage.json）"
    )
    _show_reports(installation)
    out.print(
        "接下来：hotline status 查看现状；hotline verify 核验发布；make ui 打开 Dagster 界面。"
    )
    return 0 if outcome.good and not wrong else 1
