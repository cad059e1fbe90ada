"""Explain a published figure: from the release down to the raw lines."""

from assets.facts import Inputs
from assets.installation import Installation
from assets.trace import KEY, Figure, places, rows_behind, trace
from pipelines.cli.console import err, out, show_table, table
from schemas import FACTS

_FILES_SHOWN = 20


def _show_facts(figure: Figure) -> None:
    shown = table(["事实文件", "行数", "合计", "SHA-256"], right=("行数",))
    for each in figure.facts:
        titles = {column.name: column.title for column in FACTS[each.path.split("/")[1]].columns}
        sums = "，".join(f"{titles[name]} {value}" for name, value in each.sums.items())
        shown.add_row(each.path, str(each.rows), sums, each.sha256[:16])
    show_table(f"事实文件（releases/{figure.release}/）", shown)


def _show_files(figure: Figure, *, everything: bool) -> None:
    numbers = ("读取行", "入库行", "计入行")
    shown = table(["导出文件", "日期", *numbers, "SHA-256"], right=numbers)
    files = figure.files if everything else figure.files.head(_FILES_SHOWN)
    for _, name, day, sha256, read, accepted, counted, _ in files.iter_rows():
        shown.add_row(name, str(day), str(read), str(accepted), str(counted), sha256)
    show_table(f"导出文件 {figure.files.height} 个（原件在 archive/ 下，以 SHA-256 为名）", shown)
    if figure.files.height > files.height:
        out.print(f"另有 {figure.files.height - files.height} 个，用 --all 全部列出。")


def explain(
    installation: Installation, metric: str, period: str, *, ids: bool, everything: bool
) -> int:
    """Print what a figure rests on.

    Args:
        installation: the installation.
        metric: id or Chinese name of a KPI.
        period: YYYY or YYYY-MM.
        ids: print the rows behind the numerator instead: key, export file, line in it.
        everything: list every export file.

    Returns:
        Exit status: 0, or 1 where the rows at hand are no longer those of the release.
    """
    figure = trace(installation.warehouse, metric, period)
    months = [each.path.split("/")[2][:7] for each in figure.facts]
    total = figure.kpi.numerator
    inputs = Inputs(installation.warehouse)
    behind = rows_behind(inputs, total, sorted(set(months)))
    counted = int(behind["count"].sum())
    if ids:
        files = figure.files.select("delivery", "file")
        found = places(inputs, total, behind).join(files, on="delivery", maintain_order="left")
        for key, file, line in found.select(KEY, "file", "line").iter_rows():
            print(key, file, line, sep="\t")
    else:
        unit = figure.kpi.unit
        out.print(f"{figure.kpi.title}（{figure.kpi.id}） {period}：{figure.display}{unit}")
        over = f" ÷ {figure.denominator}" if figure.denominator is not None else ""
        out.print(f"算法：{figure.kpi.basis}；{figure.numerator}{over}")
        out.print(
            f"发布：{figure.release}　数据截至：{figure.cutoff}　程序版本：{figure.code}",
            markup=False,
        )
        _show_facts(figure)
        _show_files(figure, everything=everything)
        out.print(f"分子由 {behind.height} 条记录计成：用 --ids 列出编号、导出文件和行号。")
    if counted != figure.numerator:
        err.print(
            f"当前记录合计 {counted}，与发布的 {figure.numerator} 不同：发布之后又有数据到达，"
            "请运行 hotline run 后再查。",
            style="yellow",
        )
        return 1
    return 0
