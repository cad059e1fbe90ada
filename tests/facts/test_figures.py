"""The display rule: half-up, two decimals, never a false 100.00, and all printed rates of 2023."""

import tomllib
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.evaluation.comparison import TABLES
from assets.facts.figures import NOTHING, decimal, figure_display, percent, ratio

# Rates of the evaluation, with the columns of the same table that they are formed from.
RATES = {
    "话务接通率%": ("话务接通数", "话务量"),
    "话务监听合格率%": ("话务监听合格数量", "话务监听数量"),
    "办结率%": ("办结数", "接单数"),
    "工单按时办结率%": ("按时办结数", "办结数"),
    "接通率%": ("有效回访数", "总回访数"),
}


def printed_rates() -> list[tuple[str, int, int, str]]:
    """(where, numerator, denominator, as printed) of every rate that a table holds the sums of."""
    found = []
    for table in tomllib.loads(TABLES.read_text(encoding="utf-8"))["table"]:
        columns = {
            column["title"]: [*column["months"], column.get("total")] for column in table["column"]
        }
        for title, (numerator, denominator) in RATES.items():
            if title in columns:
                found += [
                    (f"{table['number']} {title} {month}", int(top), int(bottom), rate)
                    for month, (top, bottom, rate) in enumerate(
                        zip(columns[numerator], columns[denominator], columns[title], strict=True),
                        start=1,
                    )
                ]
    return found


PRINTED = printed_rates()


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [each[1:] for each in PRINTED],
    ids=[each[0] for each in PRINTED],
)
def test_a_printed_rate_is_reproduced_to_the_digit(numerator, denominator, printed):
    assert percent(numerator, denominator) == printed


def test_the_printed_rates_are_all_there():
    """Tables 4-5, 4-6, 4-7 and 4-17: 52 rates, and the 13 of 4-7 that are the same throughout."""
    numbers = [each[0].split()[0] for each in PRINTED]
    assert {number: numbers.count(number) for number in numbers} == {
        "4-5": 13,
        "4-6": 13,
        "4-7": 26,
        "4-17": 13,
    }
    not_whole = [each for each in PRINTED if each[1] < each[2]]
    assert len({each[3] for each in not_whole}) > 25


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [
        (0, 5, "0.00"),
        (5, 5, "100.00"),
        (18_370, 18_371, "99.99"),
        (199_999, 200_000, "99.99"),
        (10**12 - 1, 10**12, "99.99"),
        (9_999, 10_000, "99.99"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 8, "12.50"),
        (1, 16, "6.25"),
        (1, 32, "3.13"),
        (1, 800, "0.13"),
        (1, 20_000, "0.01"),
        (1, 20_001, "0.00"),
        (3, 2, "150.00"),
        (10_001, 10_000, "100.01"),
        (200_001, 200_000, "100.00"),
        (-1, 3, "-33.33"),
        (-1, 800, "-0.13"),
        (-1, 100_000, "0.00"),
    ],
)
def test_percent(numerator, denominator, shown):
    assert percent(numerator, denominator) == shown


@pytest.mark.parametrize("show", [percent, ratio])
def test_what_cannot_be_formed_is_a_dash(show):
    assert NOTHING == "—"
    for numerator, denominator in ((0, 0), (5, 0), (None, 5), (5, None), (None, None)):
        assert show(numerator, denominator) == NOTHING


def test_means_and_counts():
    assert ratio(7, 2) == "3.50"
    assert ratio(1, 200) == "0.01"
    assert ratio(1, 201) == "0.00"
    assert ratio(100, 100) == "1.00"
    assert ratio(99_999_999, 1) == "99999999.00"
    assert figure_display(0, None, "通") == "0"
    assert figure_display(199_133, None, "通") == "199133"
    assert figure_display(None, None, "通") == NOTHING
    assert [decimal(each) for each in (0, 5, -5, 100, -12_345)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1.00",
        "-123.45",
    ]


counts = st.integers(0, 10**12)


@given(numerator=counts, denominator=st.integers(1, 10**12))
def test_percent_is_half_up_but_for_the_false_hundred(numerator, denominator):
    exact = Fraction(100 * numerator, denominator)
    rounded = Fraction(int(exact * 200) + 1, 2) // 1  # floor(100 * exact + 1/2)
    shown = percent(numerator, denominator)
    if numerator < denominator:
        assert shown != "100.00"
        assert shown == f"{min(rounded, 9_999) / 100:.2f}"
    else:
        whole = Decimal(int(rounded)) / 100
        assert shown == str(whole.quantize(Decimal("0.01"), ROUND_HALF_UP))


@given(part=st.integers(0, 10**9), more=st.integers(1, 10**9))
def test_percent_of_a_part_stays_below_hundred(part, more):
    assert Decimal(percent(part, part + more)) <= Decimal("99.99")
    assert percent(part + more, part + more) == "100.00"
