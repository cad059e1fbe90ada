"""`hotline profile`: check sample files by a profile, and draft one from the headers of a file."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from assets.core import HotlineError
from assets.installation import Installation
from assets.masking import masked_name
from pipelines.cli.command import check_dataset, command
from pipelines.cli.console import err, out, show_table, table
from pipelines.config import load_installation, load_top_level

if TYPE_CHECKING:
    from assets.exports import Probe

app = typer.Typer(help="来源配置：用样例文件核对，或由表头起草。", no_args_is_help=True)


@app.command(epilog="例：hotline profile check 样例/calls_20240115.csv")
@command
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="样例文件")],
    profile: Annotated[
        str | None, typer.Option("--profile", help="来源配置，默认用 hotline.toml 所设的")
    ] = None,
) -> int:
    """核对：像 hotline run 一样读样例文件，说明会拒收什么、隔离什么、存成什么、得出什么数字。"""
    from assets.exports import probe_file

    installation = load_top_level() if profile else load_installation()
    if profile:
        installation = replace(installation, profile_name=profile)
    found = {path: probe_file(path, installation.profile) for path in files}
    for path, each in found.items():
        _show(path, each)
    taken = [path for path, each in found.items() if not each.refusal]
    if taken:
        _show_figures(taken, installation)
    return 0 if len(taken) == len(files) else 1


def _show(path: Path, found: "Probe") -> None:
    from assets.exports import line_text

    if found.refusal:
        err.print(f"{masked_name(path.name)} 会被拒收：{found.refusal}", style="red", markup=False)
    if not found.columns:
        return
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
    if found.rows:
        out.print("\n[bold]存下的前几行[/]（长文本只显示字数，来电人只显示代号，长号码遮盖）")
    for line, texts in found.rows:
        cells = "，".join(f"{title} {text}" for title, text in texts.items())
        out.print(f"行号 {line_text(line)}：{cells}", markup=False)


def _show_figures(files: list[Path], installation: Installation) -> None:
    from pipelines.cli.rehearsal import monthly_figures
    from schemas.kpis import KPIS

    figures = monthly_figures(files, installation).drop_nulls("numerator")
    titles = {kpi.id: kpi.title for kpi in KPIS}
    for (month,), rows in figures.group_by("month", maintain_order=True):
        shown = table(["指标", "数值", "分子", "分母"], right=("数值", "分子", "分母"))
        for row in rows.iter_rows(named=True):
            per = "" if row["denominator"] is None else str(row["denominator"])
            value = row["display"] + (row["unit"] if row["unit"] == "%" else "")
            shown.add_row(titles[row["metric"]], value, str(row["numerator"]), per)
        show_table(f"{month} 会得出的月度数字", shown)


@app.command(epilog="例：hotline profile new 样例/calls_20240115.csv")
@command
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="样例文件")],
    dataset: Annotated[str, typer.Option("--dataset", help="数据集，默认取列名最相符的")] = "",
) -> int:
    """起草：按文件的表头写出一份来源配置，打印在屏幕上；另存为 .toml 后补全。"""
    from assets.exports import FileRefused, draft_profile
    from schemas.file_rules import FILE_RULES

    if dataset:
        check_dataset(dataset)
    try:
        draft = draft_profile(file.read_bytes(), file.name, dataset)
    except OSError as error:
        raise HotlineError(f"样例文件无法读取（{type(error).__name__}）：请核对路径。") from None
    except FileRefused as refused:
        raise HotlineError(FILE_RULES[refused.rule].zh.format(**refused.detail)) from None
    out.print(draft.text, markup=False, soft_wrap=True, end="")
    if draft.doubt:
        err.print(f"{draft.doubt}。", style="red", markup=False)
    return 1 if draft.doubt else 0
