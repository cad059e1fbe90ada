"""What a month or a year comes down to: the first sentences, the only part that some leaders read.

Belongs here: the sentences on volume, on targets and on the largest changes, and the headline.
"""

from collections.abc import Sequence

from assets.reports.content import findings
from assets.reports.content.figures import count
from assets.reports.content.headline_figures import Against
from assets.reports.content.measures import Measure, measure
from assets.reports.content.reading import Facts, Span
from schemas.kpis import KPIS
from schemas.reports import ReportKind

_NAMED = 3
# Volumes that say how much work there was, and rates that say how it was done.
_WATCHED = (
    *("calls_offered", "tickets_accepted", "callbacks_attempted", "knowledge_updates"),
    *("answer_rate", "service_level_15s", "direct_answer_rate", "on_time_rate", "return_rate"),
    *("monitoring_pass_rate", "callback_reach_rate", "callback_satisfaction_rate"),
)


def volume_sentence(facts: Facts, span: Span, against: Sequence[Against]) -> str:
    """Calls and tickets with their changes; empty where there is neither."""
    said = []
    for metric, words, rate_metric, rate_words in (
        ("calls_offered", "话务量", "answer_rate", "接通率"),
        ("tickets_accepted", "接单", "direct_answer_rate", "直接解答率"),
    ):
        each, share = measure(metric), measure(rate_metric).figure(facts, span)
        figure = each.figure(facts, span)
        if figure.value is None:
            continue
        moved = "".join(_moved(facts, each, span, other) for other in against)
        said.append(f"{words}{figure.text}{each.sign}{moved}，{rate_words}{share.text}")
    return f"{'；'.join(said)}。" if said else ""


def _moved(facts: Facts, each: Measure, span: Span, other: Against) -> str:
    moved = each.compare(facts, span, other.span)
    return f"，{other.change}{findings.moved_words(moved)}" if moved.value is not None else ""


def missed_targets(facts: Facts, span: Span, kind: ReportKind) -> tuple[int, list[Measure]]:
    """How many figures have a target and a value, and those of them that miss it."""
    judged = [(each, each.met(facts, span, kind)) for each in (measure(kpi.id) for kpi in KPIS)]
    known = [(each, met) for each, met in judged if met is not None]
    return len(known), [each for each, met in known if not met]


def target_sentence(facts: Facts, span: Span, kind: ReportKind) -> str:
    """How many targets are reached and which are not; empty where none can be judged."""
    known, missed = missed_targets(facts, span, kind)
    if not known:
        return ""
    if not missed:
        return f"有目标的{count(known).text}项指标全部达标。"
    named = "、".join(_miss(facts, span, kind, each) for each in missed)
    return (
        f"有目标的{count(known).text}项指标中，{count(known - len(missed)).text}项达标，"
        f"{count(len(missed)).text}项未达标：{named}。"
    )


def _miss(facts: Facts, span: Span, kind: ReportKind, each: Measure) -> str:
    goal = each.goal(kind)
    target = f"，目标{goal.text}{each.sign}" if goal else ""
    return f"{each.title}（{each.figure(facts, span).text}{each.sign}{target}）"


def change_sentence(facts: Facts, span: Span, other: Against) -> str:
    """The figures that changed much against another span; empty where none did."""
    said = []
    for each in map(measure, _WATCHED):
        moved = each.compare(facts, span, other.span)
        if findings.large(moved):
            now, then = each.figure(facts, span), each.figure(facts, other.span)
            to = "增至" if (moved.value or 0) > 0 else "降至"
            said.append(f"{each.title}由{then.text}{each.sign}{to}{now.text}{each.sign}")
    return f"与{other.name}相比，变化较大的是{'、'.join(said[:_NAMED])}。" if said else ""


def headline(facts: Facts, span: Span, kind: ReportKind, standing: str) -> str:
    """The weightiest of it: missed targets, then what stands out, then plain figures.

    Args:
        facts: the release.
        span: the period.
        kind: of the report.
        standing: what stands out about the answer rate, or empty.
    """
    known, missed = missed_targets(facts, span, kind)
    said = [standing]
    if missed:
        said.append(
            f"{count(len(missed)).text}项指标未达标：{'、'.join(each.title for each in missed)}"
        )
    elif known:
        said.append(f"有目标的{count(known).text}项指标全部达标")
    return "；".join(filter(None, said)) or "本期没有数据"
