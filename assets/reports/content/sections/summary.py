"""What is worth saying first: the headline, the key sentences and the key figures of a period.

The rules that turn figures into a finding, in order of weight, and the plain sentence where none
applies. They look at displayed figures, so that a reader finds every word in the tables. A day or
a week has its findings at a glance; a month or a year opens with the sentences that some leaders
read alone.
"""

from collections.abc import Sequence

from assets.reports.content.comparing import extreme
from assets.reports.content.context import Context, cards, comparison_table
from assets.reports.content.measures import ALL_KPIS, Against, Measure, measure
from assets.reports.content.model import Figure, Form, Points, Section
from assets.reports.content.periods import Span
from assets.reports.content.sections.trend import finding

_NAME = "summary"
_CAPTION = "主要指标对比"
# Changes of a volume, in fractions, and of a rate, in points, that are worth a headline.
_LARGE_CHANGE = 0.2
_LARGE_POINTS = 3.0
# A headline names so many findings, or so many figures where nothing stands out.
_SAID, _PLAIN = 2, 3
# A sentence on changes names so many.
_NAMED = 3
# Volumes that say how much work there was, and rates that say how it was done.
_WATCHED = (
    *("calls_offered", "tickets_accepted", "callbacks_attempted", "knowledge_updates"),
    *("answer_rate", "service_level_15s", "direct_answer_rate", "on_time_rate", "return_rate"),
    *("monitoring_pass_rate", "callback_reach_rate", "callback_satisfaction_rate"),
)


def glance_section(
    context: Context,
    sections: Sequence[Section],
    *,
    key: Sequence[str],
    figures: Sequence[str],
    against: Sequence[Against],
    more_against: Sequence[Against] = (),
    past: Sequence[Span],
    window: Against,
    drawn: int,
    show_spans: bool = True,
) -> Section:
    """A day or a week in figures, and the findings of its sections at a glance.

    Args:
        context: what the report is about.
        sections: those whose headlines are repeated.
        key: ids of the figures of the headline and the cards, most important first.
        figures: ids of the figures of the table.
        against: spans that cards and table compare with.
        more_against: further ones of the table.
        past: the last periods, oldest first, the present one last.
        window: what they cover, such as 近30天, and the days of it before the period.
        drawn: how many of them a card draws; so many must be known to call a figure the highest.
        show_spans: whether the table shows the figures of the other spans.
    """
    headline = _findings(context, list(map(measure, key)), past, window, drawn)
    points = (f"{headline}。", *(f"{each.topic}：{each.headline}。" for each in sections))
    table = comparison_table(
        context, _CAPTION, figures, (*against, *more_against), show_spans=show_spans
    )
    shown = cards(context, f"{context.now}主要指标", key, against, past[-drawn:])
    return Section(_NAME, "总体情况", headline, (shown, Points(points), table))


def _findings(
    context: Context, key: Sequence[Measure], past: Sequence[Span], window: Against, enough: int
) -> str:
    """The weightiest findings about the key figures; their plain values where there is none."""
    facts, span, before = context.facts, context.span, context.before
    said, missed = list[str](), {each.id: _missed(context, each) for each in key}
    for each in sorted(key, key=lambda each: not missed[each.id]):
        series = [each.exact(facts, days) for days in past]
        words = missed[each.id] or each.said(facts, span)
        standing = extreme(series, window.name, enough, each.form)
        if standing and context.is_news(each, window):
            said.append(f"{words}，{standing}")
        elif _large(context.moved(each, before)) and context.is_news(each, before):
            said.append(f"{words}{each.compared(facts, span, before)}")
        elif missed[each.id]:
            said.append(words)
    if said:
        return "；".join(said[:_SAID])
    plain = [each.said(facts, span) for each in key if context.figure(each).value is not None]
    return "，".join(plain[:_PLAIN]) or f"{context.now}没有数据"


def _missed(context: Context, each: Measure) -> str:
    """That a target is missed; empty where it is not."""
    goal = each.goal(context.kind)
    if goal is None or context.met(each) is not False:
        return ""
    return f"{each.title}{context.figure(each).text}，低于{goal.text}的目标"


