"""Files that are refused for what is in their rows, and the limits themselves."""

import pytest

from assets.exports.deliveries import REFUSED, TAKEN
from tests.driver import deliver, ledger, take_all
from tests.samples import row


def calls(count: int, first: int = 0, **changes: object) -> list[dict[str, object]]:
    return [row("calls", call_id=f"C{first + each:06d}", **changes) for each in range(count)]


def test_a_file_in_which_every_line_stands_twice_is_taken(installation):
    deliver(installation, "calls_20230105.csv", calls(30) * 2)
    take_all(installation)
    assert ledger(installation, "calls")["state"].to_list() == [TAKEN]


def conflicting(count: int) -> list[dict[str, object]]:
    """Calls of one id that differ in the number that called."""
    return [row("calls", call_id="same", caller=f"1390000000{each}") for each in range(count)]


@pytest.mark.parametrize(
    ("good", "bad", "state"), [(57, 3, TAKEN), (56, 3, REFUSED), (3, 2, TAKEN), (3, 3, REFUSED)]
)
def test_the_limit_of_conflicts_itself_is_allowed(installation, good, bad, state):
    """Five percent of the rows, and two of them in any file."""
    deliver(installation, "calls_20230105.csv", [*calls(good), *conflicting(bad)])
    take_all(installation)
    found = ledger(installation, "calls").row(0, named=True)
    assert (found["state"], found["rule"]) == (state, "" if state == TAKEN else "key_unusable")


@pytest.mark.parametrize(("good", "state"), [(57, TAKEN), (56, REFUSED)])
def test_the_limit_of_bad_rows_itself_is_allowed(installation, good, state):
    bad = calls(3, first=good, outcome="占线")
    deliver(installation, "calls_20230105.csv", [*calls(good), *bad])
    take_all(installation)
    found = ledger(installation, "calls").row(0, named=True)
    assert (found["state"], found["rule"]) == (state, "" if state == TAKEN else "quarantined_share")
