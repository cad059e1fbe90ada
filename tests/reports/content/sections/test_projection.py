"""Next year by hand."""

from datetime import date

import pytest

from assets.expectations.forecast import rows_of
from assets.reports.content.model import Table
from assets.reports.content.sections.projection import projection_section
from tests.reports.small import Small, context, with_expectations


def expectations(**last):
    """Two forecasts of the rest of 2023, 10 % too high and 20 % too low, and one of 2024."""
    made = [date(2023, 3, 31), date(2023, 6, 30), date(2023, 12, 31)]
    numbers = {"expected": [1100, 400, 1440], "low": [1000, 300, 1300], "high": [1200, 600, 1600]}
    columns = {
        **{"date": [date(2023, 12, 31)] * 2 + [date(2024, 12, 31)], "made_on": made},
        **{name: [*values[:2], last.get(name, values[2])] for name, values in numbers.items()},
        "found": last.get("found", [1000, 500, None]),
        "verdict": ["正常", "正常", last.get("verdict")],
    }
    return rows_of("year", "calls", columns)


@pytest.fixture
def facts(tmp_path):
    small = Small().taken("2022-01-01", "2023-12-31")
    small.add("calls", "2022-06-01", offered=1000, answered=1000)
    small.add("calls", "2023-06-01", offered=1200, answered=1150, talk_seconds=120_000,
              answered_wait_seconds=10_000, lost_wait_seconds=1500)  # fmt: skip
    return small.release(tmp_path)


def tables(section):
    return [block for block in section.blocks if isinstance(block, Table)]


def test_next_year_stands_with_the_error_of_such_forecasts(facts):
    with_expectations(facts, expectations())
    section = projection_section(context(facts, "annual", "2023"))
    assert section.headline == "2024年话务量预计1,440通（回测误差15.00%）"
    volumes, seats = tables(section)
    # 15 % to each side of 1,440.
    shown = [cell.text for cell in volumes.rows[0].cells[1:]]
    assert shown == ["1,200", "▲20.0%", "1,224", "1,440", "1,656", "15.00%"]
    assert [row.cells[1].text for row in seats.rows] == ["1,224", "1,440", "1,656"]
    needed = [row.cells[2].value for row in seats.rows]
    assert needed == sorted(needed)
    assert (
        "接单数未作预测（本年没有数据）" in section.blocks[-1].text
        or "接单数" in section.blocks[-1].text
    )


def test_without_earlier_forecasts_the_band_is_the_margin(facts):
    with_expectations(facts, expectations(found=[None, None, None]))
    section = projection_section(context(facts, "annual", "2023"))
    assert section.headline == "2024年话务量预计1,440通"
    shown = [cell.text for cell in tables(section)[0].rows[0].cells[3:]]
    assert shown == ["1,300", "1,440", "1,600", "—"]


def test_without_a_basis_the_reason_stands_there(facts, tmp_path):
    none = dict.fromkeys(("expected", "low", "high"))
    with_expectations(facts, expectations(**none, verdict="工作日历没有2024年"))
    section = projection_section(context(facts, "annual", "2023"))
    assert section.headline == "未能预测"
    assert "话务量未作预测（工作日历没有2024年）" in section.blocks[0].text
    assert projection_section(context(facts, "annual", "2030")).headline == "未能预测"
