"""`hotline notify`: send what is due, show it, or try the channels."""

from collections.abc import Sequence
from typing import Annotated

import typer

from assets.core import HotlineError
from assets.installation import Channel, Installation
from assets.notifications import DEFAULT_EVENTS, Message, Severity, notify_channels, preview, send
from pipelines.cli.cities import cities_meant
from pipelines.cli.command import DAILY, app, command
from pipelines.cli.console import err, out
from pipelines.config import load_installation

_NO_CHANNEL = "hotline.toml 没有设置通知通道：请按操作手册“通知”一节写上 [[notify.channels]]。"


@app.command(rich_help_panel=DAILY, epilog="例：hotline notify --dry-run")
@command
def notify(
    test: Annotated[bool, typer.Option("--test", help="向每个通道发一条测试消息")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只显示将要发送的内容，不发送")
    ] = False,
) -> int:
    """通知：把还没有告诉过的情况发给各通道；没有新情况就什么也不发。"""
    installations = cities_meant() or [load_installation()]
    if dry_run:
        return _show(installations)
    if not any(installation.notices.channels for installation in installations):
        raise HotlineError(_NO_CHANNEL)
    if test:
        return _test(installations)
    problems = [
        problem for installation in installations for problem in notify_channels(installation)
    ]
    for problem in problems:
        err.print(problem, style="red", markup=False)
    if not problems:
        out.print("通知都已送达，或没有新的情况。")
    return 1 if problems else 0


def _show(installations: Sequence[Installation]) -> int:
    for installation in installations:
        for channel in installation.notices.channels or (
            Channel("（尚未设置）", "", DEFAULT_EVENTS),
        ):
            message = preview(installation, channel)
            out.print(f"\n[bold]通道 {channel.name}[/] {installation.name}")
            said = f"{message.title}\n\n{message.body}" if message else "没有新的情况，不发送。"
            out.print(said, markup=False, soft_wrap=True)
    return 0


def _test(installations: Sequence[Installation]) -> int:
    # Cities share their channels unless one has its own.
    channels = {
        channel: installation
        for installation in installations
        for channel in installation.notices.channels
    }
    failed = False
    for channel, installation in channels.items():
        head = f"{installation.reports.organisation}　{installation.local_now():%Y-%m-%d %H:%M}"
        said = f"{head}\n\n收到这条消息，说明通道可用。"
        problem = send(channel, Message("热线数据通知：测试", said, Severity.INFO))
        failed = failed or problem is not None
        if problem:
            err.print(problem, style="red", markup=False)
        else:
            out.print(f"通知通道“{channel.name}”：已发出，请确认对方收到。", markup=False)
    return 1 if failed else 0
