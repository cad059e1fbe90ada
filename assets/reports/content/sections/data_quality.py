"""What the figures rest on: files that arrived, rows held back, and how each figure is formed.

Besides the sections on data quality, on corrections of earlier months and on definitions, the
sentences of completeness and of rounding that every report bears on its head.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assets.reports.content.context import Context, brief
from assets.reports.content.facts import Counts, Facts
from assets.reports.content.figures import count, rate
from assets.reports.content.measures import measure
from assets.reports.content.model import Block, Row, Section, Table, Text, Tone, columns
from assets.reports.content.periods import Span, day_title
from schemas import EXPORTS

RATE_NOTE = (
    "率为合计相除，四舍五入到两位小数，不足100%的不写作100.00%；数量增减用%，率的增减用百分点。"
)
_NAME, _TOPIC = "data_quality", "数据质量"
_DAYS_NAMED = 7


@dataclass(frozen=True)
class _Delivery:
    """What arrived of a dataset for a span; `expected` days, months or years, `missing` of them.

    Of the missing ones, files of the `held` ones arrived and wait for a person's decision.
    """

    title: str
    expected: int
    missing: tuple[date, ...]
    held: tuple[date, ...]
    rows: Counts


def _deliveries(facts: Facts, span: Span) -> list[_Delivery]:
    """What arrived of each dataset that the span owes files of, in the order of the contract."""
    days = (span.first, span.last)
    return [
        _Delivery(
            export.title,
            len(expected),
            tuple(facts.arrivals.missing(dataset, *days)),
            tuple(facts.arrivals.held(dataset, *days)),
            facts.arrivals.counts(dataset, *days),
        )
        for dataset, export in EXPORTS.items()
        if (expected := facts.arrivals.expected(dataset, *days))
    ]


def _together(found: Sequence[_Delivery]) -> _Delivery:
    return _Delivery(
        "合计",
        sum(each.expected for each in found),
        tuple(day for each in found for day in each.missing),
        tuple(day for each in found for day in each.held),
        Counts(*map(sum, zip(*(each.rows for each in found), strict=True))),
    )


def completeness(facts: Facts, span: Span) -> str:
    """The sentence on the head of a report: what is missing, how many rows were held back."""
    found = _deliveries(facts, span)
    whole = _together(found)
    if whole.missing:
        got = whole.expected - len(whole.missing)
        arrived = f"应到{whole.expected:,}期，实到{got:,}期，缺{_lacking(found)}"
    else:
        arrived = f"应到{whole.expected:,}期，全部到齐"
    return f"{arrived}；{_held(whole.rows)}。"


def _held(rows: Counts) -> str:
    if not rows.quarantined:
        return "没有隔离的行"
    return f"隔离{rows.quarantined:,}行，占{rate(rows.quarantined, rows.read).text}"


def _lacking(found: Sequence[_Delivery]) -> str:
    return "、".join(
        f"{each.title}（{_days(each.missing)}{_waiting(each.held)}）"
        for each in found
        if each.missing
    )


def _waiting(held: Sequence[date]) -> str:
    """That files arrived and are not counted yet."""
    return f"；其中{_days(held)}的文件已到，因可疑暂扣待核" if held else ""


def _days(days: Sequence[date]) -> str:
    """Days in words; the first few where there are many."""
    named = "、".join(map(day_title, days[:_DAYS_NAMED]))
    return f"{named}等{len(days):,}期" if len(days) > _DAYS_NAMED else named


def _table(found: Sequence[_Delivery], whole: _Delivery, title: str) -> Table:
    def row(each: _Delivery) -> Row:
        is_total = each is whole
        bad = not is_total and (each.missing or each.rows.refused)
        read, held, refused = each.rows
        cells = (
            *(each.title, count(each.expected), count(each.expected - len(each.missing))),
            *(count(read), count(held), rate(held, read, reason="没有读取的行"), count(refused)),
            "" if is_total else _days(each.missing) + _waiting(each.held),
        )
        return Row(cells, total=is_total, tone=Tone.BAD if bad else Tone.NEUTRAL)

    heads = columns(
        *("数据", ("应到", "期"), ("实到", "期"), ("读取", "行"), ("隔离", "行"), "隔离率"),
        *(("拒收文件", "个"), "缺少"),
    )
    rows = tuple(map(row, (*found, whole)))
    return Table(_NAME, title, heads, rows, "隔离的行不符合数据规则，待更正后补入。")


def quality_section(context: Context) -> Section:
    """Files and rows that the figures of a period rest on."""
    found = _deliveries(context.facts, context.span)
    whole = _together(found)
    blocks: list[Block] = [_table(found, whole, f"{context.now}数据到达与隔离")]
    refused = [f"{e.title}{e.rows.refused:,}个" for e in found if e.rows.refused]
    if refused:
        names = "、".join(refused)
        blocks.append(Text(f"有文件被整体拒收：{names}；请导出单位更正后重新报送。"))
    if whole.missing:
        headline = f"缺{_lacking(found)}，相关数字偏少或从缺"
    else:
        headline = f"各类数据全部到齐，{_held(whole.rows)}"
    return Section(_NAME, _TOPIC, headline, tuple(blocks))


def corrections_section() -> Section:
    """Where corrections of earlier months are found: on the revision of the month's own report."""
    words = "以前月份的数字如有更正，重新印发该月月报，并在其首页列明改动。"
    return brief("corrections", "对以前月份的更正", "对以前月份的更正", words)


def definitions_section(metrics: Iterable[str]) -> Section:
    """Names, units and bases of figures, in the order in which a report shows them."""
    name, title = "definitions", "指标口径"
    rows = tuple(Row((each.title, each.unit, each.basis)) for each in map(measure, metrics))
    table = Table(name, title, columns("指标", "单位", "口径"), rows)
    return Section(name, title, title, (table,))
