"""What a result says of itself."""

import pytest

from assets.core.check_result import GOOD, NOTE, WRONG, CheckResult


@pytest.mark.parametrize(
    ("level", "passed", "ours"), [(GOOD, True, False), (NOTE, False, False), (WRONG, False, True)]
)
def test_the_level_says_whether_it_passed_and_who_owes_what_is_missing(level, passed, ours):
    result = CheckResult("name", "标题", level)
    assert (result.passed, result.ours) == (passed, ours)


def test_a_check_with_faults_fails_and_names_them():
    assert CheckResult.of_faults("name", "标题", [], 7).passed
    failed = CheckResult.of_faults("name", "标题", ["calls 2023-01"], 7, 2)
    assert (failed.level, failed.faults) == (WRONG, ("calls 2023-01",))
    assert (failed.examined, failed.rules) == (7, 2)
