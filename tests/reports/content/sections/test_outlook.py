"""The next day and week, from a table of expectations that a real model made."""

from datetime import date, timedelta

import numpy as np
import pytest

from assets.deadlines import load_calendar
from assets.expectations import forecasts
from assets.reports.content.facts import Facts
from assets.reports.content.model import HeatMap, Table, Text
from assets.reports.content.sections.outlook import outlook_section
from tests.reports.small import Small, context, with_expectations

FIRST, LAST = date(2023, 3, 20), date(2023, 5, 28)
DAYS = (LAST - FIRST).days + 1
SHARES = np.repeat([0, 6, 10, 4], 6)  # 120 calls a day


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    small = Small().taken(str(FIRST), str(LAST))
    for offset in range(DAYS):
        day = FIRST + timedelta(offset)
        for hour, calls in enumerate(map(int, SHARES)):
            small.add("calls", day, hour=hour, offered=calls, answered=calls - (hour == 9),
                      talk_seconds=180 * calls, lost_wait_seconds=40)  # fmt: skip
            small.add("seats", day, hour=hour, agents=2 if hour != 12 else 1)
        small.add("tickets", day, accepted=50)
    hours = {
        "calls": np.tile(SHARES.astype(float), (DAYS, 1)),
        "tickets": np.tile(np.repeat([0.0, 50.0], [23, 1]), (DAYS, 1)),
    }
    made = small.release(tmp_path_factory.mktemp("release"))
    return with_expectations(made, forecasts(hours, FIRST, load_calendar()))


def texts(section):
    return [block.text for block in section.blocks if isinstance(block, Text)]


def test_the_next_day(facts):
    section = outlook_section(context(facts, "daily", "2023-05-23"), 1)
    assert section.headline.startswith("次日话务量预计120通（")
    assert "接单数预计50件（" in section.headline
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert [row.cells[0] for row in table.rows] == ["5月24日（星期三）"]
    record, seats = texts(section)
    assert record == (
        "近四周的次日预测：话务量28天中有28天落在区间内，平均误差0.00%；"
        "接单数28天中有28天落在区间内，平均误差0.00%。"
    )
    assert seats.startswith("12时最忙，预计10通，接通率达到95%需要")
    assert seats.endswith("席；近四周同时段的在席不足的有1个时段（12时）。")


def test_the_next_week(facts):
    section = outlook_section(context(facts, "weekly", "2023-05-22"), 7)
    assert section.headline == "下一周话务量预计840通，接单数预计350件"
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert len(table.rows) == 7
    (seats,) = (block for block in section.blocks if isinstance(block, HeatMap))
    assert seats.rows[0] == "星期一"
    assert texts(section)[0].startswith("上一周末对本周的预测：话务量7天中有7天落在区间内")


def test_without_a_basis_the_reason_stands_there(facts, tmp_path):
    early = outlook_section(context(facts, "daily", "2023-03-22"), 1)
    assert (early.headline, texts(early)) == (
        "未能预测",
        ["话务量未能预测（以往的数据不足）；接单数未能预测（以往的数据不足）。"],
    )
    bare = Small().taken("2023-05-01", "2023-05-23").release(tmp_path)
    none = outlook_section(context(bare, "daily", "2023-05-23"), 1)
    assert texts(none) == ["本版数据没有预期表（expectations），本节从缺。"]
    few = forecasts({"calls": np.full((3, 24), 5.0)}, date(2023, 5, 21), load_calendar())
    again = Facts(with_expectations(bare, few)._folder)
    told = outlook_section(context(again, "daily", "2023-05-23"), 1)
    assert "话务量未能预测（可用的数据只有3天，不足14天）" in texts(told)[0]
