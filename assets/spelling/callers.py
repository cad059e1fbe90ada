"""Callers' numbers in one form, and which callers are not known."""

from collections.abc import Sequence

import polars as pl

from assets.spelling.names import spell_name, spelt

# What platforms write for a number that was withheld and that holds digits or is no plain word; a
# text without any digit names nobody anyway.
UNKNOWN_CALLERS = ("anonymous@anonymous.invalid", "unknown@unknown.invalid")
# A number of which somebody has hidden a part is that of many.
_HIDDEN = r"[*?×●•■□▇█]|[xX]{2}|##"
_SCIENTIFIC = r"^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$"
_WHOLE = r"^([0-9]+)\.0+$"
_LANDLINE = r"(?:(?:(?:\+|00)?86[- ]?)?\(?0|(?:\+|00)86[- ]?\(?)[0-9]{2,3}\)?[- ]?[0-9]{7,8}"
_EXTENSION = rf"^({_LANDLINE})\s*(?:-|转|轉|分机|(?i:ext\.?)|[xX#])\s*([0-9]{{1,6}})$"
_SIGNS = r"[\s\-\u2010-\u2015\u2212._·・()\[\]]"
_DIGITS = r"^\+?[0-9]+(?:#[0-9]+)?$"
# The whole number after 86 is a mobile, begins with the 0 of an area code, or is longer than any
# number of a city: a landline of eight digits may begin with 86, too.
_COUNTRY = r"^(?:\+86|0086|86(0|1[3-9][0-9]{9}$|[0-9]{10}))"
_WITHOUT_COUNTRY = r"^(?:\+|00)?86"
_MOBILE = r"^0*(1[3-9][0-9]{9})$"
# Area codes lose their 0 behind +86; 400 and 800 are none.
_AREA = r"^(10[0-9]{8}|2[0-9]{9}|[3-9][0-9]{9,10})(#[0-9]+)?$"
_NO_AREA = r"^[48]00[0-9]{7}$"
_SHORTEST = 3  # digits: 110 calls, too
_ONE_DIGIT = "|".join(f"{digit}{{9,20}}" for digit in range(1, 10))
_NEVER_ONE = rf"^(?:0*|{_ONE_DIGIT}|[0-9]{{1,{_SHORTEST - 1}}})(?:#[0-9]+)?$"


def spell_caller(value: pl.Expr, unknown: Sequence[str] = ()) -> pl.Expr:
    """A caller's number in one form; null where nobody is known by it.

    Digits only: no width, country code, 0 before a mobile, blanks or signs; "#" and the extension
    where a landline has one. What is no number but holds digits, such as an id that the platform
    has made of it, stays as it is.

    Args:
        value: texts as exported.
        unknown: what the profile lists as unknown, beside what no caller can be.
    """
    text = spell_name(value).str.replace(_WHOLE, "$1")
    listed = {each.lower() for each in (*UNKNOWN_CALLERS, *spelt(unknown))}
    number = text.str.replace(_EXTENSION, "$1#$2").str.replace_all(_SIGNS, "")
    number = pl.when(number.str.contains(_DIGITS)).then(_national(number)).otherwise(text)
    # Its digits are lost, which is a rule of its own.
    number = pl.when(text.str.contains(_SCIENTIFIC)).then(text).otherwise(number)
    known = (
        number.str.contains("[0-9]")
        & ~number.str.contains(_NEVER_ONE)
        & ~text.str.contains(_HIDDEN)
        & ~text.str.to_lowercase().is_in(listed)
        & ~number.is_in(listed)
    )
    return pl.when(known).then(number)


def _national(number: pl.Expr) -> pl.Expr:
    abroad = number.str.contains(_COUNTRY)
    within = number.str.replace(_WITHOUT_COUNTRY, "")
    with_area = within.str.contains(_AREA) & ~within.str.contains(_NO_AREA)
    within = pl.when(with_area).then(pl.concat_str(pl.lit("0"), within)).otherwise(within)
    number = pl.when(abroad).then(within).otherwise(number.str.replace(r"^\+", "00"))
    return number.str.replace(_MOBILE, "$1")
