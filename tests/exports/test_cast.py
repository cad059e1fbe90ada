"""Text -> types: what is cast, and what is a reason."""

import polars as pl
import pytest

from assets.exports.cast import cast
from assets.profiles import load_profile
from schemas import EXPORTS, rules
from tests.samples import row

CALLS = EXPORTS["calls"]


@pytest.mark.parametrize(
    ("text", "rejected"),
    [
        ("2023-01-05 08:00:00", False),
        (" 2023-01-05 08:00:00\u3000", False),
        ('="2023-01-05 08:00:00"', False),
        ("２０２３-01-05 08:00:00", True),
        ("2023-01-05 08:00：00", True),
    ],
)
def test_timestamps_are_trimmed_but_not_normalised(text: str, rejected: bool) -> None:
    cells = {name: str(row("calls")[name]) for name in CALLS.by_name} | {"offered_at": text}
    rows = pl.DataFrame({"__line": [2]} | {name: [cell] for name, cell in cells.items()})
    typed, reasons = cast(rows, CALLS, load_profile("hanzhong"))
    expected = [(0, "offered_at", rules.TIMESTAMP.id)] if rejected else []
    assert reasons.rows() == expected
    assert typed["offered_at"].null_count() == rejected
