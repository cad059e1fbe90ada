"""Show the review of targets: three years of each figure beside its target."""

from assets.core import HotlineError
from assets.installation import Installation
from assets.scoring import review
from pipelines.cli.console import out, show_table, table


def show_targets(installation: Installation, year: int) -> int:
    """Print the review of a year.

    Returns:
        Exit status 0.
    """
    if not installation.warehouse.current.is_symlink():
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    found = list(review(installation.warehouse.current.resolve(), year))
    years = [str(each) for each, _ in found[0].history]
    numbers = (*years, "最低月份", "未达月数", "现目标", "建议")
    shown = table(["指标", *numbers, "理由"], right=numbers)
    for each in found:
        worst = f"{each.worst[0]}（{each.worst[1]}）" if each.months else "—"
        raised = each.proposed != each.kpi.target
        shown.add_row(
            f"{each.kpi.title}（{each.kpi.unit}）",
            *(figure for _, figure in each.history),
            worst,
            f"{each.missed}/{each.months}",
            str(each.kpi.target),
            f"[yellow]{each.proposed:g}[/]" if raised else f"{each.proposed:g}",
            each.reason,
        )
    show_table(f"{year}年目标值复核", shown)
    out.print("数量指标为月均值；比率为全年合计之比。建议只是算术，由人决定。")
    return 0
