"""`hotline quarantine`: what is quarantined, the way back, and the way out.

Belongs here: the commands and their options. What they show is in `pipelines.cli.quarantine_show`,
what they do in `assets.quarantine`.
"""

import getpass
import os
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    HotlineError,
    make_folder,
    write_bytes,
    writing,
)
from assets.exports import catalogue
from assets.installation import Installation
from assets.masking import masked_name
from assets.quarantine import (
    BECAME,
    CORRECTED,
    DISCARDED,
    OPEN,
    file_named,
    form,
    form_name,
    quarantined_rows,
    with_fates,
)
from assets.quarantine import discard as enter
from pipelines.cli.command import command
from pipelines.cli.console import err, out
from pipelines.cli.quarantine_show import show_file, show_files, show_replay
from pipelines.config import load_installation
from schemas import EXPORTS

app = typer.Typer(
    help="隔离的行：查看、导出更正、改规则后重放、作废。",
    no_args_is_help=True,
    add_completion=False,
)
File = Annotated[str, typer.Argument(metavar="FILE", help="文件名、路径，或 list 显示的编号")]


def _dataset_of(installation: Installation, wanted: str) -> tuple[str, str]:
    """Dataset and delivery of the file that the operator means."""
    parts = [
        quarantined_rows(installation.warehouse, name).select(
            "delivery", "file", dataset=pl.lit(name)
        )
        for name in EXPORTS
    ]
    rows = pl.concat(parts)
    delivery = file_named(rows, wanted)
    return str(rows.filter(delivery=delivery)["dataset"][0]), delivery


@app.command("list")
@command
def list_files(
    dataset: Annotated[str | None, typer.Option("--dataset", help="只看一种导出")] = None,
    month: Annotated[
        str | None, typer.Option("--month", help="只看一个月的导出，如 2023-01")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="也列出已全部处理的文件")] = False,
) -> int:
    """逐个文件：待处理、已更正、已作废各多少行，为什么。"""
    if dataset is not None and dataset not in EXPORTS:
        raise HotlineError(f"没有“{dataset}”这种导出：应为{'、'.join(EXPORTS)}之一。")
    return show_files(load_installation(), dataset, month, everything=everything)


@app.command()
@command
def show(
    file: File,
    raw: Annotated[bool, typer.Option("--raw", help="同时显示原文（含个人信息）")] = False,
) -> int:
    """一个文件的隔离行：行号、原因、去向；曾被隔离、后来入库的行也在内。"""
    return show_file(load_installation(), file, raw=raw)


@app.command()
@command
def export(
    target: Annotated[str, typer.Argument(metavar="FILE", help="文件；与 --all 同用时省略")] = "",
    folder: Annotated[Path, typer.Option("--to", help="放到哪个目录")] = Path(),
    everything: Annotated[bool, typer.Option("--all", help="所有有待处理行的文件")] = False,
) -> int:
    """写出更正表（Excel，含个人信息）：每个文件一份，每行旁边是原因。"""
    if bool(target) == everything:
        raise HotlineError("请写一个文件名，或用 --all 导出全部，二者只能选一。")
    installation = load_installation()
    if folder.resolve().is_relative_to(installation.landing.resolve()):
        raise HotlineError("更正表不能直接写入接收目录：没有改好就会被接收。请换一个目录。")
    names = list(EXPORTS) if everything else [_dataset_of(installation, target)[0]]
    wanted = "" if everything else _dataset_of(installation, target)[1]
    written, used = 0, set[str]()
    for name in names:
        rows = with_fates(installation.warehouse, name).filter(pl.col(BECAME) == OPEN)
        rows = rows.filter(delivery=wanted) if wanted else rows
        if rows.height and name not in installation.profile.datasets:
            raise HotlineError(f"来源配置里没有 {name}，收不回更正表：请在配置里加上。")
        used |= {each.name for each in catalogue(installation.warehouse, name)}
        for own in rows.partition_by("delivery", maintain_order=True):
            written += _export(installation, name, own, folder, used)
    if not written:
        raise HotlineError("没有待处理的隔离行，不需要更正表。")
    out.print(f"更正表 {written} 份，含个人信息，只有当前用户能读；用完请删除。")
    return 0


def _export(
    installation: Installation, dataset: str, rows: pl.DataFrame, folder: Path, used: set[str]
) -> int:
    name = form_name(str(rows["file"][0]), used, installation.profile)
    used.add(name)
    path = folder / name
    if path.exists():
        raise HotlineError(f"{masked_name(name)} 已存在，未覆盖：请先改名或移走。")
    content = installation.warehouse.archived(str(rows["sha256"][0])).read_bytes()
    created = installation.now().replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    book = form(rows, content, EXPORTS[dataset], installation.profile, created=created)
    make_folder(folder, PRIVATE_FOLDER)
    write_bytes(path, book, mode=PRIVATE_FILE)
    out.print(f"{masked_name(name)}：{rows.height} 行", markup=False)
    return 1


@app.command()
@command
def replay() -> int:
    """改了规则、代码表或来源配置以后：重新读取有隔离行的文件，说明各有多少行入库。"""
    from pipelines.cli.night import bring_up_to_date

    installation = load_installation()
    before = {name: with_fates(installation.warehouse, name) for name in EXPORTS}
    days = {day for rows in before.values() for day in rows["export_date"]}
    if not days:
        out.print("没有隔离的行，不需要重放。")
        return 0
    outcome = bring_up_to_date(installation, why="replay", wanted=lambda day: day in days)
    show_replay(installation, before)
    for each in outcome.stale:
        err.print(f"未完成：{each}", style="red", markup=False)
    out.print(f"当前发布 {outcome.release or '（尚无）'}")
    return 0 if outcome.good else 1


@app.command()
@command
def discard(
    file: File,
    reason: Annotated[str, typer.Option("--reason", help="理由，必填")] = "",
    lines: Annotated[
        list[int] | None, typer.Option("--line", help="只作废这一行；可写多次")
    ] = None,
) -> int:
    """作废：不再更正的行，写明理由；谁、何时、为什么都记下来。"""
    installation = load_installation()
    with writing(
        installation.warehouse,
        timeout=installation.lock_timeout,
        now=installation.now,
        say=err.print,
    ):
        dataset, delivery = _dataset_of(installation, file)
        rows = with_fates(installation.warehouse, dataset).filter(delivery=delivery)
        if lines:
            if unknown := sorted(set(lines) - set(rows["line"])):
                shown = "、".join(str(each) for each in unknown[:10])
                raise HotlineError(f"第 {shown} 行不在隔离记录里：请用 show 核对行号。")
            rows = rows.filter(pl.col("line").is_in(lines))
        new = enter(
            installation.warehouse,
            dataset,
            rows.filter(pl.col(BECAME) != CORRECTED),
            reason=reason,
            who=_user(),
            at=installation.now(),
        )
    out.print(f"作废 {new} 行。")
    if already := rows.filter(pl.col(BECAME) == DISCARDED).height:
        out.print(f"{already} 行早已作废，记录不变。")
    if corrected := rows.filter(pl.col(BECAME) == CORRECTED).height:
        out.print(f"{corrected} 行已更正，不需要作废。")
    return 0


def _user() -> str:
    """The system user; by number where the system knows no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())
