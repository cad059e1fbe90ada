"""Charts: honest axes, every label a figure's own text, and drawings that any reader can parse."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from assets.reports.content.figures import change, count, nothing, rate
from assets.reports.content.model import Chart, Figure, Form, Series
from assets.reports.render.charts import PAPER, SCREEN, chart_svg, sparkline_svg
from assets.reports.render.charts.scale import scale
from assets.reports.render.charts.svg import broken, fitted, wide
from assets.reports.render.text import PARAGRAPH, clean
from tests.reports.report_samples import hostile_report, plain_report

NAMESPACE = "{http://www.w3.org/2000/svg}"
CHARTS = [
    block
    for report in (plain_report(), hostile_report())
    for section in report.sections
    for block in section.blocks
    if isinstance(block, Chart)
]
CONNECTED, OFFERED, TOPICS = CHARTS[:3]


def drawn(svg: str) -> etree._Element:
    """The drawing, parsed without mercy."""
    root = etree.fromstring(svg)
    assert root.tag == f"{NAMESPACE}svg"
    return root


def all_of(root: etree._Element, name: str) -> list[etree._Element]:
    return root.findall(f".//{NAMESPACE}{name}")


def texts(root: etree._Element) -> list[str]:
    return [each.text for each in all_of(root, "text")]


def number(element: etree._Element, name: str) -> float:
    return float(element.get(name))


def chart_of(shape: str, values: list[int | None], **other: object) -> Chart:
    series = Series("数", tuple(map(count, values)))
    names = tuple(f"第{i}" for i in range(len(values)))
    return Chart("made", "所做", shape, names, (series,), **other)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda each: each.name)
@pytest.mark.parametrize("palette", [SCREEN, PAPER], ids=["screen", "paper"])
def test_a_drawing_stands_alone_and_says_what_it_shows(chart, palette):
    svg = chart_svg(chart, palette)
    root = drawn(svg)
    assert root.get("role") == "img"
    assert root[0].tag == f"{NAMESPACE}title"
    assert root[0].text == clean(chart.title)
    assert root[1].tag == f"{NAMESPACE}desc"
    assert root[1].text == clean(chart.summary, PARAGRAPH)
    names = {etree.QName(each).localname for each in root.iter()}
    assert names <= {"svg", "title", "desc", "text", "line", "rect", "polyline", "circle"}
    assert not [
        key for each in root.iter() for key in each.attrib if "href" in key or key[:2] == "on"
    ]
    assert svg == chart_svg(chart, palette)


def test_paper_has_literal_colours_and_the_screen_the_colours_of_its_page():
    for chart in CHARTS:
        assert "var(" not in chart_svg(chart, PAPER)
        paints = {
            each.get(key)
            for each in drawn(chart_svg(chart, SCREEN)).iter()
            for key in ("fill", "stroke")
        } - {None, "none"}
        assert all(paint.startswith("var(--") for paint in paints)


def test_columns_start_at_zero_and_are_as_high_as_their_values():
    values = [5_000, 10_000, 2_500]
    root = drawn(chart_svg(chart_of("columns", values), PAPER))
    rects = all_of(root, "rect")
    heights = [number(each, "height") for each in rects]
    assert [round(height / heights[0], 3) for height in heights] == [1, 2, 0.5]
    assert len({round(number(each, "y") + number(each, "height"), 1) for each in rects}) == 1
    assert "0" in texts(root)
    assert {"5,000", "10,000", "2,500"} <= set(texts(root))


def test_bars_start_at_zero_and_are_as_long_as_their_values():
    rects = all_of(drawn(chart_svg(TOPICS, PAPER)), "rect")
    lengths = [number(each, "width") for each in rects]
    values = [figure.value for figure in TOPICS.series[0].values]
    assert [round(each / lengths[0], 2) for each in lengths] == [
        round(value / values[0], 2) for value in values
    ]
    assert len({each.get("x") for each in rects}) == 1


def test_values_below_zero_hang_from_the_zero_line():
    root = drawn(chart_svg(chart_of("columns", [4, -4]), PAPER))
    up, down = all_of(root, "rect")
    assert number(up, "height") == number(down, "height")
    assert number(down, "y") == pytest.approx(number(up, "y") + number(up, "height"), abs=0.02)


def test_a_line_that_starts_above_zero_says_so():
    assert "纵轴自 94% 起" in texts(drawn(chart_svg(CONNECTED, PAPER)))
    low = chart_of("line", [0, 3, 9])
    assert not [each for each in texts(drawn(chart_svg(low, PAPER))) if "纵轴" in each]


def test_a_missing_value_is_a_gap():
    root = drawn(chart_svg(CONNECTED, PAPER))
    runs = [len(each.get("points").split()) for each in all_of(root, "polyline")]
    assert runs == [4, 7]
    assert len(all_of(root, "circle")) == 11
    columns = drawn(chart_svg(chart_of("columns", [7, None, 9]), PAPER))
    assert len(all_of(columns, "rect")) == 2
    assert texts(columns).count("—") == 1


@pytest.mark.parametrize("chart", [CONNECTED, OFFERED, TOPICS], ids=lambda each: each.name)
def test_labels_of_values_are_the_figures_own_words(chart):
    found = texts(drawn(chart_svg(chart, PAPER)))
    main = next(each for each in chart.series if not each.faded)
    for figure in main.values:
        if figure.value is not None:
            assert figure.text in found


def test_a_reworded_figure_is_labelled_with_its_words():
    worded = Figure(Form.COUNT, 12, "十二")
    chart = Chart("made", "所做", "columns", ("一月",), (Series("数", (worded,)),))
    found = texts(drawn(chart_svg(chart, PAPER)))
    assert "十二" in found
    assert "12" not in found


def test_where_labels_do_not_fit_the_highest_the_lowest_and_the_last_stay():
    values = [12_000 + 37 * (i * i % 31) for i in range(60)]
    found = texts(drawn(chart_svg(chart_of("columns", values), PAPER)))
    labels = [each for each in found if each in {f"{value:,}" for value in values}]
    assert f"{max(values):,}" in labels
    assert f"{min(values):,}" in labels
    assert f"{values[-1]:,}" in labels
    assert len(labels) <= 3
    named = [each for each in found if each.startswith("第")]
    assert named[0] == "第0"
    assert 5 < len(named) < 60


def test_the_target_is_drawn_and_named():
    root = drawn(chart_svg(CONNECTED, PAPER))
    assert "目标 97.00%" in texts(root)
    line = next(each for each in all_of(root, "line") if each.get("stroke") == PAPER.target)
    assert line.get("stroke-dasharray")
    bars = replace(TOPICS, target=count(400))
    assert "目标 400" in texts(drawn(chart_svg(bars, PAPER)))


def test_the_series_behind_is_told_apart_without_colour():
    root = drawn(chart_svg(OFFERED, PAPER))
    faded = [each for each in all_of(root, "rect") if each.get("fill") == PAPER.faded]
    assert len(faded) == 10 + 1  # two gaps; and the key
    assert all(each.get("stroke") == PAPER.faded_edge for each in faded)
    assert {"本年", "上年同期"} <= set(texts(root))
    line = drawn(chart_svg(replace(OFFERED, shape="line"), PAPER))
    assert [each.get("stroke-dasharray") for each in all_of(line, "polyline")] == ["5 4", None]
    assert {"本年", "上年同期"} <= set(texts(line))


def test_months_share_the_line_of_their_year():
    found = texts(drawn(chart_svg(OFFERED, PAPER)))
    assert [found.count("2022年"), found.count("2023年")] == [1, 1]
    assert [each for each in found if each.endswith("月")][:3] == ["6月", "7月", "8月"]


@pytest.mark.parametrize("shape", ["columns", "line", "bars"])
@pytest.mark.parametrize("values", [[], [None, None], [0, 0], [3], [None, 5]])
def test_little_or_nothing_can_be_drawn(shape, values):
    root = drawn(chart_svg(chart_of(shape, values), PAPER))
    for each in root.iter():
        assert not [v for v in each.values() if "nan" in v or "inf" in v]


def test_a_sparkline_leaves_gaps_and_tells_its_figures():
    figures = (rate(1, 4), nothing(Form.RATE, "没有数据"), rate(2, 4), rate(3, 4))
    root = drawn(sparkline_svg(figures, PAPER, "接通率走势"))
    assert root[0].text == "接通率走势"
    assert root[1].text == "25.00%、—、50.00%、75.00%"
    assert [len(each.get("points").split()) for each in all_of(root, "polyline")] == [1, 2]
    drawn(sparkline_svg((nothing(Form.COUNT, "没有数据"),), PAPER))
    drawn(sparkline_svg((count(5), count(5)), PAPER))


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1), st.booleans())
def test_an_axis_of_counts_holds_every_value_on_whole_ticks(values, from_zero):
    axis = scale(map(count, values), from_zero=from_zero)
    assert all(-1e-9 <= axis.share(value) <= 1 + 1e-9 for value in values)
    if from_zero:
        assert axis.low <= 0 <= axis.high
        assert 0 in [value for value, _ in axis.ticks]
    assert all("." not in text for _, text in axis.ticks)
    assert 2 <= len(axis.ticks) <= 8


@given(st.lists(st.integers(0, 10_000), min_size=1))
def test_an_axis_of_rates_holds_every_value_and_ends_at_a_hundred(parts):
    axis = scale([rate(part, 10_000) for part in parts], from_zero=False)
    assert all(-1e-9 <= axis.share(part / 10_000) <= 1 + 1e-9 for part in parts)
    assert axis.low >= 0
    assert axis.high <= 1 + 1e-9
    named = [text for _, text in axis.ticks]
    assert len(set(named)) == len(named)


def test_an_axis_of_changes_counts_in_percent():
    figures = [change(count(now), count(100)) for now in (90, 130)]
    assert scale(figures, from_zero=True).ticks[0][1] == "-10%"


def test_a_label_is_cut_to_its_room():
    assert fitted("短", 100) == "短"
    cut = fitted("长" * 50, 100)
    assert cut.endswith("…")
    assert wide(cut) <= 100
    lines = broken("市人力资源和社会保障局", 60, 3)
    assert "".join(lines) == "市人力资源和社会保障局"
    assert all(wide(each) <= 60 for each in lines)
    assert broken("长" * 50, 60, 2)[-1].endswith("…")
