"""What a number format shows of a number: `0000` shows 7 as 0007, `0.00%` shows 0.97 as 97.00%.

A format may add what it shows (zeros, a percent sign, words), and never takes digits away: grouping
and rounding are left out. What cannot be written so that it means the same (fractions, scientific
notation, thousands, Chinese numerals) is no text at all.
ECMA-376, part 1, section 18.8.31.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

# Formats that a workbook names by number only; 27 to 36 and 50 to 58 as in a Chinese Excel.
_DATE, _TIME = "yyyy-mm-dd", "h:mm:ss"
_MONEY, _MONEY_EXACT = "¥#,##0;¥-#,##0", "¥#,##0.00;¥-#,##0.00"
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: _MONEY, 6: _MONEY,
    7: _MONEY_EXACT, 8: _MONEY_EXACT, 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 22: f"{_DATE} {_TIME}", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: "#,##0",
    42: _MONEY, 43: "#,##0.00", 44: _MONEY_EXACT, 46: "[h]:mm:ss", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
BUILT_IN |= dict.fromkeys((*range(14, 18), *range(27, 32), 36, *range(50, 55), 57, 58), _DATE)
BUILT_IN |= dict.fromkeys((*range(18, 22), *range(32, 36), 45, 47, 55, 56), _TIME)
_GENERAL = "General"
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式|@)|AM/PM|A/P|上午/下午|(?P<exponent>E[+-])"
    r"|(?P<date>[ymdhsaegb])|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_END = re.compile(r'"[^"]*"?|\\.|[_*].|\[[^\]]*\]|(?P<end>;)|.', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[0-9.]+)$")
_ELAPSED = re.compile(r"[hms]+$", re.IGNORECASE)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
_SIGNED = re.compile(r"[^0-9]*[-(]")
_NOTHING = " -—"


@dataclass(frozen=True)
class _Section:
    """One of up to four parts of a format: for positive, negative, zero and text.

    Attributes:
        items: "0", "#" and "?" for digits, "." for the point, "G" for the number as it is; each
            other text, after a quote, stands for itself.
        letters: letters of date and time.
        elapsed: letter of the unit that counts on beyond its usual end.
        percents: how often the number is multiplied by 100.
        condition: which numbers it is for, where it says so.
        is_unreadable: what it shows cannot be taken for the number.
    """

    items: tuple[str, ...]
    letters: str
    elapsed: str
    percents: int
    condition: Callable[[Decimal], bool] | None
    is_unreadable: bool

    @property
    def literal(self) -> str:
        """What it shows besides digits."""
        return "".join(item[1:] for item in self.items if item[0] == '"')


@dataclass(frozen=True)
class NumberFormat:
    """A number format.

    Attributes:
        code: as the workbook names it.
        sections: its parts.
    """

    code: str
    sections: tuple[_Section, ...] = field(repr=False)

    @cached_property
    def has_words(self) -> bool:
        """It shows words beside a text."""
        return self.around("x") != "x"

    @property
    def _first(self) -> _Section:
        return self.sections[0]

    @cached_property
    def is_date(self) -> bool:
        """It shows a moment or a duration."""
        return bool(self._first.letters or self._first.elapsed)

    @cached_property
    def shows_date(self) -> bool:
        """It shows a day; an `m` beside hours or seconds is minutes."""
        letters = self._first.letters
        return bool(set(letters) & set("ydaegb")) or letters.strip("m") == "" != letters

    @cached_property
    def shows_time(self) -> bool:
        """It shows a time of day."""
        return bool(set(self._first.letters) & set("hs"))

    @property
    def elapsed(self) -> str:
        """Unit that counts on beyond its usual end: "h" of `[h]:mm:ss`; else empty."""
        return self._first.elapsed

    def text(self, number: Decimal) -> str | None:
        """What it shows of a number; None where that cannot be taken for the number."""
        section, signed = self._section(number)
        if section is None or section.is_unreadable or section.letters or section.elapsed:
            return None
        size = abs(number) * 100**section.percents
        if not any(item in "0#?G" for item in section.items):
            # Words that stand for a number, as in [=1]"男"; but a dash or nothing hides it.
            return section.literal.strip() if section.literal.strip(_NOTHING) else plain(number)
        if not number and section is not self._first and '"-' in "".join(section.items):
            return "0"  # accounting shows a dash for it
        shown = _filled(section.items, size).strip()
        return shown if signed or not number or _SIGNED.match(shown) else f"-{shown}"

    def around(self, text: str) -> str:
        """What it shows of a text."""
        for section in self.sections[3:] or self.sections[-1:]:
            if "G" in section.items and "@" in self.code and len(section.items) > 1:
                return "".join(text if item == "G" else item[1:] for item in section.items)
        return text

    def _section(self, number: Decimal) -> tuple[_Section | None, bool]:
        """The section for a number, if there is one, and whether its sign needs no mark of ours."""
        numeric = self.sections[:3]
        if any(each.condition for each in numeric):
            for each in numeric:
                if each.condition is None or each.condition(number):
                    return each, number > 0
            return None, False
        if number < 0:
            return numeric[1 if len(numeric) > 1 else 0], False
        return numeric[2 if not number and len(numeric) > 2 else 0], True


def plain(number: Decimal) -> str:
    """A number as a CSV export would write it."""
    if number == number.to_integral_value():
        return str(int(number))
    return repr(float(number))


@lru_cache(maxsize=1024)
def parse_format(code: str) -> NumberFormat:
    """Parse a number format."""
    return NumberFormat(code, tuple(_section(each) for each in _sections(code)))


def _sections(code: str) -> Iterator[str]:
    start = 0
    for token in _SECTION_END.finditer(code):
        if token["end"]:
            yield code[start : token.start()]
            start = token.end()
    yield code[start:]


def _section(code: str) -> _Section:  # noqa: C901 (a branch for each kind of token)
    items: list[str] = []
    letters, elapsed, percents = "", "", 0
    condition: Callable[[Decimal], bool] | None = None
    unreadable = False
    for token in _TOKEN.finditer(code):
        kind, text = token.lastgroup, token[token.lastgroup or 0]
        if kind == "bracket":
            if found := _CONDITION.match(text):
                condition = _comparison(*found.groups())
            elif _ELAPSED.match(text):
                elapsed = elapsed or text[0].lower()
            elif text.startswith("$"):
                items.append('"' + text[1:].partition("-")[0])
            unreadable |= text.lower().startswith("dbnum")
        elif kind == "date":
            letters += text.lower()
        elif kind == "digit":
            items.append(text)
        elif kind == "general":
            items.append("G")
        elif kind in ("quoted", "escaped"):
            items.append('"' + text)
        elif kind == "exponent":
            unreadable = True
        elif kind == "other":
            percents += text == "%"
            items.append(text if text in ".,/" else '"' + text)
    items, is_scaled = _without_grouping(items)
    unreadable |= is_scaled or ("/" in items and any(item in "0#?" for item in items))
    items = ['"/' if item == "/" else item for item in items if item != '"']
    if not code or code == _GENERAL:
        items = ["G"] if code else []
    return _Section(tuple(items), letters, elapsed, percents, condition, unreadable)


def _comparison(sign: str, limit: str) -> Callable[[Decimal], bool]:
    compare, value = _COMPARE[sign], Decimal(limit)
    return lambda number: compare(number, value)


def _without_grouping(items: Sequence[str]) -> tuple[list[str], bool]:
    """Drop commas between digits; whether commas behind the digits divide by a thousand."""
    kept: list[str] = []
    is_scaled = False
    for at, item in enumerate(items):
        if item != ",":
            kept.append(item)
        elif any(each in "0#?" for each in items[:at]):
            following = next((each for each in items[at:] if each != ","), "")
            is_scaled |= not (following and following in "0#?")
        else:
            kept.append('",')
    return kept, is_scaled


def _filled(items: Sequence[str], size: Decimal) -> str:
    """Put the digits of a number that is not negative into their places."""
    if "G" in items:
        return "".join(plain(size) if item == "G" else item[1:] for item in items)
    whole, _, fraction = format(size.normalize(), "f").partition(".")
    point = items.index(".") if "." in items else len(items)
    before = _before_point(items[:point], whole)
    places = [at for at, item in enumerate(items) if at > point and item in "0#?"]
    if not places:
        # The decimals that it hides stand behind its last digit.
        last = max((at for at, item in enumerate(items[:point]) if item in "0#?"), default=-1)
        decimals = f".{fraction}" if fraction else ""
        after = "".join(item[1:] for item in items[point:] if item[0] == '"')
        return "".join(before[: last + 1]) + decimals + "".join(before[last + 1 :]) + after
    fraction = fraction.ljust(sum(items[at] == "0" for at in places), "0")
    after = ""
    for at, item in enumerate(items[point + 1 :], point + 1):
        if item[0] == '"':
            after += item[1:]
        else:
            after += fraction if at == places[-1] else fraction[:1]
            fraction = fraction[1:]
    return "".join(before) + ("." if after and after[0].isdigit() else "") + after


def _before_point(items: Sequence[str], whole: str) -> list[str]:
    places = [at for at, item in enumerate(items) if item in "0#?"]
    shown = [item[1:] for item in items]
    for at in reversed(places):
        digit = whole if at == places[0] else whole[-1:]
        shown[at] = digit or ("0" if items[at] == "0" else "")
        whole = whole[: len(whole) - len(digit)]
    return shown
