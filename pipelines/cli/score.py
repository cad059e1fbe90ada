"""Show a year's scorecard: the rules' marks beside the printed ones, every difference explained."""

from assets.core import HotlineError
from assets.installation import Installation
from assets.scoring import Scorecard, scorecard
from pipelines.cli.console import err, out, show_table, table


def _marks(marks: float | None) -> str:
    return "—" if marks is None else f"{marks:g}"


def show_scorecard(installation: Installation, year: int) -> int:
    """Print the scorecard of a year from the current release.

    Returns:
        Exit status: 0, or 1 where an indicator is missing.
    """
    if not installation.warehouse.current.is_symlink():
        raise HotlineError("还没有发布过：请先运行 hotline run 或 hotline demo。")
    card = scorecard(installation.warehouse.current.resolve(), year)
    shown = table(
        ["三级指标", "权重", "完成值", "得分", "公布", "计分依据"], right=("权重", "得分", "公布")
    )
    for each in card.scores:
        colour = "yellow" if each.differs or each.score is None else ""
        shown.add_row(
            each.title,
            f"{each.weight:g}",
            each.display,
            f"[{colour}]{_marks(each.score)}[/]" if colour else _marks(each.score),
            _marks(each.printed),
            each.reason,
        )
    shown.add_section()
    shown.add_row("合计", "100", "", _marks(card.total), _marks(card.printed), "")
    show_table(f"{year}年绩效评价计分表（发布 {card.release}）", shown)
    _explain(card)
    return 1 if card.missing else 0


def _explain(card: Scorecard) -> None:
    for each in card.scores:
        if each.differs:
            why = each.note or each.reason
            out.print(
                f"{each.title}：按规则{_marks(each.score)}分，公布{_marks(each.printed)}分——{why}",
                markup=False,
            )
        elif each.note:
            out.print(f"{each.title}：{each.note}", markup=False)
    if card.alternative is not None:
        out.print(f"按另一套权重（表4-3）计：{_marks(card.alternative)}分")
    if card.printed_annex is not None and card.printed_annex != card.printed:
        out.print(
            f"公布的得分自相矛盾：正文各表合计{_marks(card.printed)}分，"
            f"附件1各项合计{_marks(card.printed_annex)}分"
        )
    for title in card.missing:
        err.print(f"缺数据：{title}（未计分，请补报年度填报或检查导出）", style="yellow")
