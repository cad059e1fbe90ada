"""Whole reports of all kinds: prose that agrees with tables, and periods without data."""

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
    Table,
    Text,
)
from assets.reports.content.periods import period_of
from assets.reports.content.reports import (
    annual_report,
)
from tests.reports.made_year import made_year
from tests.reports.said import cells, prose, section, table
from tests.reports.small import Small, annual, daily, monthly, weekly

MONTHS = [f"2023-{month:02d}" for month in range(1, 13)]


@pytest.fixture(scope="module")
def facts(tmp_path_factory) -> Facts:
    return made_year().release(tmp_path_factory.mktemp("made"))


def row_of(block: Table, head: str) -> list[str]:
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
    report = annual(facts) if month == "year" else monthly(facts, month)
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
    report = monthly(facts, month)
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
    assert monthly(facts, "2023-05") == monthly(again, "2023-05")
    assert monthly(Facts(tmp_path / again.release), "2023-05") == monthly(again, "2023-05")
    assert annual(facts) == annual(again)


def test_key_figures_of_a_month_by_hand(tmp_path):
    small = Small().taken("2022-04-01", "2022-04-30").taken("2023-03-01", "2023-04-30")
    small.add("calls", "2022-04-05", offered=80, answered=78)
    small.add("calls", "2023-03-05", offered=50, answered=50)
    small.add("calls", "2023-04-05", offered=60, answered=54, lost_wait_seconds=300,
              talk_seconds=5400, answered_wait_seconds=540)  # fmt: skip
    found = monthly(small.release(tmp_path), "2023-04")
    offered = row_of(table(found, "headline_figures"), "话务量（通）")
    assert offered == ["话务量（通）", "≥15,000", "60", "50", "▲24.0%", "80", "▼25.0%"]
    answered = row_of(table(found, "headline_figures"), "话务接通率")
    assert answered[2:] == ["90.00%", "100.00%", "▼10.00个百分点", "97.50%", "▼7.50个百分点"]
    assert "话务接通率" in section(found, "summary").headline
    assert "未达标" in section(found, "summary").headline


def test_comparison_with_a_year_without_data_is_a_dash_with_its_reason(facts):
    early = monthly(facts, "2023-05")
    row = next(
        each for each in table(early, "headline_figures").rows if each.cells[0] == "话务量（通）"
    )
    assert (row.cells[-1].text, row.cells[-1].reason) == ("—", "对比期没有数据")
    late = monthly(facts, "2023-11")
    row = next(
        each for each in table(late, "headline_figures").rows if each.cells[0] == "话务量（通）"
    )
    assert row.cells[-1].text.startswith(("▲", "▼"))


def test_trend_holds_twelve_months_and_the_year_before_where_known(facts):
    charts = {
        block.name: block
        for block in section(monthly(facts, "2023-12"), "trend").blocks
        if isinstance(block, Chart)
    }
    assert charts["calls_offered"].categories[0] == "2023年1月"
    assert len(charts["calls_offered"].categories) == 12
    assert [line.name for line in charts["calls_offered"].series] == ["本期", "上年同月"]
    assert [each.text for each in charts["calls_offered"].series[1].values[:9]] == ["—"] * 9
    assert charts["calls_offered"].series[1].values[9].value
    # The first months are left out, not drawn as an empty half of the chart.
    first = section(monthly(facts, "2022-12"), "trend").blocks[0]
    assert first.categories == ("2022年10月", "2022年11月", "2022年12月")
    # One month is no trend.
    alone = section(monthly(facts, "2022-10"), "trend")
    assert [type(block) for block in alone.blocks] == [Text, Table]


@pytest.mark.parametrize("kind", ["monthly", "annual"])
def test_a_period_without_any_data_says_so_and_breaks_nothing(facts, kind):
    report = monthly(facts, "2024-05") if kind == "monthly" else annual(facts, "2025")
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
    report = monthly(small.release(tmp_path), "2023-05")
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
    found = section(monthly(small.release(tmp_path), "2023-05"), "advice")
    assert found.headline == "各项指标均达到目标，未发现需要督办的问题"


def test_findings_name_what_they_rest_on(facts):
    report = monthly(facts, "2023-05")
    rows = [
        [cell if isinstance(cell, str) else cell.text for cell in row.cells]
        for row in table(report, "advice").rows
    ]
    late = next(row for row in rows if "逾期未办结" in row[1])
    overdue = row_of(table(report, "backlog"), "洋县人民政府")[2]
    assert f"洋县人民政府（{overdue}件）" in late[2]
    assert all(problem and basis and advice for _, problem, basis, advice in rows)


