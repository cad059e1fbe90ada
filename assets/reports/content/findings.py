"""What is worth saying first: rules that turn figures into a finding.

Belongs here: the rules, in order of weight, and the plain sentence where none applies. A rule looks
at displayed figures only, so that a reader finds every word of it in the tables.
"""

from collections.abc import Sequence

from assets.reports.content.figures import in_words
from assets.reports.content.headline_figures import Against
from assets.reports.content.measures import measure
from assets.reports.content.model import Figure, Form
from assets.reports.content.reading import Facts, Span
from schemas.reports import ReportKind

# Changes of a volume, in fractions, and of a rate, in points, that are worth a headline.
_LARGE_CHANGE = 0.2
_LARGE_POINTS = 3.0
# How far from the median of the earlier ones an extreme is worth a headline: a rate, a volume.
_FAR_RATE = 0.01
_FAR_VOLUME = 0.1
# A headline names so many findings, or so many figures where nothing stands out.
_SAID, _PLAIN = 2, 3


def extreme(values: Sequence[Figure], window: str, enough: int) -> str:
    """Whether the last of a series is its highest or lowest, and alone in that.

    Args:
        values: oldest first; those without a value do not count.
        window: what the series covers, such as 近30天.
        enough: earlier values that must be known: an extreme of a few says nothing.

    Returns:
        Words such as 为近30天最高; empty where it is neither, or too few are known.
    """
    if not values or values[-1].value is None:
        return ""
    last = values[-1].value
    others = sorted(each.value for each in values[:-1] if each.value is not None)
    if len(others) < enough:
        return ""
    # The highest of rates that differ by a hair is no news.
    usual = others[len(others) // 2]
    is_rate = values[-1].form is Form.RATE
    if abs(last - usual) < (_FAR_RATE if is_rate else _FAR_VOLUME * usual):
        return ""
    if last > others[-1]:
        return f"为{window}最高"
    return f"为{window}最低" if last < others[0] else ""


def missed(title: str, figure: Figure, goal: Figure | None, met: bool | None) -> str:
    """That a target is missed; empty where it is not."""
    if met is not False or goal is None:
        return ""
    return f"{title}{figure.text}，低于{goal.text}的目标"


def large(moved: Figure) -> bool:
    """Whether a change is large enough for a headline."""
    if moved.value is None:
        return False
    limit = _LARGE_POINTS if moved.form is Form.POINTS else _LARGE_CHANGE
    return abs(moved.value) >= limit


def notable(said: str, window: str, moved: Figure, against: str) -> str:
    """What stands out about a figure: an extreme or a large change; empty where nothing does.

    Args:
        said: the figure in words, such as 话务量615通.
        window: words of `extreme`, or empty.
        moved: its change.
        against: what the change is against, such as 较上周同日.
    """
    if window:
        return f"{said}，{window}"
    return f"{said}，{against}{moved_words(moved)}" if large(moved) else ""


def moved_words(moved: Figure) -> str:
    """A change in a sentence: volumes 增长, rates 提高."""
    return in_words(moved, up="提高" if moved.form is Form.POINTS else "增长")


def headline(
    facts: Facts,
    metrics: Sequence[str],
    spans: Sequence[Span],
    against: Against,
    *,
    kind: ReportKind,
    window: str,
    enough: int,
    nothing: str,
) -> str:
    """The weightiest findings about the key figures of a period; their plain values else.

    Args:
        facts: the release.
        metrics: ids of the figures, most important first.
        spans: the last periods, oldest first; the last one is that of the report.
        against: the span that it is compared with.
        kind: of the report.
        window: what the spans cover, such as 近30天.
        enough: earlier periods that must be known to call one the highest.
        nothing: what is said where there is no figure at all.
    """
    measures = [measure(metric) for metric in metrics]
    now = spans[-1]
    figures = {each: each.figure(facts, now) for each in measures}
    said = [
        missed(each.title, figure, each.goal(kind), each.met(facts, now, kind))
        for each, figure in figures.items()
    ]
    for each, figure in figures.items():
        series = [each.figure(facts, span) for span in spans]
        said.append(
            notable(
                f"{each.title}{figure.text}{each.sign}",
                extreme(series, window, enough),
                each.compare(facts, now, against.span),
                against.change,
            )
        )
    found = [words for words in said if words][:_SAID]
    if found:
        return "；".join(found)
    plain = [
        f"{each.title}{figure.text}{each.sign}"
        for each, figure in figures.items()
        if figure.value is not None
    ][:_PLAIN]
    moved = measures[0].compare(facts, now, against.span)
    if moved.value is None:
        return "，".join(plain) or nothing
    first = f"{plain[0]}，{against.change}{moved_words(moved)}"
    return "；".join(each for each in (first, "，".join(plain[1:])) if each)
