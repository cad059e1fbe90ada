"""`hotline backup`, `restore`, `scrub`, `rebuild`, `prune`: nothing is lost for good."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.command import ADMINISTRATION, WHEN_RED, app, command
from pipelines.cli.console import err, out
from pipelines.config import load_installation

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="备份所在的目录")]
Files = Annotated[
    list[str] | None,
    typer.Option("--file", help="只恢复这个文件（数据仓库内的路径，可多次）"),
]
_MIB = 1 << 20


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline backup /备份盘/热线")
@command
def backup(folder: Folder) -> int:
    """备份：存档、密钥、各版发布、发布日志；可在运行中做，中断后再运行一次即可继续。"""
    from assets.sync import back_up

    installation = load_installation()
    done = back_up(installation, folder.absolute(), err.print)
    files = done.manifest.files
    size = sum(each.size for each in files) / _MIB
    out.print(
        f"备份完成并已核对：{len(files)} 个文件，{size:.1f} MiB，"
        f"其中新复制 {done.new} 份内容。当前发布 {done.manifest.release or '（尚无）'}"
    )
    out.print(f"位置：{folder.absolute()}（含个人信息和密钥，请同样保密）", soft_wrap=True)
    if installation.warehouse.caller_key.name not in {each.path for each in files}:
        err.print(
            "密钥不在备份中：它来自环境变量 HOTLINE_CALLER_KEY，请另外妥善保存。", style="yellow"
        )
    err.print("hotline.toml 和它指向的文件不在备份中，请另外保存。", style="yellow")
    return 0


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline restore /备份盘/热线")
@command
def restore(folder: Folder, file: Files = None) -> int:
    """恢复：先核对备份，再写入空的数据仓库，最后核验当前发布；或只恢复个别文件。"""
    from assets.releases import verify
    from assets.sync import restore as bring_back
    from assets.sync import restore_files

    installation = load_installation()
    if file:
        done = restore_files(installation, folder.absolute(), file, err.print)
        out.print(f"已恢复 {len(done)} 个文件：{'、'.join(done)}", markup=False, soft_wrap=True)
        out.print("接下来运行 hotline scrub 核对，再运行 hotline run。")
        return 0
    manifest = bring_back(installation, folder.absolute(), err.print)
    out.print(
        f"已恢复 {manifest.at[:16].replace('T', ' ')} 的备份到 {installation.root}", soft_wrap=True
    )
    if manifest.release:
        wrong = [each.title for each in verify(installation.warehouse) if not each.passed]
        if wrong:
            err.print(f"当前发布核验未通过：{'、'.join(wrong)}。请运行 hotline run。", style="red")
            return 1
        out.print(f"当前发布 {manifest.release} 核验通过。")
    out.print("接下来运行 hotline run：由存档重新算出其余内容。")
    return 0


@app.command(rich_help_panel=WHEN_RED, epilog="例：hotline scrub --pace 50")
@command
def scrub(
    backup: Annotated[
        Path | None, typer.Option("--backup", help="备份所在的目录，一并检查")
    ] = None,
    pace: Annotated[
        int, typer.Option("--pace", min=0, metavar="MiB", help="每秒最多读多少 MiB；0 为不限")
    ] = 0,
) -> int:
    """巡检：逐个核对存档、中间数据、各版发布、台账和已印发的报告，找出损坏并给出办法。"""
    from assets.scrub import scrub as look

    installation = load_installation()
    folder = backup.absolute() if backup else None
    seen, found = look(installation, err.print, backup_folder=folder, pace=pace * _MIB)
    for each in found:
        colour = "yellow" if each.heals else "red"
        said = f"{each.title} {each.path}：{each.remedy}"
        err.print(said, style=colour, markup=False, soft_wrap=True)
    if not found:
        out.print(f"核对 {seen} 个文件，都与登记的一致。")
        return 0
    heals = sum(each.heals for each in found)
    out.print(f"核对 {seen} 个文件，缺失或损坏 {len(found)} 个，其中 {heals} 个可由存档重新算出。")
    return 1


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline rebuild")
@command
def rebuild() -> int:
    """重建：只用原始存档重新算出一切，应得到同一版；重建期间读者仍使用当前发布。"""
    from assets.releases import current_release
    from assets.sync import check_archive, forget_computed
    from pipelines.cli.night import bring_up_to_date

    installation = load_installation()
    with installation.held(err.print):
        files = check_archive(installation.warehouse)
        before = current_release(installation.warehouse)
        forget_computed(installation.warehouse)
        # What lies in the landing folder waits for the next night.
        outcome = bring_up_to_date(installation, why="rebuild", archive_only=True)
    out.print(f"由存档的 {files} 个文件重建，当前发布 {outcome.release or '（尚无）'}")
    if outcome.release == before and outcome.good:
        out.print("[green]与重建前是同一版。[/]")
    elif outcome.good:
        err.print(
            f"重建前是 {before}：程序、来源配置、日历或时限规则在那以后改变过。"
            f"可用 hotline diff {before} current 查看差别。",
            style="yellow",
            markup=False,
        )
    return 0 if outcome.good else 1


@app.command(rich_help_panel=ADMINISTRATION, epilog="例：hotline prune --days 90")
@command
def prune(
    days: Annotated[int, typer.Option("--days", min=7, help="保留最近多少天的运行日志")] = 90,
) -> int:
    """清理：删除旧运行的逐步日志；运行本身、资产历史、数据和发布都不受影响。"""
    from pipelines.dagster_instance import prepare_home, recording
    from pipelines.dagster_instance import prune as remove

    installation = load_installation()
    home = prepare_home(installation)
    with recording(home, installation.postgres) as instance:
        pruned = remove(instance, home, installation.now() - timedelta(days))
    out.print(f"清理了 {days} 天以前 {pruned.runs} 次运行的日志，{pruned.size / _MIB:.1f} MiB。")
    return 0
