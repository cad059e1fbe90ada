"""How the figures are formed, in words for readers.

Belongs here: the note on rates that every report bears, and definitions taken from where the
figures are declared.
"""

from collections.abc import Iterable

from assets.reports.content.measures import measure
from assets.reports.content.model import Column, Row, Section, Table

RATE_NOTE = (
    "率为期内合计相除，四舍五入保留两位小数，未达到100%的不写作100.00%；"
    "数量的变化用百分比，率的变化用百分点；“—”表示没有数据或无法计算。"
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
