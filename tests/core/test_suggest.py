"""What is suggested to who wrote a name that there is not."""

import pytest

from assets.core import did_you_mean


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("接通率", "话务接通率"),
        ("话务接通绿", "话务接通率"),
        ("answer_rat", "answer_rate"),
        ("ANSWER_RATE", "answer_rate"),
        ("xyz", ""),
        ("", ""),
    ],
)
def test_what_is_close_is_named(wanted, meant):
    said = did_you_mean(wanted, ["话务接通率", "answer_rate", "回访率"])
    assert meant in said
    assert bool(said) is bool(meant)
