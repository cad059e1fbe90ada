"""What a report is: sections of blocks, in which every figure is already rounded and worded.

Renderers place these; they never format a number and never choose a word, so that four forms of a
report cannot disagree. A `name` is ASCII and unique in the report, a `title` is a caption.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from schemas.reports import ReportKind


class Form(StrEnum):
    """How a figure is written; decides the number format of a spreadsheet cell."""

    COUNT = "count"  # 12,345
    PLAIN = "plain"  # 12345, for tables in the evaluation's own form
    RATE = "rate"  # 97.39%
    MEAN = "mean"  # 12.34
    CHANGE = "change"  # ▲4.2%, a count against another period
    POINTS = "points"  # ▲0.62个百分点, a rate against another period


class Tone(StrEnum):
    """Whether a figure is good news; always said in words or by an arrow as well as in colour."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"


@dataclass(frozen=True)
class Figure:
    """One number, the same everywhere."""

    form: Form  # how it is written
    # The number that the text shows, rounded as shown: counts as they are, rates and changes
    # as a fraction (97.39% is 0.9739), points in points; None where there is none.
    value: int | float | None
    text: str  # as it stands on paper, unit sign included; — where it cannot be formed
    tone: Tone = Tone.NEUTRAL  # whether it is good news
    reason: str = ""  # why it cannot be formed; empty where it can


Cell = Figure | str


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Points:
    """A list of sentences, most important first."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Card:
    """A headline figure."""

    label: str
    unit: str
    figure: Figure
    comparisons: tuple[tuple[str, Figure], ...] = ()  # (against what, change), such as ("环比", …)
    target: str = ""  # the target in words, empty where there is none
    verdict: str = ""  # 达标, 未达标, or empty
    tone: Tone = Tone.NEUTRAL
    # The last periods, oldest first, for a sparkline; empty where there is none.
    trend: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Headline figures side by side."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    title: str  # its head
    unit: str = ""  # unit of its figures, shown in the head
    bar: bool = False  # whether a spreadsheet draws data bars in it


def columns(*heads: str | tuple[str, str], bar: str = "") -> tuple[Column, ...]:
    """Columns from their heads.

    Args:
        heads: titles, those of figures with a unit as (title, unit).
        bar: title of the column that has data bars; empty for none.
    """
    pairs = [(each, "") if isinstance(each, str) else each for each in heads]
    return tuple(Column(title, unit, bar=title == bar) for title, unit in pairs)


@dataclass(frozen=True)
class Row:
    """A row of a table: as many cells as the table has columns."""

    cells: tuple[Cell, ...]  # text or figures
    total: bool = False
    tone: Tone = Tone.NEUTRAL  # BAD where the row needs attention


@dataclass(frozen=True)
class Table:
    """A table: the first column is the row head; without rows, the note below says why."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True)
class Series:
    """One series of a chart: as many values as the chart has categories."""

    name: str
    values: tuple[Figure, ...]  # its figures; one without a value is a gap
    faded: bool = False  # whether it stands behind, such as the year before


@dataclass(frozen=True)
class Chart:
    """A chart with one axis of values: two axes mislead."""

    name: str
    title: str
    # Columns from zero, a line (axis may start above zero), or bars lying down.
    shape: Literal["columns", "line", "bars"]
    categories: tuple[str, ...]  # along the axis
    series: tuple[Series, ...]  # one or two
    target: Figure | None = None  # line to hold the series against
    summary: str = ""  # what it shows, in words: the text for those who cannot see it


@dataclass(frozen=True)
class HeatMap:
    """A matrix of figures, shaded."""

    name: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    # A row of figures for each head; one without a value stays white.
    cells: tuple[tuple[Figure, ...], ...]
    tone: Tone = Tone.NEUTRAL  # BAD where much is bad: decides the colour
    summary: str = ""


Block = Text | Points | Cards | Table | Chart | HeatMap


@dataclass(frozen=True)
class Section:
    """A part of a report that stands alone."""

    name: str  # the Word template places it by this
    topic: str  # what it is about, the same in every issue, for navigation and sheet names
    headline: str  # the finding, or the topic where there is nothing to say
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Period:
    """What a report is about."""

    kind: ReportKind
    key: str  # 2023-05-23, the first day of the week, 2023-05, or 2023
    first: date
    last: date
    title: str  # in Chinese, such as 2023年5月


@dataclass(frozen=True)
class Report:
    """The content of a report, without anything that belongs to issuing it."""

    period: Period
    title: str  # such as 12345热线运行月报
    organisation: str
    release: str
    cutoff: datetime
    completeness: str  # in words: days present of days expected, rows quarantined
    rate_note: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Stamp:
    """What issuing adds to a report."""

    number: int  # 第N期 of the year
    revision: int  # 1 for the first, 2 for its first correction, …
    issued_at: datetime
    due: date
    backfilled: bool  # whether it was made long after; said on its face, never counted as in time
    # What changed since the revision before, a sentence each; empty for the first.
    changes: tuple[str, ...] = ()