def _large(moved: Figure) -> bool:
    """Whether a change is large enough for a headline."""
    limit = _LARGE_POINTS if moved.form is Form.POINTS else _LARGE_CHANGE
    return moved.value is not None and abs(moved.value) >= limit


def summary_section(
    context: Context,
    sections: Sequence[Section],
    *,
    key: Sequence[str],
    told: Sequence[str],
    trend: Sequence[Span],
    standing: bool = False,
) -> Section:
    """A month or a year in a few sentences and figures.

    Args:
        context: what the report is about.
        sections: all others of the report.
        key: ids of the figures of the cards.
        told: names of the sections whose headlines are among the sentences.
        trend: the last periods that a card draws, oldest first.
        standing: whether the headline says what stands out about the answer rate in a year's
            months.
    """
    found = {each.name: each.headline for each in sections}
    sentences = (
        *(_volumes(context), _targets(context), _changes(context)),
        *(f"{found[name]}。" for name in told),
    )
    blocks = (
        Points(tuple(filter(None, sentences))),
        cards(context, "主要指标", key, context.against, trend),
        comparison_table(context, _CAPTION, [each.id for each in ALL_KPIS], context.against),
    )
    month = context.period.key
    stands_out = finding(context.facts, measure("answer_rate"), month) if standing else ""
    headline = _headline(context, stands_out)
    return Section(_NAME, f"{context.now}要点", headline, blocks)


def _volumes(context: Context) -> str:
    """Calls and tickets with their changes; empty where there is neither."""
    said = []
    for metric, words, rate_metric, rate_words in (
        ("calls_offered", "话务量", "answer_rate", "接通率"),
        ("tickets_accepted", "接单", "direct_answer_rate", "直接解答率"),
    ):
        each, share = measure(metric), context.figure(measure(rate_metric))
        figure = context.figure(each)
        if figure.value is None:
            continue
        moved = (each.compared(context.facts, context.span, other) for other in context.against)
        said.append(f"{words}{figure.text}{each.sign}{''.join(moved)}，{rate_words}{share.text}")
    return f"{'；'.join(said)}。" if said else ""


def _judged(context: Context) -> tuple[int, list[Measure]]:
    """How many figures have a target and a value, and those of them that miss it."""
    judged = [(each, context.met(each)) for each in ALL_KPIS]
    return sum(met is not None for _, met in judged), [e for e, met in judged if met is False]


def _targets(context: Context) -> str:
    """How many targets are reached and which are not; empty where none can be judged."""
    known, missed = _judged(context)
    if not known:
        return ""
    if not missed:
        return f"设定目标值的{known:,}项指标全部达标。"
    named = "、".join(_miss(context, each) for each in missed)
    return (
        f"设定目标值的{known:,}项指标中，{known - len(missed):,}项达标，"
        f"{len(missed):,}项未达标：{named}。"
    )


def _miss(context: Context, each: Measure) -> str:
    goal = each.goal(context.kind)
    target = f"，目标{goal.text}{each.sign}" if goal else ""
    return f"{each.title}（{context.figure(each).text}{each.sign}{target}）"


def _changes(context: Context) -> str:
    """The figures that changed much against the period before; empty where none did."""
    facts, span, other = context.facts, context.span, context.before
    said = []
    for each in map(measure, _WATCHED):
        moved = context.moved(each, other)
        if _large(moved) and context.is_news(each, other):
            now, then = each.figure(facts, span), each.figure(facts, other.span)
            up = "提高至" if each.form is Form.RATE else "增至"
            to = up if (moved.value or 0) > 0 else "降至"
            said.append(f"{each.title}由{then.text}{each.sign}{to}{now.text}{each.sign}")
    return f"与{other.name}相比，变化较大的是{'、'.join(said[:_NAMED])}。" if said else ""


def _headline(context: Context, standing: str) -> str:
    """The weightiest of it: what stands out, then missed targets."""
    known, missed = _judged(context)
    said = [standing] if standing else []
    if missed:
        said.append(f"{len(missed):,}项指标未达标：{'、'.join(each.title for each in missed)}")
    elif known:
        said.append(f"设定目标值的{known:,}项指标全部达标")
    return "；".join(said) or "本期没有数据"
