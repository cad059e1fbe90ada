"""The monthly report: figures by hand, prose that agrees with tables, and months without data."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from assets.installation.settings import ReportSettings
from assets.reports.content.facts import Facts
from assets.reports.content.model import (
    Cards,
    Chart,
    Figure,
    HeatMap,
    Points,
    Report,
    Section,
    Table,
    Text,
)
from assets.reports.content.periods import period_of
from assets.reports.content.reports import annual_report, monthly_report
from tests.reports.made_year import made_year
from tests.reports.small import Small

MONTHS = [f"2023-{month:02d}" for month in range(1, 13)]
SETTINGS = ReportSettings()


@pytest.fixture(scope="module")
def facts(tmp_path_factory) -> Facts:
    return made_year().release(tmp_path_factory.mktemp("made"))


def report_of(facts: Facts, month: str) -> Report:
    return monthly_report(facts, period_of("monthly", month), SETTINGS)


def section(report: Report, name: str) -> Section:
    return next(each for each in report.sections if each.name == name)


def table(report: Report, name: str) -> Table:
    blocks = (block for each in report.sections for block in each.blocks)
    return next(each for each in blocks if isinstance(each, Table) and each.name == name)


def cells(block: Table, head: str) -> list[str]:
    row = next(each for each in block.rows if each.cells[0] == head)
    return [each if isinstance(each, str) else each.text for each in row.cells]


def figures(report: Report) -> Iterator[Figure]:
    """Every figure that stands in a table, card, chart or heat map."""
    for each in report.sections:
        for block in each.blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    yield from (cell for cell in row.cells if isinstance(cell, Figure))
            elif isinstance(block, Cards):
                for card in block.cards:
                    yield card.figure
                    yield from (moved for _, moved in card.comparisons)
            elif isinstance(block, Chart):
                yield from (value for line in block.series for value in line.values)
            elif isinstance(block, HeatMap):
                yield from (cell for row in block.cells for cell in row)


def sentences(report: Report) -> Iterator[str]:
    """Everything that is said in words."""
    for each in report.sections:
        yield each.headline
        for block in each.blocks:
            if isinstance(block, Text):
                yield block.text
            elif isinstance(block, Points):
                yield from block.items
            elif isinstance(block, Chart | HeatMap):
                yield block.summary
            elif isinstance(block, Table) and block.name == "advice":
                yield from (str(cell) for row in block.rows for cell in row.cells[1:3])


# Numbers with a unit that is measured; counts of units, days or months are counted from rows.
MEASURED = re.compile(r"(\d[\d,]*(?:\.\d+)?)(%|个百分点|通|件|条|次)")
# Rules and targets, which are no results, and what is said to be lacking or still to come.
RULE = re.compile(
    r"(?:低于|达到|不低于|目标|要求为|不足|每月|至少|需更新|还差|差|≥)"
    r"[\d,.]+(?:%|条|件|通)|[\d,.]+(?:%|条|件|通)的(?:目标|比例)|测算接通率为[\d.]+%"
)


@pytest.mark.parametrize("month", [*MONTHS, "year"])
def test_prose_says_nothing_that_no_table_shows(facts, month):
    if month == "year":
        report = annual_report(facts, period_of("annual", "2023"), SETTINGS)
    else:
        report = report_of(facts, month)
    shown = {figure.text.lstrip("▲▼").removesuffix("个百分点") for figure in figures(report)}
    shown |= {text.removesuffix("%") for text in shown}
    found = 0
    for sentence in sentences(report):
        for number, _ in MEASURED.findall(RULE.sub("", sentence)):
            assert number in shown, (month, sentence)
            found += 1
    assert found > 20


@pytest.mark.parametrize("month", MONTHS)
def test_a_report_is_whole(facts, month):
    report = report_of(facts, month)
    names = [each.name for each in report.sections]
    blocks = [block for each in report.sections for block in each.blocks]
    tables = [block.name for block in blocks if isinstance(block, Table)]
    assert len(set(names)) == len(names)
    assert len(set(tables)) == len(tables)
    for block in blocks:
        if isinstance(block, Table):
            assert all(len(row.cells) == len(block.columns) for row in block.rows), block.name
            assert block.rows or block.note, block.name
        elif isinstance(block, Chart):
            assert all(len(line.values) == len(block.categories) for line in block.series)
    for figure in figures(report):
        assert (figure.value is None) == (figure.text == "—") == bool(figure.reason), figure
    for each in sentences(report):
        assert "None" not in each
        assert "——" not in each


def test_the_same_release_gives_the_same_report(facts, tmp_path):
    again = made_year().release(tmp_path)
    assert report_of(facts, "2023-05") == report_of(again, "2023-05")
    assert report_of(Facts(tmp_path / again.release), "2023-05") == report_of(again, "2023-05")
    year = period_of("annual", "2023")
    assert annual_report(facts, year, SETTINGS) == annual_report(again, year, SETTINGS)


def test_key_figures_of_a_month_by_hand(tmp_path):
    small = Small().taken("2022-04-01", "2022-04-30").taken("2023-03-01", "2023-04-30")
    small.add("calls", "2022-04-05", offered=80, answered=78)
    small.add("calls", "2023-03-05", offered=50, answered=50)
    small.add("calls", "2023-04-05", offered=60, answered=54, lost_wait_seconds=300,
              talk_seconds=5400, answered_wait_seconds=540)  # fmt: skip
    found = report_of(small.release(tmp_path), "2023-04")
    offered = cells(table(found, "headline_figures"), "话务量（通）")
    assert offered == ["话务量（通）", "≥15,000", "60", "50", "▲20.0%", "80", "▼25.0%"]
    answered = cells(table(found, "headline_figures"), "话务接通率")
    assert answered[2:] == ["90.00%", "100.00%", "▼10.00个百分点", "97.50%", "▼7.50个百分点"]
    assert "话务接通率" in section(found, "summary").headline
    assert "未达标" in section(found, "summary").headline


def test_comparison_with_a_year_without_data_is_a_dash_with_its_reason(facts):
    early = report_of(facts, "2023-05")
    row = next(
        each for each in table(early, "headline_figures").rows if each.cells[0] == "话务量（通）"
    )
    assert (row.cells[-1].text, row.cells[-1].reason) == ("—", "对比期没有数据")
    late = report_of(facts, "2023-11")
    row = next(
        each for each in table(late, "headline_figures").rows if each.cells[0] == "话务量（通）"
    )
    assert row.cells[-1].text.startswith(("▲", "▼"))


def test_trend_holds_twelve_months_and_the_year_before_where_known(facts):
    charts = {
        block.name: block
        for block in section(report_of(facts, "2023-12"), "trend").blocks
        if isinstance(block, Chart)
    }
    assert charts["calls_offered"].categories[0] == "2023年1月"
    assert len(charts["calls_offered"].categories) == 12
    assert [line.name for line in charts["calls_offered"].series] == ["本期", "上年同月"]
    assert [each.text for each in charts["calls_offered"].series[1].values[:9]] == ["—"] * 9
    assert charts["calls_offered"].series[1].values[9].value
    # The first months are left out, not drawn as an empty half of the chart.
    first = section(report_of(facts, "2022-12"), "trend").blocks[0]
    assert first.categories == ("2022年10月", "2022年11月", "2022年12月")
    # One month is no trend.
    alone = section(report_of(facts, "2022-10"), "trend")
    assert [type(block) for block in alone.blocks] == [Text, Table]


@pytest.mark.parametrize("kind", ["monthly", "annual"])
def test_a_period_without_any_data_says_so_and_breaks_nothing(facts, kind):
    if kind == "monthly":
        report = report_of(facts, "2024-05")
    else:
        report = annual_report(facts, period_of("annual", "2025"), SETTINGS)
    known = {
        card.figure.text
        for block in report.sections[0].blocks
        if isinstance(block, Cards)
        for card in block.cards
    }
    assert known == {"—"}
    assert report.sections[0].headline == "本期没有数据"
    for each in ("callbacks", "rota", "knowledge", "inspection", "ranking"):
        assert "没有" in section(report, each).headline or "未" in section(report, each).headline


@pytest.mark.parametrize(
    ("table_name", "name"),
    [
        ("workload", "callbacks"),
        ("workload", "ranking"),
        ("workload", "backlog"),
        ("seats", "rota"),
    ],
)
def test_a_section_names_the_table_that_a_release_lacks(tmp_path, table_name, name):
    small = made_year("2023-04", "2023-05")
    small.without.add(table_name)
    report = report_of(small.release(tmp_path), "2023-05")
    said = [block.text for block in section(report, name).blocks if isinstance(block, Text)]
    assert any(table_name in each for each in said)


def test_no_finding_is_made_up_where_all_is_well(tmp_path):
    small = Small().taken("2023-04-01", "2023-05-31")
    small.taken("2023-05-31", datasets=("staff",))
    for each in (date(2023, 4, 5), date(2023, 5, 5)):
        small.add("calls", each, offered=20_000, answered=19_900, talk_seconds=1,
                  lost_wait_seconds=100)  # fmt: skip
        small.add("tickets", each, accepted=100, direct_answered=100, closed=100,
                  closed_on_time=100)  # fmt: skip
        small.add("callbacks", each, unit=None, ticket_type="咨询", attempts=100, reached=100,
                  satisfied=100, tickets_called=100)  # fmt: skip
        small.add("quality", each, mode="在线", monitored=1000, passed=1000, score_sum=95_000.0)
        small.add("knowledge", each, unit="水务局", added=100)
    small.rows["staff"] = [
        {"month": "2023-05", "position": "话务员", "on_duty": 40, "assessed": 40, "passed": 40}
    ]
    found = section(report_of(small.release(tmp_path), "2023-05"), "advice")
    assert found.headline == "各项指标均达到目标，未发现需要督办的问题"


def test_findings_name_what_they_rest_on(facts):
    report = report_of(facts, "2023-05")
    rows = [
        [cell if isinstance(cell, str) else cell.text for cell in row.cells]
        for row in table(report, "advice").rows
    ]
    late = next(row for row in rows if "按时办结率低于95%" in row[1])
    assert "城市管理局" in late[2]
    assert cells(table(report, "ranking_departments"), "城市管理局")[5] in late[2]
    assert all(problem and basis and advice for _, problem, basis, advice in rows)
