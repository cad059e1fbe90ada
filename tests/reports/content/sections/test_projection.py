"""Next year by hand."""

from assets.reports.content.model import Table
from assets.reports.content.sections.projection import expected, projection_section
from tests.reports.small import Small, context


def test_next_year_goes_on_growing_only_if_both_years_are_complete(tmp_path):
    small = Small().taken("2022-01-01", "2023-12-31")
    small.add("calls", "2022-06-01", offered=1000, answered=1000)
    small.add("calls", "2023-06-01", offered=1200, answered=1150, talk_seconds=120_000,
              answered_wait_seconds=10_000, lost_wait_seconds=1500)  # fmt: skip
    facts = small.release(tmp_path)
    found = expected(facts, 2023, "calls_offered")
    assert found.growth.text == "▲20.0%"
    # 1,200 × 1,200 ÷ 1,000 = 1,440; a tenth less is 1,296, a tenth more 1,584.
    assert [found.volume(each).text for each in (-10, 0, 10)] == ["1,296", "1,440", "1,584"]
    assert found.factor(0) == 1.2
    without = expected(facts, 2022, "calls_offered")
    assert (without.volume(0).text, without.growth.value) == ("1,000", None)
    assert expected(facts, 2030, "calls_offered") is None
    section = projection_section(context(facts, "annual", "2023"))
    assert "2024年话务量预计1,440通（按增长20.0%推算）" in section.headline
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert [row.cells[1].text for row in tables[1].rows] == ["1,296", "1,440", "1,584"]
    seats = [row.cells[2].value for row in tables[1].rows]
    assert seats == sorted(seats)


def test_an_incomplete_year_before_gives_no_growth(tmp_path):
    small = Small().taken("2022-02-01", "2023-12-31")
    small.add("calls", "2022-06-01", offered=1000).add("calls", "2023-06-01", offered=1200)
    found = expected(small.release(tmp_path), 2023, "calls_offered")
    assert (found.growth.reason, found.volume(0).text) == ("对比期缺31天数据", "1,200")
