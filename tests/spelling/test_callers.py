"""A caller has one number, and who cannot be known is nobody."""

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.spelling import spell_caller

MOBILE = "13800138000"
PREFIXES = ["", "+86", "86", "0086", "0", "+86 ", "86-", "(+86)", "+86 0", "'", "`", "\t", "\u202d"]
SIGNS = ["", " ", "-", "\u2013", ".", "\u200b", "\xa0", "  "]


def callers(*texts: str | None, unknown: tuple[str, ...] = ()) -> list[str | None]:
    spelt = spell_caller(pl.col("caller"), unknown)
    rows = pl.DataFrame({"caller": texts}, schema={"caller": pl.String})
    return rows.select(spelt).to_series().to_list()


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(
    st.sampled_from(PREFIXES),
    st.sampled_from(SIGNS),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.booleans(),
)
def test_a_mobile_is_eleven_digits_however_it_is_written(prefix, sign, mobile, is_wide):
    written = prefix + sign.join([mobile[:3], mobile[3:7], mobile[7:]])
    assert (
        callers(wide(written) if is_wide else written, f'="{mobile}"', f"{mobile}.0")
        == [mobile] * 3
    )


@given(
    st.sampled_from([("10", 8), ("29", 8), ("916", 7), ("755", 8)]),
    st.integers(0, 10**8 - 1),
)
def test_a_landline_is_area_code_and_number(area, number):
    code, digits = area
    local = str(number).zfill(8).replace("0", "2")[:digits]
    plain = f"0{code}{local}"
    written = [
        plain, f"0{code}-{local}", f"(0{code}){local}", f"（0{code}）{local}", f"0{code} {local}",
        f"+86{code}{local}", f"+86 {code} {local}", f"0086{code}{local}", f"+860{code}{local}",
        f"+86(0{code}){local}", f"860{code}{local}", f"'0{code}-{local}",
    ]  # fmt: skip
    assert callers(*written) == [plain] * len(written)


def test_an_extension_belongs_to_the_number():
    written = ["0916-2512345-801", "0916-2512345转801", "09162512345#801", "+86-916-2512345 ext801"]
    assert set(callers(*written)) == {"09162512345#801"}
    assert callers("0916-2512345-802") != callers("0916-2512345-801")


@pytest.mark.parametrize(
    "number", ["110", "12345", "95588", "4008001234", "86211234", "8621123", "0012125551234"]
)
def test_other_numbers_stay_as_they_are(number):
    assert callers(number) == [number]


def test_country_codes_of_others_and_numbers_with_86_of_their_own():
    assert callers("+12125551234", "+864008001234", "+8695588") == [
        "0012125551234", "4008001234", "95588"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "匿名", "匿名来电", "未知号码", "隐藏", "保密", "unknown", "Unknown", "UNKNOWN"),
        *("anonymous", "private", "withheld", "<unknown>", "null", "None", "N/A", "无", "-", "/"),
        *(
            "--",
            "0",
            "0000",
            "00000000000",
            "0000-0000",
            "-1",
            "1",
            "+86",
            "86",
            "0086",
            "11111111111",
        ),
        *("138****8000", "138xxxx8000", "138XXXX8000", "138????8000", "１３８＊＊＊＊８０００"),
        *("anonymous@anonymous.invalid", "\u200b", "'", "0.0", "００００"),
    ],
)
def test_who_cannot_be_known_has_no_number(text):
    assert callers(text, unicodedata.normalize("NFKC", text), f" {text}\n") == [None] * 3


def test_what_a_profile_lists_is_unknown_in_every_spelling():
    listed = ("13800000000", "保密1号", "PSTN-0")
    written = ["138-0000-0000", "+8613800000000", "保密1号", "保密１号", "pstn-0", MOBILE]
    assert callers(*written, unknown=listed) == [None] * 5 + [MOBILE]


def test_what_is_no_number_but_tells_callers_apart_stays():
    assert callers("a3f9c0", "sip:1001@pbx", "1.38001E+10") == [
        "a3f9c0",
        "sip:1001@pbx",
        "1.38001E+10",
    ]
    assert callers(None) == [None]
