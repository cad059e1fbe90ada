"""Channels, types and regions."""

from assets.reports.content.sections.structure import ordered
from tests.reports.said import cells, section, table
from tests.reports.small import daily


def test_channels_types_and_regions(small, tmp_path):
    told = daily(small.release(tmp_path))
    assert cells(table(told, "structure")) == [
        ["渠道：电话", "6", "60.00%", "▲20.0%"],
        ["渠道：微信", "4", "40.00%", "—"],
        ["类型：咨询", "6", "60.00%", "▲20.0%"],
        ["类型：投诉", "4", "40.00%", "—"],
        ["区县：汉台区", "6", "60.00%", "▲20.0%"],
        ["区县：城固县", "4", "40.00%", "—"],
        ["合计", "10", "100.00%", "▲100.0%"],
    ]
    assert section(told, "structure").headline == ("电话占60.00%，咨询占60.00%，汉台区占60.00%")


def test_equal_parts_stand_by_name():
    assert ordered({"乙": 2, "甲": 2, "丙": 3}) == [("丙", 3), ("乙", 2), ("甲", 2)]
