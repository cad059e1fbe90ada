"""Every prefix of a mobile and every way of separating digits is masked."""

import pytest

from assets.masking import MASK, mask

SEPARATORS = [*" -－\u00a0\u200b\u200f\u2010\u2015\u2060\u2212\ufeff\t", " - ", ""]
DOTS = ".．·・_/／"


@pytest.mark.parametrize("second", "3456789")
@pytest.mark.parametrize("separator", DOTS)
def test_a_mobile_with_dots_is_masked_whatever_its_prefix(second, separator):
    number = separator.join((f"1{second}8", "0013", "8000"))
    wide = number.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert mask(f"电话{number}。") == mask(f"电话{wide}。") == f"电话{MASK}。"


@pytest.mark.parametrize("separator", DOTS)
@pytest.mark.parametrize("begin", ["208", "308", "228"])
def test_what_no_mobile_begins_with_stays_readable_between_dots(begin, separator):
    number = separator.join((begin, "0013", "8000"))
    assert mask(number) == number


@pytest.mark.parametrize("separator", SEPARATORS)
def test_seven_digits_are_masked_whatever_separates_them_and_six_are_not(separator):
    assert mask(f"号{separator.join('1234567')}号") == f"号{MASK}号"
    assert mask(f"号{separator.join('123456')}号") == f"号{separator.join('123456')}号"


@pytest.mark.parametrize("last", "XxＸｘ")
@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_trailing_letter_of_an_id_is_masked_with_it(last, separator):
    assert mask(f"身份证61070219900307451{separator}{last}，") == f"身份证{MASK}，"
