"""What stands on the face of an issue, in words, the same in all four forms.

Belongs here: dates, running number, release, corrections. Where they stand is each form's own.
"""

from datetime import date

from assets.reports.content import Block, Card, Cards, Figure, HeatMap, Report, Stamp, Table, Tone

MARK = "▶"  # before the head of a row that needs attention: colour is lost in a copy


def day(value: date) -> str:
    """A day as it is written in a document."""
    return f"{value.year}年{value.month}月{value.day}日"


def days(report: Report) -> str:
    """The days that a report is about."""
    first, last = report.period.first, report.period.last
    return day(first) if first == last else f"{day(first)}至{day(last)}"


def number(stamp: Stamp) -> str:
    """The running number of the year."""
    return f"第{stamp.number}期"


def cutoff(report: Report) -> str:
    """Until when the data goes."""
    return f"{day(report.cutoff)} {report.cutoff:%H:%M}"


def backfilled(stamp: Stamp) -> str:
    """That an issue was made long after; empty for one that was not."""
    return f"补发：应于{day(stamp.due)}前发布，不计入按时发布" if stamp.backfilled else ""


def revision(stamp: Stamp) -> str:
    """Which revision it is; empty for the first."""
    return f"更正：第{stamp.revision}版，代替第{stamp.revision - 1}版" if stamp.revision > 1 else ""


def facts(report: Report, stamp: Stamp) -> tuple[tuple[str, str], ...]:
    """What a reader must know to trust the figures: (label, text), empty ones left out."""
    return tuple(
        (label, text)
        for label, text in (
            ("统计期间", days(report)),
            ("期号", number(stamp)),
            ("印发日期", day(stamp.issued_at)),
            ("数据截至", cutoff(report)),
            ("数据版本", report.release),
            ("数据完整性", report.completeness),
            ("率的口径", report.rate_note),
        )
        if text
    )


def notes(block: Block) -> tuple[str, ...]:
    """What stands below a block: its own note, what its mark means, and why it shows —."""
    found = dict.fromkeys(f.reason for f in figures(block) if f.value is None and f.reason)
    marked = isinstance(block, Table) and any(row.tone is Tone.BAD for row in block.rows)
    return tuple(
        note
        for note in (
            block.note if isinstance(block, Table) else "",
            f"{MARK}：需关注" if marked else "",
            f"—：{'；'.join(found)}" if found else "",
        )
        if note
    )


def figures(block: Block) -> tuple[Figure, ...]:
    """The figures that a block prints; a chart draws its own, and leaves a gap where none is."""
    match block:
        case Table():
            return tuple(c for row in block.rows for c in row.cells if isinstance(c, Figure))
        case HeatMap():
            return tuple(cell for row in block.cells for cell in row)
        case Cards():
            return tuple(figure for card in block.cards for figure in _of_card(card))
        case _:
            return ()


def _of_card(card: Card) -> tuple[Figure, ...]:
    return (card.figure, *(change for _, change in card.comparisons))
