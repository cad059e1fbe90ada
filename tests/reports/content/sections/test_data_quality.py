"""Files that arrived and rows that were held back."""

from assets.reports.content.model import Text
from tests.reports.said import cells, section, table
from tests.reports.small import Small, daily


def test_held_back_rows_and_refused_files(tmp_path):
    small = Small().taken("2023-05-23", datasets=("calls",), read=200, quarantined=3)
    small.taken("2023-05-23", datasets=("tickets",), read=100)
    small.taken("2023-05-23", datasets=("callbacks",), state="refused")
    told = daily(small.release(tmp_path))
    rows = cells(table(told, "data_quality"))
    assert rows[0] == ["话务", "1", "1", "200", "3", "1.50%", "0", ""]
    assert rows[2] == ["回访", "1", "0", "0", "0", "—", "1", "5月23日"]
    assert rows[-1] == ["合计", "5", "2", "300", "3", "1.00%", "1", ""]
    assert told.completeness == (
        "应到5期，实到2期，缺回访（5月23日）、话务监听（5月23日）、知识库（5月23日）；"
        "隔离3行，占1.00%。"
    )
    assert (
        Text("有文件被整体拒收：回访1个；请导出单位更正后重新报送。")
        in section(told, "data_quality").blocks
    )


def test_a_day_with_only_a_held_file_is_missing_with_the_reason(tmp_path):
    small = Small().taken("2023-05-23", datasets=("calls", "tickets", "quality", "knowledge"))
    small.taken("2023-05-23", datasets=("callbacks",), state="held", read=9)
    told = daily(small.release(tmp_path))
    reason = "5月23日；其中5月23日的文件已到，因可疑暂扣待核"
    assert told.completeness.startswith(f"应到5期，实到4期，缺回访（{reason}）")
    rows = cells(table(told, "data_quality"))
    assert rows[2] == ["回访", "1", "0", "0", "0", "—", "0", reason]
