"""`hotline profile`: check sample files by a profile, and draft one from the headers of a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from assets.core import HotlineError
from pipelines.cli.command import command
from pipelines.cli.console import err, out, show_table, table
from pipelines.config import load_installation

if TYPE_CHECKING:
    from assets.exports import Probe

app = typer.Typer(help="来源配置：用样例文件核对，或由表头起草。", no_args_is_help=True)


@app.command()
@command
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="样例文件")],
    profile: Annotated[
        str | None, typer.Option("--profile", help="来源配置，默认用 hotline.toml 所设的")
    ] = None,
) -> int:
    """核对：逐列列出对应的列名、读出的比例、未登记的代码，以及各规则会隔离多少行。"""
    from assets.exports import probe_file
    from assets.profiles import load_profile

    chosen = load_profile(profile) if profile else load_installation().profile
    return max([_show(path, probe_file(path, chosen)) for path in files])


def _show(path: Path, found: "Probe") -> int:
    if found.refusal:
        err.print(f"{path.name}：{found.refusal}", style="red", markup=False)
        return 1
    shown = table(["列", "含义", "来源", "有值", "读出"], right=("有值", "读出"))
    for each in found.columns:
        share = f"{100 * each.parsed / each.filled:.1f}%" if each.filled else "—"
        source = each.source or ("缺少" if each.required else "—")
        shown.add_row(each.name, each.title, escape(source), str(each.filled), share)
    show_table(f"{found.dataset}：读取 {found.read} 行，会隔离 {found.quarantined} 行", shown)
    for sentence, count in found.rules:
        out.print(f"{count} 行：{sentence}", markup=False)
    for sentence in found.noticed:
        out.print(sentence, markup=False)
    return 1 if found.quarantined else 0


@app.command()
@command
def new(file: Annotated[Path, typer.Argument(metavar="FILE", help="样例文件")]) -> int:
    """起草：按文件的表头写出一份来源配置，打印在屏幕上；另存为 .toml 后补全。"""
    from assets.exports import FileRefused, draft_profile
    from schemas.file_rules import FILE_RULES

    try:
        text = draft_profile(file.read_bytes(), file.name)
    except FileNotFoundError:
        raise HotlineError(f"找不到样例文件 {file.name}：请核对路径。") from None
    except FileRefused as refused:
        raise HotlineError(FILE_RULES[refused.rule].zh.format(**refused.detail)) from None
    out.print(text, markup=False, soft_wrap=True, end="")
    return 0
