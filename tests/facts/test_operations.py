"""quality, knowledge and staff from a few literal rows, every measure literal."""

from datetime import date

from assets.facts.operations import knowledge_facts, quality_facts, staff_facts
from tests.facts.rows import by, detail, only


def test_quality():
    rows = [
        {"score": "96.55"},
        {"score": "100", "mode": "在线"},
        {"score": "0.01", "passed": "否"},
        {"score": "59.9", "passed": "否", "inspected_at": "2023-01-06 23:59:59"},
    ]
    assert by(quality_facts(detail("quality", rows)), "date", "mode") == {
        (date(2023, 1, 6), "事后"): {"monitored": 3, "passed": 1, "score_sum": 156.46},
        (date(2023, 1, 6), "在线"): {"monitored": 1, "passed": 1, "score_sum": 100.0},
    }


def test_the_sum_of_scores_does_not_depend_on_the_order_of_rows():
    scores = [{"score": f"{each / 10}"} for each in (1, 2, 3, 999, 1, 7)]
    for rows in (scores, scores[::-1]):
        assert only(quality_facts(detail("quality", rows)))["score_sum"] == 101.3


def test_knowledge():
    rows = [
        {"action": "新增"},
        {"action": "修改"},
        {"action": "修改"},
        {"action": "作废"},
        {"action": "新增", "unit": "市公安局"},
        {"action": "新增", "updated_at": "2023-01-06 00:00:00"},
    ]
    assert by(knowledge_facts(detail("knowledge", rows)), "date", "unit") == {
        (date(2023, 1, 5), "市医保局"): {"added": 1, "revised": 2, "retired": 1},
        (date(2023, 1, 5), "市公安局"): {"added": 1, "revised": 0, "retired": 0},
        (date(2023, 1, 6), "市医保局"): {"added": 1, "revised": 0, "retired": 0},
    }


def test_staff():
    rows = [
        {"assessment": "优秀"},
        {"assessment": "合格"},
        {"assessment": "不合格", "on_duty": "否"},
        {"assessment": "未考评"},
        {"assessment": "合格", "position": "后台"},
    ]
    assert by(staff_facts(detail("staff", rows)), "position") == {
        "话务员": {"on_duty": 3, "assessed": 3, "passed": 2},
        "后台": {"on_duty": 1, "assessed": 1, "passed": 1},
    }
