"""Quality inspection of calls: how many, how they did, and by which mode."""

from fractions import Fraction

from assets.reports.content.context import Context, brief, comparison_table
from assets.reports.content.figures import count, mean, rate
from assets.reports.content.measures import Measure, measure
from assets.reports.content.model import Figure, Row, Section, Table, Text, columns

_NAME, _TOPIC = "inspection", "话务质检"
_METRICS = (
    *("calls_monitored", "calls_monitored_passed"),
    *("monitoring_pass_rate", "monitoring_rate"),
)


def _mode_table(context: Context) -> Table:
    rows = context.facts.grouped("quality", ("mode",), context.span)
    rows = rows.sort("monitored", "mode", descending=[True, False])

    def row(mode: str, monitored: int, passed: int, score: float, *, is_total: bool = False) -> Row:
        # Scores are exact to the hundredth, their sum as well.
        average = mean(round(Fraction(str(score)) * 100), 100 * monitored)
        figures: tuple[Figure, ...] = (count(monitored), count(passed))
        return Row((mode, *figures, rate(passed, monitored), average), total=is_total)

    shown = rows.select("mode", "monitored", "passed", "score_sum")
    monitored, passed = int(rows["monitored"].sum()), int(rows["passed"].sum())
    total = row("合计", monitored, passed, float(rows["score_sum"].sum()), is_total=True)
    heads = columns(
        *("质检方式", ("监听数", "通"), ("合格数", "通"), "合格率", ("平均得分", "分")),
        bar="监听数",
    )
    return Table(
        "inspection_modes", "按质检方式", heads, (*(row(*each) for each in shown.rows()), total)
    )


def inspection_section(context: Context) -> Section:
    """Inspections of a period."""
    facts, span, against = context.facts, context.span, context.against
    if not facts.arrived("quality", span):
        missing = "本期没有质检数据，本节从缺。"
        return brief(_NAME, _TOPIC, "本期没有质检数据", missing)
    if lacking := context.lacking(_NAME, _TOPIC, "quality", "passed", "score_sum"):
        return lacking
    pass_rate, share = measure("monitoring_pass_rate"), measure("monitoring_rate")
    passed, monitored = (each or 0 for each in pass_rate.sums(facts, span))
    compared = pass_rate.compared(facts, span, against[0]) if against else ""
    sampled = context.figure(share)
    said = (
        f"本期质检{monitored:,}通，合格{passed:,}通，不合格{monitored - passed:,}通，"
        f"合格率{context.figure(pass_rate).text}{compared}"
    )
    if sampled.value is not None:
        said += f"；抽样率{sampled.text}"
    table = comparison_table(context, _TOPIC, _METRICS, against, name=_NAME)
    headline = "；".join(_verdict(context, each) for each in (pass_rate, share))
    blocks = (Text(f"{said}。"), table, _mode_table(context))
    return Section(_NAME, _TOPIC, headline, blocks)


def _verdict(context: Context, each: Measure) -> str:
    met = context.met(each)
    words = "" if met is None else "，达标" if met else "，未达标"
    return f"{each.title}{context.figure(each).text}{words}"
