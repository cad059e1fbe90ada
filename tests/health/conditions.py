"""An installation after a night, and what a check says of it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assets.core.check_result import GOOD, CheckResult
from assets.installation.installation import Installation
from tests.driver import bring_up_to_date, change, deliver
from tests.samples import row


@pytest.fixture
def healthy(installation, monkeypatch) -> Installation:
    """An installation after a night."""
    for name in ("DAGSTER_HOME", "HOTLINE_CALLER_KEY"):
        monkeypatch.delenv(name, raising=False)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    return installation


def levels(found: list[CheckResult]) -> list[str]:
    return [each.level for each in found]


def only(found: list[CheckResult], level: str, *words: str) -> None:
    """There is one finding, of this level, with these words; what is amiss has a remedy."""
    (each,) = found
    assert each.level == level, each
    assert each.remedy or level == GOOD, each
    assert all(word in each.sentence + each.remedy for word in words), each


def set_clock(installation: Installation, text: str) -> None:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    change(installation, now=lambda: moment)
