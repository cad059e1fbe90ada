# ruff: noqa: E501 (values stand in tables)
"""Number format and number -> text."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.workbooks.number_formats import parse_format, plain

ACCOUNTING = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '
MONEY = '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ '
SHOWN = [
    ("General", "0.5", "0.5"), ("General", "-1.5E-7", "-1.5e-07"), ("@", "7", "7"),
    ("0000", "7", "0007"), ("00000000", "9163", "00009163"), ("0000", "123456", "123456"),
    ("000", "-7", "-007"), ("0%", "0.97", "97%"), ("0.00%", "0.97", "97.00%"),
    ("0.0%", "0.97499", "97.499%"), ("0%", "-0.05", "-5%"), ("#,##0", "1234567", "1234567"),
    ("#,##0.00", "12.5", "12.50"), ("0.00", "97.1234", "97.1234"), ("0", "12.3", "12.3"),
    ("000", "7.5", "007.5"), ('"A"000', "7", "A007"), ("\\A000", "7", "A007"),
    ('0"秒"', "15", "15秒"), ('0"秒"', "1.5", "1.5秒"), ("000-0000-0000", "13912345678", "139-1234-5678"),
    ('General"人"', "5", "5人"), ("#", "0", "0"), ("#.##", "0.5", "0.5"), ("???", "5", "5"),
    ("0_);(0)", "-5", "(5)"), ("0;[Red]0", "-5", "-5"), ("0;0;零", "0", "零"),
    (ACCOUNTING, "0", "0"), (MONEY, "0", "0"), (ACCOUNTING, "1234", "1234"), (ACCOUNTING, "-1234", "-1234"),
    ("[$¥-804]#,##0.00", "12.5", "¥12.50"), ("0;-0;;@", "0", "0"), (";;;", "5", "5"),
    ('[=1]"男";[=2]"女"', "1", "男"), ('[=1]"男";[=2]"女"', "2", "女"), ('[=1]"男";[=2]"女"', "3", None),
    ("[>=100]0;0000", "7", "0007"), ("[>=100]0;0000", "700", "700"),
    ("# ?/?", "0.5", None), ("0.00E+00", "12345", None), ("0.0,", "12345", None), ("0.0,,", "1", None),
    ("[DBNum1]0", "5", None), ("yyyy", "5", None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "number", "text"), SHOWN)
def test_what_a_format_shows(code, number, text):
    assert parse_format(code).text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("code", "date", "time", "elapsed"),
    [
        ("yyyy-mm-dd hh:mm:ss", True, True, ""),
        ('yyyy"年"m"月"d"日"', True, False, ""),
        ('yyyy"年"m"月"d"日" h"时"mm"分"', True, True, ""),
        ("m/d", True, False, ""),
        ('m"月"', True, False, ""),
        ("yyyy/m/d;@", True, False, ""),
        ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", True, False, ""),
        ("[$-804]aaaa;@", True, False, ""),
        ("h:mm", False, True, ""),
        ("mm:ss", False, True, ""),
        ("[$-409]h:mm:ss AM/PM;@", False, True, ""),
        ('上午/下午h"时"mm"分"', False, True, ""),
        ("[h]:mm:ss", False, True, "h"),
        ("[mm]:ss", False, True, "m"),
        ("[s]", False, False, "s"),
    ],
)
def test_formats_of_date_and_time(code, date, time, elapsed):
    form = parse_format(code)
    assert form.is_date
    assert (form.shows_date, form.shows_time, form.elapsed) == (date, time, elapsed)


@pytest.mark.parametrize("code", ["[Red]0", "0.00", '"days"0', "General", "\\d0", '"y";"m"', "_d0"])
def test_words_and_colours_are_no_dates(code):
    assert not parse_format(code).is_date


@pytest.mark.parametrize(
    ("code", "text"),
    [('"A"@', "Ax"), ('0;0;0;@"号"', "x号"), ("@", "x"), ("0", "x"), ("0;;;", "x")],
)
def test_texts_keep_what_they_are(code, text):
    assert parse_format(code).around("x") == text


NUMBERS = st.decimals(-(10**9), 10**9, places=4)


@given(
    NUMBERS,
    st.integers(0, 9),
    st.integers(0, 4),
    st.sampled_from(["", "#,##", "[Red]"]),
    st.sampled_from(["", "%"]),
)
def test_no_format_takes_digits_away(number, zeros, decimals, before, after):
    code = before + "0" * (zeros + 1) + ("." + "0" * decimals if decimals else "") + after
    shown = parse_format(code).text(number)
    value = Decimal(shown.removesuffix("%")) / (100 if after else 1)
    assert value == number
    assert len(shown.lstrip("-").partition(".")[0].removesuffix("%")) >= zeros + 1


@given(st.text(alphabet='0#?.,%/E+-@;"\\_*[]$=<>hmsydGeneral 年月¥', max_size=20), NUMBERS)
def test_whatever_a_format_says_it_is_a_text_or_none(code, number):
    form = parse_format(code)
    text = form.text(number)
    assert text is None or isinstance(text, str)
    assert isinstance(form.around("x"), str)
    assert (form.shows_date or form.shows_time or bool(form.elapsed)) == form.is_date


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_an_integer_is_its_digits(number):
    assert plain(Decimal(number)) == str(number)