def test_a_day_without_files_says_so_everywhere(small, tmp_path):
    told = daily(small.release(tmp_path), "2023-06-01")
    assert told.sections[0].headline == "当日没有数据"
    assert told.completeness.startswith("应到5期，实到0期，缺话务（6月1日）、工单（6月1日）")
    for name in ("topics", "structure", "focus"):
        assert section(told, name).headline == "当日没有工单数据"
    assert section(told, "hours").headline == "当日没有话务数据"
    figures = [row[2] for row in cells(table(told, "headline_figures"))]
    assert set(figures) == {"—"}
    # What was open is still known, and said to be as of what has arrived.
    assert section(told, "backlog").blocks[0] == Text(
        "期末当天的工单文件未到，本节按已到的文件统计，可能偏少。"
    )


def test_a_day_of_zero_is_told_as_zero(small, tmp_path):
    told = daily(small.taken("2023-05-24").release(tmp_path), "2023-05-24")
    rows = {row[0]: row[2] for row in cells(table(told, "headline_figures"))}
    assert (rows["话务量（通）"], rows["接单数（件）"]) == ("0", "0")
    assert rows["话务接通率"] == "—"
    assert section(told, "hours").headline == "没有来电"
    assert section(told, "structure").headline == "当日没有受理工单"
    assert section(told, "focus").headline == "当日无新转办重点领域工单，无逾期未办结工单"


def test_tables_that_a_release_lacks_are_named(small, tmp_path):
    small.without |= {"workload", "focus_tickets"}
    told = daily(small.release(tmp_path))
    assert section(told, "backlog").headline == "未能统计在办与逾期"
    assert section(told, "focus").headline == "未能统计重点领域工单"
    said = "".join(prose(told))
    assert "在办变动表（workload）" in said
    assert "重点领域工单表（focus_tickets）" in said
    closed = next(
        row for row in table(told, "headline_figures").rows if row.cells[0] == "转办办结数（件）"
    )
    assert {figure.reason for figure in closed.cells[2:]} == {"本版数据没有在办变动表（workload）"}


def test_the_head_of_a_report(small, tmp_path):
    told = daily(small.release(tmp_path), organisation="某市热线中心")
    assert (told.title, told.organisation) == ("12345政务服务便民热线运行日报", "某市热线中心")
    assert (told.release, told.cutoff.date()) == ("20240101-small", date(2024, 1, 1))
    assert told.period.key == "2023-05-23"


def test_a_release_without_the_newer_tables_names_them(tmp_path):
    small = Small().taken("2023-05-22", "2023-05-28")
    small.without |= {"workload", "repeats"}
    told = weekly(small.release(tmp_path))
    assert section(told, "units").headline == "未能统计承办单位"
    assert section(told, "repeats").headline == "未能统计重复诉求"
    assert {row[-1] for row in cells(table(told, "days"))} == {"—"}


def test_a_week_before_all_data(tmp_path):
    told = weekly(Small().taken("2023-05-22").release(tmp_path), "2023-05-15")
    assert told.sections[0].headline == "本周没有数据"
    for name in ("units", "topics", "repeats", "structure"):
        assert section(told, name).headline == "本周没有工单数据"
    assert section(told, "days").headline == "逐日情况"


def test_a_week_over_the_turn_of_the_year(tmp_path):
    small = Small().taken("2022-12-19", "2023-01-01")
    small.add("calls", "2022-12-31", offered=10, answered=10)
    small.add("calls", "2023-01-01", offered=5, answered=5)
    told = weekly(small.release(tmp_path), "2022-12-26")
    assert told.period.title == "2022年12月26日至2023年1月1日"
    assert cells(table(told, "days"))[-1][1] == "15"


def test_a_year_of_staff_does_not_add_up_people(tmp_path):
    report = annual_report(
        made_year("2023-01").release(tmp_path), period_of("annual", "2023"), ReportSettings()
    )
    table = next(
        block
        for block in report.sections[0].blocks
        if isinstance(block, Table) and block.name == "headline_figures"
    )
    row = next(each for each in table.rows if each.cells[0] == "在岗话务员（人）")
    assert row.cells[2].text == "40"
