"""Declared figures beside computed ones."""

import polars as pl
import pytest

from assets.indicators.reconcile import agrees
from tests.indicators.rows import published


def test_reconciliation_says_what_agrees_and_which_base_gives_the_rest(evaluated):
    rows = {
        (r["metric"], r["source"]): r for r in published(evaluated, "reconciliation").to_dicts()
    }
    assert rows["answer_rate", "附件3"]["verdict"] == "differs"
    assert rows["answer_rate", "附件3"]["difference"] == pytest.approx(18.7)
    assert rows["answer_rate", "附件3"]["reproduced_by"] == ""
    without = rows["answer_rate", "扣除用户挂断"]
    assert without["verdict"] == "differs"
    assert "接通数÷（话务量－用户挂断）" in without["reproduced_by"]
    month = rows["calls_offered", "表"]
    assert (month["verdict"], month["computed"], month["relative"]) == ("agrees", 10, 0)


def test_a_figure_of_a_period_without_facts_cannot_be_computed(evaluated):
    rows = pl.read_parquet(evaluated.warehouse.current / "reconciliation" / "2022.parquet")
    assert rows.select("verdict", "computed", "display").rows() == [
        ("cannot be computed", None, "—")
    ]


@pytest.mark.parametrize(
    ("declared", "value", "display", "same"),
    [
        (97.39, 97.3882, "97.39", True),
        (57.0, 57.0017, "57.00", True),
        (99.99, 99.9967, "99.99", True),  # the display rule, not plain rounding
        (100.0, 99.9967, "99.99", True),  # whole percents: 100 is how 99.9967 is rounded
        (98.7, 97.3882, "97.39", False),
        (215371.0, 215371.0, "215371", True),
        (215371.0, 215372.0, "215372", False),
        (5.0, None, "—", False),
    ],
)
def test_agreement_is_at_the_precision_of_the_declared_figure(declared, value, display, same):
    assert agrees(declared, value, display) is same
