"""What a report says, taken apart: its prose, and the numbers that its tables hold."""

import re

from assets.reports.content.model import (
    Cards,
    Chart,
    Figure,
    HeatMap,
    Points,
    Report,
    Row,
    Section,
    Table,
    Text,
)
from assets.reports.render.page_layout import figures

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
# Numbers that name something or count rows: windows, a moment, the hotline itself, a service level.
_NAMES = re.compile(
    r"近30天|\d+家单位|\d+类诉求|[优良中差]\d+家|时至\d+时|近12周|24小时|日24时|30天内|12345|15秒|不足10件|＝1月1日|附件\d|附表[\d-]+"
)


def numbers(text: str) -> set[str]:
    """The numbers in a text, as they stand there."""
    return set(_NUMBER.findall(_NAMES.sub("", text)))


def section(report: Report, name: str) -> Section:
    """A section by name."""
    return next(each for each in report.sections if each.name == name)


def table(report: Report, name: str) -> Table:
    """A table by name."""
    return next(
        block
        for each in report.sections
        for block in each.blocks
        if isinstance(block, Table) and block.name == name
    )


def cells(found: Table) -> list[list[str]]:
    """A table as texts, row by row."""
    return [texts(row) for row in found.rows]


def texts(row: Row) -> list[str]:
    """A row as texts."""
    return [cell.text if isinstance(cell, Figure) else cell for cell in row.cells]


def tables(found: Section) -> dict[str, Table]:
    """The tables of a section by name."""
    return {block.name: block for block in found.blocks if isinstance(block, Table)}


def prose(report: Report) -> list[str]:
    """Every sentence of a report: headlines, paragraphs, points, summaries, completeness."""
    said = [report.completeness]
    for each in report.sections:
        said.append(each.headline)
        for block in each.blocks:
            match block:
                case Text():
                    said.append(block.text)
                case Points():
                    said.extend(block.items)
                case Chart() | HeatMap():
                    said.append(block.summary)
    return said


def held(report: Report) -> set[str]:
    """Every number in the tables, cards and charts of a report, and in the names of its rows."""
    texts = [report.period.title]
    for block in (block for each in report.sections for block in each.blocks):
        texts += [figure.text for figure in figures(block)]
        match block:
            case Table():
                texts += [cell for row in cells(block) for cell in row]
            case Cards():
                texts += [card.target for card in block.cards]
            case Chart():
                texts += block.categories
                texts += [figure.text for each in block.series for figure in each.values]
    return set().union(*map(numbers, texts))
