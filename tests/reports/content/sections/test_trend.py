"""Days of a week and months of a year: what stands out."""

import pytest

from assets.reports.content.model import Form, Tone
from assets.reports.content.sections.trend import standing
from tests.reports.said import cells, section, table
from tests.reports.small import Small, weekly


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((5, 4, 4, 9), "为有数据的4个月中最高"),
        ((5, 4, 6, 2), "为有数据的4个月中最低"),
        ((5, 9, 6, 7), ""),
        ((9, 5, 2, 3), ""),
        ((None, None, 5, 9), ""),
        ((5, 4, 4, None), ""),
    ],
)
def test_what_stands_out_is_said_only_of_enough_months(values, words):
    assert standing(values, Form.COUNT) == words


def test_the_days_of_the_week(tmp_path):
    small = Small().taken("2023-05-22", "2023-05-25").taken("2023-05-27", "2023-05-28")
    small.add("calls", "2023-05-22", offered=100, answered=99)
    small.add("calls", "2023-05-23", offered=50, answered=40)
    small.add("workload", "2023-05-23", opened=9, turned_overdue=2)
    small.add("workload", "2023-05-27", closed=3, overdue_closed=1)
    told = weekly(small.release(tmp_path))
    rows = cells(table(told, "days"))
    assert [row[0] for row in rows] == [
        "5月22日（星期一）", "5月23日（星期二）", "5月24日（星期三）", "5月25日（星期四）",
        "5月26日（星期五）", "5月27日（星期六）", "5月28日（星期日）", "本周",
    ]  # fmt: skip
    assert rows[0][1:] == ["100", "99.00%", "0", "—", "0", "—", "0"]
    assert rows[1][1:] == ["50", "80.00%", "0", "—", "0", "—", "2"]
    assert set(rows[4][1:]) == {"—"}
    assert rows[5][1:] == ["0", "—", "0", "—", "3", "66.67%", "1"]
    assert rows[7][1:] == ["150", "92.67%", "0", "—", "3", "66.67%", "1"]
    tones = [row.tone for row in table(told, "days").rows]
    assert [i for i, tone in enumerate(tones) if tone is Tone.BAD] == [1, 5]
    assert section(told, "days").headline == "星期一话务量最多（100通），星期二接通率最低（80.00%）"
    assert told.completeness == (
        "应到35期，实到30期，缺话务（5月26日）、工单（5月26日）、回访（5月26日）、"
        "话务监听（5月26日）、知识库（5月26日）；没有隔离的行。"
    )
