"""Names and ids in one spelling: width, blanks, invisible characters, guards against Excel."""

from collections.abc import Iterable
from functools import cache

import polars as pl

# Characters that GB18030 of 2000 and 2005, and code page 936, kept in the private use area because
# Unicode had none for them (GB18030-2022, annex D): first private code point -> public ones.
_PUBLIC = {
    0xE5E5: "\u3000",
    0xE76C: "€",
    0xE78D: "︐︒︑︓︔︕︖︗︘︙",
    0xE7C7: "ḿ",
    0xE7C8: "ǹ",
    0xE7E7: "〾⿰⿱⿲⿳⿴⿵⿶⿷⿸⿹⿺⿻",
    0xE815: (
        "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊"
        "䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
    ),
}
_PRIVATE_USE = {
    chr(first + at): sign for first, signs in _PUBLIC.items() for at, sign in enumerate(signs)
}
# How a workbook writes a control character in XML, and some exports in their texts: _x000D_.
_ESCAPED_CONTROL = r"_x00(?:[01][0-9A-Fa-f]|7[Ff])_"
# Control characters that are no blanks, and what has no shape of its own: format characters,
# variation selectors, the joiner of marks and the fillers of Hangul.
_INVISIBLE = (
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\p{Cf}\u034f\u115f\u1160\u3164\uffa0"
    r"\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# A blank beside one of these is typography: Chinese is written without.
_CHINESE = r"[\p{Han}\u3001-\u3011\u3014-\u301b]"
# Put before a text so that Excel takes it for one.
_GUARDS = "'`\uff07"
_QUOTES = "'`\uff07‘’′\"“”"
_BLANKS = " \t\r\n\x0b\x0c\x85\xa0\u2028\u2029\u3000"
_FORMULA = r'^="(.*)"$'


def unguarded(value: pl.Expr) -> pl.Expr:
    """A cell without blanks around it and without what kept Excel from reading it as a number."""
    value = value.str.strip_chars(_BLANKS)
    inner = value.str.strip_chars_start(_GUARDS + _BLANKS).str.replace(_FORMULA, "$1")
    inner = inner.str.strip_chars_start(_GUARDS + _BLANKS).str.strip_chars_end(_BLANKS)
    return pl.when(value.str.contains(f"^[={_GUARDS}]")).then(inner).otherwise(value)


def spell_name(value: pl.Expr) -> pl.Expr:
    """A name as it is grouped by: NFKC, nothing invisible, single blanks, none beside Chinese."""
    value = value.str.replace_all(_ESCAPED_CONTROL, "\n").str.replace_many(_PRIVATE_USE)
    value = value.str.replace_all(_INVISIBLE, "").str.normalize("NFKC")
    value = unguarded(value.str.replace_all(r"\s+", " "))
    return value.str.replace_all(f"({_CHINESE}) ", "$1").str.replace_all(f" ({_CHINESE})", "$1")


def spell_id(value: pl.Expr) -> pl.Expr:
    """An id: NFKC, without blanks, quotes or a formula around it.

    A control or invisible character within stays: it is damage, and a rule of its own.
    """
    value = value.str.replace_all(_ESCAPED_CONTROL, "\n").str.normalize("NFKC")
    value = value.str.strip_chars_start(f"={_QUOTES}{_BLANKS}")
    return value.str.strip_chars_end(f"{_QUOTES}{_BLANKS}")


def spelt(texts: Iterable[str]) -> list[str]:
    """Texts of a profile, such as the keys of a code map, spelt as the cells that they meet."""
    return list(_spelt(tuple(texts)))


@cache
def _spelt(texts: tuple[str, ...]) -> list[str]:
    column = pl.Series("text", texts, dtype=pl.String)
    return column.to_frame().select(spell_name(pl.col("text"))).to_series().to_list()
