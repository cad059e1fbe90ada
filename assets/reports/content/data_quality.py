"""What the figures rest on: which files arrived, and which rows were held back.

Belongs here: the section on data quality and the sentence on the head of every report, from the
account of files.
"""

from dataclasses import dataclass
from datetime import date

from assets.reports.content.figures import count, rate
from assets.reports.content.model import Block, Column, Row, Section, Table, Text, Tone
from assets.reports.content.reading import Facts, Span
from schemas import EXPORTS

_NAME, _TOPIC = "data_quality", "数据质量"
_DAYS_NAMED = 7


@dataclass(frozen=True)
class Delivery:
    """What arrived of a dataset for a span.

    Attributes:
        title: Chinese name of the dataset.
        expected: files' days (or months, years) that the span owes.
        missing: of these, not taken.
        read: rows read.
        quarantined: rows that broke a rule.
        refused: files refused as a whole.
    """

    title: str
    expected: int
    missing: tuple[date, ...]
    read: int
    quarantined: int
    refused: int


def deliveries(facts: Facts, span: Span) -> list[Delivery]:
    """What arrived of each dataset that the span owes files of, in the order of the contract."""
    found = []
    for dataset, export in EXPORTS.items():
        expected = facts.arrivals.expected(dataset, span.first, span.last)
        if not expected:
            continue
        held = facts.arrivals.counts(dataset, span.first, span.last)
        found.append(
            Delivery(
                export.title,
                len(expected),
                tuple(facts.arrivals.missing(dataset, span.first, span.last)),
                *held,
            )
        )
    return found


def completeness(facts: Facts, span: Span) -> str:
    """The sentence on the head of a report: what is missing, how many rows were held back."""
    found = deliveries(facts, span)
    lacking = [each for each in found if each.missing]
    expected = sum(each.expected for each in found)
    missing = sum(len(each.missing) for each in found)
    if lacking:
        names = "、".join(f"{each.title}{_days(each.missing)}" for each in lacking)
        arrived = f"应到{count(expected).text}期，实到{count(expected - missing).text}期，缺{names}"
    else:
        arrived = f"应到{count(expected).text}期，全部到齐"
    held = sum(each.quarantined for each in found)
    share = rate(held, sum(each.read for each in found))
    return f"{arrived}；{_held(held, share.text)}。"


def _held(rows: int, share: str) -> str:
    return f"隔离{count(rows).text}行，占{share}" if rows else "没有隔离的行"


def _days(days: tuple[date, ...]) -> str:
    """Days in words; the first few where there are many."""
    named = "、".join(f"{day.month}月{day.day}日" for day in days[:_DAYS_NAMED])
    more = f"等{count(len(days)).text}期" if len(days) > _DAYS_NAMED else ""
    return f"（{named}{more}）"


def _table(found: list[Delivery], title: str) -> Table:
    def row(each: Delivery, *, whole: bool = False) -> Row:
        bad = not whole and bool(each.missing or each.refused)
        return Row(
            (
                each.title,
                count(each.expected),
                count(each.expected - len(each.missing)),
                count(each.read),
                count(each.quarantined),
                rate(each.quarantined, each.read, reason="没有读取的行"),
                count(each.refused),
                _days(each.missing)[1:-1] if each.missing else "",
            ),
            total=whole,
            tone=Tone.BAD if bad else Tone.NEUTRAL,
        )

    whole = Delivery(
        "合计",
        sum(each.expected for each in found),
        tuple(day for each in found for day in each.missing),
        sum(each.read for each in found),
        sum(each.quarantined for each in found),
        sum(each.refused for each in found),
    )
    total = row(whole, whole=True)
    return Table(
        _NAME,
        title,
        (
            Column("数据"),
            Column("应到", "期"),
            Column("实到", "期"),
            Column("读取", "行"),
            Column("隔离", "行"),
            Column("隔离率"),
            Column("拒收文件", "个"),
            Column("缺少"),
        ),
        (*(row(each) for each in found), Row((*total.cells[:-1], ""), total=True)),
        "隔离的行不符合数据规则，待更正后补入。",
    )


def quality_section(facts: Facts, span: Span, now: str) -> Section:
    """Files and rows that the figures of a span rest on.

    Args:
        facts: the release.
        span: the period.
        now: what the period is called, such as 当日.
    """
    found = deliveries(facts, span)
    lacking = [each for each in found if each.missing]
    held = sum(each.quarantined for each in found)
    share = rate(held, sum(each.read for each in found))
    blocks: list[Block] = [_table(found, f"{now}数据到达与隔离")]
    refused = [each for each in found if each.refused]
    if refused:
        names = "、".join(f"{each.title}{count(each.refused).text}个" for each in refused)
        blocks.append(Text(f"有文件被整体拒收：{names}；请导出单位更正后重新报送。"))
    if lacking:
        names = "、".join(f"{each.title}{_days(each.missing)}" for each in lacking)
        headline = f"缺{names}，相关数字偏少或从缺"
    else:
        headline = f"各类数据全部到齐，{_held(held, share.text)}"
    return Section(_NAME, _TOPIC, headline, tuple(blocks))
