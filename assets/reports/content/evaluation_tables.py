"""The twelve-month tables in the form in which an evaluation prints them.

Belongs here: tables 4-4 to 4-8, 4-17 and 4-19, whose columns `assets/evaluation/tables_2023.toml`
declares. Counts stand without separators, as on paper, so that a year's tables can be held against
the printed ones cell by cell.
"""

import tomllib
from dataclasses import dataclass
from functools import cache

from assets.evaluation import TABLES, TOTAL
from assets.reports.content.figures import plain
from assets.reports.content.measures import measure
from assets.reports.content.model import Cell, Column, Figure, Form, Row, Section, Table, Text
from assets.reports.content.months import month_span, month_title
from assets.reports.content.periods import period_of, span_of
from assets.reports.content.reading import Facts, Span


@dataclass(frozen=True)
class _Declared:
    """A printed table: its number, title, and a title and KPI for each column."""

    number: str
    title: str
    columns: tuple[tuple[str, str], ...]
    with_total: bool


@cache
def _declared() -> tuple[_Declared, ...]:
    content = tomllib.loads(TABLES.read_text(encoding="utf-8"))
    return tuple(
        _Declared(
            table["number"],
            table["title"],
            tuple((each["title"], each["metric"]) for each in table["column"]),
            all("total" in each for each in table["column"]),
        )
        for table in content["table"]
    )


def _as_printed(figure: Figure) -> Figure:
    if figure.form is not Form.COUNT:
        return figure
    value = None if figure.value is None else int(figure.value)
    return plain(value, reason=figure.reason)


def _table(facts: Facts, declared: _Declared, year: int) -> Table:
    def cells(span: Span) -> tuple[Cell, ...]:
        return tuple(_as_printed(facts.kpi(metric, span)) for _, metric in declared.columns)

    months = [f"{year}-{number:02d}" for number in range(1, 13)]
    rows = [
        Row((str(place), month_title(month), *cells(month_span(month))))
        for place, month in enumerate(months, start=1)
    ]
    if declared.with_total:
        rows.append(Row((TOTAL, "", *cells(span_of(period_of("annual", str(year))))), total=True))
    # A rate bears its sign in the cell; on paper its column has none.
    columns = [
        Column(title.removesuffix("%"), measure(metric).sign) for title, metric in declared.columns
    ]
    return Table(
        f"table_{declared.number.replace('-', '_')}",
        f"表{declared.number} {year}年{declared.title}",
        (Column("序号"), Column("月份"), *columns),
        tuple(rows),
    )


def evaluation_tables(facts: Facts, year: int) -> tuple[Table, ...]:
    """All tables of a year, in the order of the evaluation."""
    return tuple(_table(facts, each, year) for each in _declared())


def evaluation_section(facts: Facts, year: int) -> Section:
    """The tables as a section of the annual report."""
    known = [
        f"{year}-{number:02d}"
        for number in range(1, 13)
        if facts.arrived("calls", month_span(f"{year}-{number:02d}"))
    ]
    words = "以下各表的编号、栏目和口径与绩效评价报告一致，可以逐格核对。"
    if len(known) < 12:
        words += "没有数据的月份为“—”，合计只含有数据的月份。"
    return Section(
        "evaluation_tables",
        "绩效评价各月数据表",
        f"{year}年各月数据",
        (Text(words), *evaluation_tables(facts, year)),
    )
