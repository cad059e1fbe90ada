"""Mask what names a person in text: rows as they are staged, file names and headers when shown."""

import re

import polars as pl

from schemas.personal import (
    ACCOUNT,
    ADDRESS,
    CALLED,
    DIGIT,
    GROUPED,
    HINTS,
    LANDLINE,
    MAIL,
    MOBILE,
    PLATE,
    is_person,
)

MASK = "▇"
# Any run of seven or more digits, whatever spaces and dashes stand between them: it takes ticket
# numbers with it, which is accepted; a narrower rule lets "138-0013-8000" or "+86138..." through.
_GAP = r"[\s\u00a0\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff\-－\p{M}\p{Cf}]{0,3}"
_RUN = rf"[+＋]?{DIGIT}(?:{_GAP}{DIGIT}){{6,}}(?:{_GAP}[XxＸｘ])?"
# Dots and slashes stand in dates and amounts, too: between digits they count in a mobile only.
_DOTTED = r"[1１][3-9３-９][0-9０-９][.．·・_/／][0-9０-９]{4}[.．·・_/／][0-9０-９]{4}"
# Dates stay readable: while numbers are masked their separators are private-use characters, and so
# is what stands before and after them, so that no number reaches across.
_SEPARATORS = {"-": "\ue000", ".": "\ue001", "/": "\ue002"}
_GUARD = "\ue003"
# Two cheap searches say of most texts that there is nothing to mask: six digits anywhere, or what
# mail addresses, plates and accounts begin with. All patterns as one search cost twenty times that.
_SIX_DIGITS = rf"(?s)(?:{DIGIT}.*?){{6}}"


def masked(text: pl.Series) -> pl.Series:
    """A text column with numbers, plates, mail addresses and accounts of people replaced.

    Dates and amounts stay readable.
    """
    found = (text.str.contains(_SIX_DIGITS) | text.str.contains(HINTS)).arg_true()
    if not len(found):
        return text
    return text.scatter(found, _replaced(text.gather(found)))


def _replaced(text: pl.Series) -> pl.Series:
    shielded = text.str.replace_all(ACCOUNT, f"${{1}}{MASK}")
    for separator, stand_in in _SEPARATORS.items():
        mark = re.escape(separator)
        shielded = shielded.str.replace_all(
            rf"((?:19|20)[0-9]{{2}}){mark}(0[1-9]|1[0-2]|[1-9]){mark}([0-3][0-9]|[1-9])([^0-9]|$)",
            f"{_GUARD}${{1}}{stand_in}${{2}}{stand_in}${{3}}{_GUARD}${{4}}",
        )
    shielded = shielded.str.replace_all(GROUPED, MASK)
    # Twice: of two numbers side by side the first takes what stands between them.
    for _ in range(2):
        shielded = shielded.str.replace_all(MOBILE, f"${{1}}{MASK}${{3}}")
    for pattern in (_DOTTED, LANDLINE, _RUN, MAIL, PLATE):
        shielded = shielded.str.replace_all(pattern, MASK)
    for separator, stand_in in _SEPARATORS.items():
        shielded = shielded.str.replace_all(stand_in, separator, literal=True)
    return shielded.str.replace_all(_GUARD, "", literal=True)


def mask(text: str) -> str:
    """Mask the numbers in one short text, such as a header."""
    return str(masked(pl.Series([text])).item())


def mask_title(text: str) -> str:
    """Mask a title for the reports of an office that shows titles: addresses and names as well.

    Names are found in the words that rjieba cuts the text into: those it takes for a person's, and
    one to three words together that are made like one.
    """
    # Loaded here: few offices show titles, and its dictionary takes a sixth of a second.
    import rjieba

    plain = pl.Series([mask(text)]).str.replace_all(ADDRESS, MASK).item()
    words = rjieba.tag(CALLED.sub(MASK, plain))
    kept: list[str] = []
    at = 0
    while at < len(words):
        length = next((n for n in (3, 2, 1) if _is_name(words[at : at + n], n)), 0)
        kept.append(MASK if length else words[at][0])
        at += length or 1
    return re.sub(f"{MASK}{{2,}}", MASK, "".join(kept))


def _is_name(words: list[tuple[str, str]], length: int) -> bool:
    if len(words) < length:
        return False
    text = "".join(word for word, _ in words)
    tagged = length == 1 and words[0][1] in ("nr", "nrt") and len(text) == 3
    return is_person(text) or (tagged and re.fullmatch(r"[\u4e00-\u9fff·]+", text) is not None)


def masked_path(path: str) -> str:
    """A path fit to be shown, each part of it masked."""
    return "/".join(masked_name(part) for part in path.split("/"))


def masked_name(name: str) -> str:
    """A file name fit for a message: its date stays, other long numbers and names in it do not."""
    first = re.search(r"(?<![0-9])[0-9]{4,8}(?![0-9])", name)
    begin, end = first.span() if first else (0, 0)
    return _masked_part(name[:begin]) + name[begin:end] + _masked_part(name[end:])


def _masked_part(text: str) -> str:
    if text.isascii() and not re.search("[0-9@]", text):
        return text
    words = re.split(r"([^\u4e00-\u9fff]+)", CALLED.sub(MASK, mask(text)))
    return "".join(MASK if is_person(word) else word for word in words)
