"""Inspections by mode."""

from assets.reports.content.sections.inspection import inspection_section
from tests.reports.said import tables, texts
from tests.reports.small import Small, context


def test_inspections_by_mode_add_up(tmp_path):
    small = Small().taken("2023-04-01", "2023-05-31")
    small.add("calls", "2023-05-02", offered=210, answered=200)
    small.add("quality", "2023-05-02", mode="在线", monitored=3, passed=2, score_sum=270.1)
    small.add("quality", "2023-05-03", mode="事后", monitored=5, passed=5, score_sum=460.55)
    section = inspection_section(context(small.release(tmp_path)))
    rows = [texts(row) for row in tables(section)["inspection_modes"].rows]
    assert rows == [
        ["事后", "5", "5", "100.00%", "92.11"],
        ["在线", "3", "2", "66.67%", "90.03"],
        ["合计", "8", "7", "87.50%", "91.33"],
    ]
    assert section.headline == "话务监听合格率87.50%，未达标；质检抽样率4.00%，未达标"
