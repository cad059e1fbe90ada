"""`hotline score`, `targets`, `explain`, `form`: a year's evaluation, and what figures rest on."""

from pathlib import Path
from typing import Annotated

import typer

from assets.core import HotlineError
from assets.facts import Inputs
from assets.installation import Installation
from assets.scoring import Scorecard, review, scorecard
from assets.trace import KEY, Figure, locate_rows, rows_behind, trace
from pipelines.cli.command import YEARLY, app, command
from pipelines.cli.console import err, out, printable, show_table, table
from pipelines.config import load_installation
from schemas import FACTS

Year = Annotated[int, typer.Argument(metavar="YEAR", min=2000, max=2099, help="年度，如 2023")]
_FILES_SHOWN = 20


def _current(installation: Installation) -> Path:
    """Folder of the current release."""
    if not installation.warehouse.current.is_symlink():
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    return installation.warehouse.current.resolve()


@app.command(rich_help_panel=YEARLY, epilog="例：hotline score 2023")
@command
def score(year: Year) -> int:
    """绩效评价计分表：按指标体系的规则计分，与公布的得分逐项对照。"""
    card = scorecard(_current(load_installation()), year)
    shown = table(
        ["三级指标", "权重", "完成值", "得分", "公布", "计分依据"], right=("权重", "得分", "公布")
    )
    for each in card.scores:
        marks = _marks(each.score)
        if each.differs or each.score is None:
            marks = f"[yellow]{marks}[/]"
        row = (each.title, f"{each.weight:g}", each.display, marks, _marks(each.printed))
        shown.add_row(*row, each.reason)
    shown.add_section()
    shown.add_row("合计", "100", "", _marks(card.total), _marks(card.printed), "")
    show_table(f"{year}年绩效评价计分表（发布 {card.release}）", shown)
    _explain_scores(card)
    return 1 if card.missing else 0


def _marks(marks: float | None) -> str:
    return "—" if marks is None else f"{marks:g}"


def _explain_scores(card: Scorecard) -> None:
    """Print why marks differ from the printed ones, other totals, and what is missing."""
    for each in card.scores:
        said = each.note
        if each.differs:
            rule, printed = _marks(each.score), _marks(each.printed)
            said = f"按规则{rule}分，公布{printed}分——{each.note or each.reason}"
        if said:
            out.print(f"{each.title}：{said}", markup=False)
    if card.alternative is not None:
        out.print(f"按另一套权重（表4-3）计：{_marks(card.alternative)}分")
    if card.printed_annex is not None and card.printed_annex != card.printed:
        out.print(
            f"公布的得分自相矛盾：正文各表合计{_marks(card.printed)}分，"
            f"附件1各项合计{_marks(card.printed_annex)}分"
        )
    for title in card.missing:
        err.print(f"缺数据：{title}（未计分，请补报年度填报或检查导出）", style="yellow")


@app.command(rich_help_panel=YEARLY, epilog="例：hotline targets 2024")
@command
def targets(year: Year) -> int:
    """目标值复核：各指标近三年的数值、最低月份、现目标和建议。"""
    found = list(review(_current(load_installation()), year))
    years = [str(each) for each, _ in found[0].history]
    numbers = (*years, "最低月份", "未达月数", "现目标", "建议")
    shown = table(["指标", *numbers, "理由"], right=numbers, least=(*years[:2], "未达月数"))
    for each in found:
        raised = each.proposed != each.kpi.target
        shown.add_row(
            f"{each.kpi.title}（{each.kpi.unit}）",
            *(figure for _, figure in each.history),
            f"{each.worst[0]}（{each.worst[1]}）" if each.months else "—",
            f"{each.missed}/{each.months}",
            str(each.kpi.target),
            f"[yellow]{each.proposed:g}[/]" if raised else f"{each.proposed:g}",
            each.reason,
        )
    show_table(f"{year}年目标值复核", shown)
    out.print("数量指标为月均值；比率为全年合计之比。建议只是算术，由人决定。")
    return 0


@app.command(
    rich_help_panel=YEARLY,
    epilog="例：hotline explain answer_rate 2023-05；hotline explain 话务接通率 2023",
)
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
    installation = load_installation()
    figure = trace(installation.warehouse, metric, period)
    total = figure.kpi.numerator
    inputs = Inputs(installation.warehouse)
    months = {each.path.split("/")[2][:7] for each in figure.facts}
    behind = rows_behind(inputs, total, sorted(months))
    if ids:
        files = figure.files.select("delivery", "file")
        found = locate_rows(inputs, total, behind).join(files, on="delivery", maintain_order="left")
        for key, file, line in found.select(KEY, "file", "line").iter_rows():
            print(printable(f"{key}\t{file}\t{line}"))
    else:
        _show_figure(figure, everything=everything)
        out.print(f"分子由 {behind.height} 条记录计成：用 --ids 列出编号、导出文件和行号。")
    counted = int(behind["count"].sum())
    if counted == figure.numerator:
        return 0
    err.print(
        f"当前记录合计 {counted}，与发布的 {figure.numerator} 不同：发布之后又有数据到达，"
        "请运行 hotline run 后再查。",
        style="yellow",
    )
    return 1


def _show_figure(figure: Figure, *, everything: bool) -> None:
    """Print what a figure rests on: rule, release, fact files, export files."""
    kpi = figure.kpi
    out.print(f"{kpi.title}（{kpi.id}） {figure.period}：{figure.display}{kpi.unit}")
    over = f" ÷ {figure.denominator}" if figure.denominator is not None else ""
    out.print(f"算法：{kpi.basis}；{figure.numerator}{over}")
    out.print(
        f"发布：{figure.release}　数据截至：{figure.cutoff}　程序版本：{figure.code}",
        markup=False,
    )
    shown = table(["事实文件", "行数", "合计", "SHA-256"], right=("行数",))
    for each in figure.facts:
        titles = {column.name: column.title for column in FACTS[each.path.split("/")[1]].columns}
        sums = "，".join(f"{titles[name]} {value}" for name, value in each.sums.items())
        shown.add_row(each.path, str(each.rows), sums, each.sha256[:16])
    show_table(f"事实文件（releases/{figure.release}/）", shown)
    numbers = ("读取行", "入库行", "计入行")
    shown = table(["导出文件", "日期", *numbers, "SHA-256"], right=numbers)
    files = figure.files if everything else figure.files.head(_FILES_SHOWN)
    for _, name, day, sha256, read, accepted, counted, _ in files.iter_rows():
        shown.add_row(name, str(day), str(read), str(accepted), str(counted), sha256)
    show_table(f"导出文件 {figure.files.height} 个（原件在 archive/ 下，以 SHA-256 为名）", shown)
    if figure.files.height > files.height:
        out.print(f"另有 {figure.files.height - files.height} 个，用 --all 全部列出。")


@app.command(
    rich_help_panel=YEARLY, epilog="例：hotline form 2023；hotline form 2023 --check 填报表.xlsx"
)
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
