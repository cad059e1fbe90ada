"""The first line of `hotline status`: whether last night is in order."""

from dataclasses import replace

import pytest

from pipelines.cli.show import show_verdict
from pipelines.cli.state import state
from pipelines.cli.todo import Todo
from tests.driver import bring_up_to_date, deliver
from tests.samples import row


@pytest.fixture
def seen(installation):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    return state(installation)


@pytest.mark.parametrize(
    ("days", "begins"), [(0, "✓ 正常"), (30, "✓ 正常"), (31, "! 已有 31 天没有新的导出")]
)
def test_a_platform_that_sends_nothing_any_more_is_not_called_normal(seen, capsys, days, begins):
    assert show_verdict(replace(seen, days_behind=days), []) == 0
    assert capsys.readouterr().out.startswith(begins)


def test_what_is_urgent_comes_before_everything(seen, capsys):
    assert show_verdict(replace(seen, days_behind=31), [Todo("甲", urgent=True), Todo("乙")]) == 1
    assert capsys.readouterr().out.startswith("✗ 有 1 件事今天要处理")
