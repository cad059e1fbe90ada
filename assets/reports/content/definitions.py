"""How the figures are formed, in words for readers.

Belongs here: the note on rates that every report bears, and definitions taken from where the
figures are declared.
"""

from collections.abc import Iterable

from assets.reports.content.measures import measure
from assets.reports.content.model import Column, Row, Section, Table

RATE_NOTE = (
    "率为合计相除，四舍五入到两位小数，不足100%的不写作100.00%；数量增减用%，率的增减用百分点。"
)


def definitions_section(metrics: Iterable[str]) -> Section:
    """Names, units and bases of figures, in the order in which a report shows them."""
    rows = tuple(
        Row((each.title, each.unit, each.basis)) for each in map(measure, dict.fromkeys(metrics))
    )
    table = Table(
        "definitions",
        "指标口径",
        (Column("指标"), Column("单位"), Column("口径")),
        rows,
    )
    return Section("definitions", "指标口径", "指标口径", (table,))
