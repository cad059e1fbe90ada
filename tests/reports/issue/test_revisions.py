"""What a revision says that it changes: every difference, and none where there is none."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.reports.content.figures import count, nothing, rate
from assets.reports.content.model import (
    Card,
    Cards,
    Chart,
    Column,
    Form,
    HeatMap,
    Points,
    Report,
    Row,
    Section,
    Series,
    Table,
    Text,
    Tone,
)
from assets.reports.issue.revisions import content_bytes, describe_changes
from tests.reports.hostile import hostile_report
from tests.reports.usual import plain_report

COLUMNS = (Column("承办单位"), Column("接单数", "件"), Column("按时办结率", "%"))
TABLE = Table(
    "units",
    "承办单位排名",
    COLUMNS,
    (
        Row(("市水务局", count(30), rate(29, 30))),
        Row(("市教育局", count(12), rate(12, 12))),
        Row(("合计", count(42), rate(41, 42)), total=True),
    ),
)
HEAT = HeatMap("loss", "呼损", ("周一",), ("8时", "9时"), ((rate(1, 9), rate(2, 9)),))
CHART = Chart(
    "trend", "话务量趋势", "line", ("1月", "2月"), (Series("2023", (count(1), count(2))),)
)
CARDS = Cards("概况", (Card("话务量", "通", count(18303), (("环比", count(2)),), "15000", "达标"),))


def report(*blocks, **head) -> Report:
    """A report with one section."""
    made = replace(
        plain_report(),
        sections=(Section("units", "承办单位", "办结及时", blocks),),
        completeness="应到31天，已到31天",
    )
    return replace(made, **head)


def said(old: Report, new: Report, **options) -> tuple[str, ...]:
    return describe_changes(*(json.loads(content_bytes(each)) for each in (old, new)), **options)


def with_rows(*rows: Row) -> Table:
    return replace(TABLE, rows=rows)


def test_nothing_changed_nothing_said():
    blocks = (CARDS, TABLE, HEAT, CHART, Text("平稳。"))
    assert said(report(*blocks), report(*blocks)) == ()


def test_release_and_cutoff_are_no_content():
    assert content_bytes(report(TABLE)) == content_bytes(report(TABLE, release="20990101-x"))


def test_a_cell_is_named_by_table_row_and_column():
    rows = TABLE.rows
    new = with_rows(rows[0], Row(("市教育局", count(13), rate(12, 13))), rows[2])
    assert said(report(TABLE), report(new)) == (
        "“承办单位”表“承办单位排名”中市教育局的接单数由 12 更正为 13。",
        "“承办单位”表“承办单位排名”中市教育局的按时办结率由 100.00% 更正为 92.31%。",
    )


def test_a_row_more_does_not_change_the_rows_below():
    new = with_rows(Row(("市民政局", count(99), rate(1, 1))), *TABLE.rows)
    assert said(report(TABLE), report(new)) == ("“承办单位”表“承办单位排名”新增一行“市民政局”。",)
    assert said(report(new), report(TABLE)) == ("“承办单位”表“承办单位排名”删去一行“市民政局”。",)


def test_a_column_more_is_a_change_of_every_row():
    columns = (*COLUMNS, Column("退单率", "%"))
    rows = tuple(replace(each, cells=(*each.cells, rate(0, 1))) for each in TABLE.rows)
    found = said(report(TABLE), report(replace(TABLE, columns=columns, rows=rows)))
    assert len(found) == 3
    assert found[0].endswith("市水务局的退单率由 （无） 更正为 0.00%。")


def test_a_figure_that_can_no_longer_be_formed():
    rows = TABLE.rows
    new = with_rows(rows[0], Row(("市教育局", count(12), nothing(Form.RATE, "分母为零"))), rows[2])
    assert said(report(TABLE), report(new))[0].endswith("由 100.00% 更正为 —。")


def test_cards_say_figure_target_and_comparison():
    card = Card("话务量", "通", count(14000), (("环比", count(3)),), "15000", "未达标")
    assert said(report(CARDS), report(Cards("概况", (card,)))) == (
        "“承办单位”话务量由 18,303 更正为 14,000。",
        "“承办单位”话务量的目标由 15000达标 更正为 15000未达标。",
        "“承办单位”话务量环比由 2 更正为 3。",
    )


def test_pictures_are_counted():
    heat = replace(HEAT, cells=((rate(1, 9), rate(3, 9)),))
    chart = replace(CHART, series=(Series("2023", (count(5), count(6))),))
    assert said(report(HEAT, CHART), report(heat, chart)) == (
        "“承办单位”图“呼损”有 1 个数值改动。",
        "“承办单位”图“话务量趋势”有 2 个数值改动。",
    )


def test_sections_and_blocks_that_come_and_go():
    old, new = report(TABLE), report(TABLE, CARDS)
    assert said(old, new) == ("“承办单位”新增“概况”。",)
    assert said(new, old) == ("“承办单位”删去“概况”。",)
    other = Section("focus", "重点领域", "无", (Text("无"),))
    more = replace(old, sections=(*old.sections, other))
    assert said(old, more) == ("新增“重点领域”一节。",)
    assert said(more, old) == ("删去“重点领域”一节。",)


def test_text_alone_is_said_as_such():
    assert said(report(Text("甲")), report(Text("乙"))) == ("“承办单位”的文字有改动。",)
    assert said(report(Points(("甲",))), report(Points(("乙",)))) == ("“承办单位”的文字有改动。",)
    assert said(report(), report(completeness="应到31天，已到30天")) == (
        "数据完整性说明由“应到31天，已到31天”改为“应到31天，已到30天”。",
    )


def test_a_mark_alone_is_said_as_such():
    marked = with_rows(replace(TABLE.rows[0], tone=Tone.BAD), *TABLE.rows[1:])
    assert said(report(TABLE), report(marked)) == ("版式或标注有改动，文字和数字未变。",)


def test_a_long_list_is_cut_and_says_so():
    old = with_rows(*(Row((f"单位{n}", count(n), rate(1, 2))) for n in range(50)))
    new = with_rows(*(Row((f"单位{n}", count(n + 1), rate(1, 2))) for n in range(50)))
    found = said(report(old), report(new), limit=7)
    assert len(found) == 8
    assert found[-1] == "另有 43 处改动，见正文。"


def test_heads_that_come_twice_are_kept_apart():
    old = with_rows(Row(("甲", count(1), rate(1, 2))), Row(("甲", count(2), rate(1, 2))))
    new = with_rows(Row(("甲", count(1), rate(1, 2))), Row(("甲", count(3), rate(1, 2))))
    assert said(report(old), report(new)) == (
        "“承办单位”表“承办单位排名”中甲（2）的接单数由 2 更正为 3。",
    )


@pytest.mark.parametrize("made", [plain_report, hostile_report])
def test_every_block_of_the_samples_can_be_compared(made):
    whole = made()
    for index, section in enumerate(whole.sections):
        for place in range(len(section.blocks)):
            blocks = section.blocks[:place] + section.blocks[place + 1 :]
            less = replace(section, blocks=blocks)
            sections = (*whole.sections[:index], less, *whole.sections[index + 1 :])
            cut = replace(whole, sections=sections)
            assert said(whole, cut) != ()
            assert said(cut, whole) != ()


_cells = st.lists(st.integers(0, 3), min_size=3, max_size=3)


@given(st.lists(_cells, max_size=4), st.lists(_cells, max_size=4))
def test_contents_that_differ_always_say_something(old, new):
    made = [
        report(with_rows(*(Row((str(a), count(b), rate(c, 3))) for a, b, c in rows)))
        for rows in (old, new)
    ]
    assert (said(*made) == ()) is (made[0] == made[1])
