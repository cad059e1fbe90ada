"""`hotline notify`: send what is due, show it, or try the channels.

Belongs here: how this is asked and shown. What is told, and to whom, is in `assets.notices`.
"""

from collections.abc import Sequence
from typing import Annotated

import typer

from assets.errors import HotlineError
from assets.settings.notices import Channel
from assets.site import Site
from pipelines.cli.command import app, command
from pipelines.cli.console import err, out
from pipelines.cli.several import cities_meant
from pipelines.config import load_site

_NOBODY = "hotline.toml 没有设置通知通道：请按操作手册“通知”一节写上 [[notify.channels]]。"


@app.command()
@command
def notify(
    test: Annotated[bool, typer.Option("--test", help="向每个通道发一条测试消息")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只显示将要发送的内容，不发送")
    ] = False,
) -> int:
    """通知：把还没有告诉过的情况发给各通道；没有新情况就什么也不发。"""
    sites = cities_meant() or [load_site()]
    if dry_run:
        return _show(sites)
    if not any(site.notices.channels for site in sites):
        raise HotlineError(_NOBODY)
    if test:
        return _try(sites)
    from assets.notices.tell import tell

    problems = [problem for site in sites for problem in tell(site)]
    for problem in problems:
        err.print(problem, style="red", markup=False)
    if not problems:
        out.print("通知都已送达，或没有新的情况。")
    return 1 if problems else 0


def _show(sites: Sequence[Site]) -> int:
    from assets.notices.events import USUAL
    from assets.notices.tell import preview

    for site in sites:
        for channel in site.notices.channels or (Channel("（尚未设置）", "", USUAL),):
            message = preview(site, channel)
            out.print(f"\n[bold]通道 {channel.name}[/] {site.name}")
            said = f"{message.title}\n\n{message.body}" if message else "没有新的情况，不发送。"
            out.print(said, markup=False, soft_wrap=True)
    return 0


def _try(sites: Sequence[Site]) -> int:
    from assets.notices.events import Severity
    from assets.notices.message import Message
    from assets.notices.send import send

    # Cities share their channels unless one has its own.
    channels = {channel: site for site in sites for channel in site.notices.channels}
    failed = False
    for channel, site in channels.items():
        head = f"{site.reports.organisation}　{site.now():%Y-%m-%d %H:%M}"
        said = f"{head}\n\n收到这条消息，说明通道可用。"
        problem = send(channel, Message("热线数据通知：测试", said, Severity.INFO))
        failed = failed or problem is not None
        if problem:
            err.print(problem, style="red", markup=False)
        else:
            out.print(f"通知通道“{channel.name}”：已发出，请确认对方收到。", markup=False)
    return 1 if failed else 0
