"""Mask phone and ID numbers in text: rows as they are staged, file names and headers when shown."""

import re

import polars as pl

MASK = "▇"
_DIGIT = "[0-9０-９]"
# Dates stay readable: their dashes are replaced by another character while numbers are masked.
_DATE = r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])-([0-3][0-9])([^0-9]|$)"
_DASH = "\ue000"
# Any run of seven or more digits, whatever spaces and dashes stand between them: it takes ticket
# numbers with it, which is accepted; a narrower rule lets "138-0013-8000" or "+86138..." through.
_GAP = r"[\s\u00a0\u200b-\u200f\u2010-\u2015\u2060\u2212\ufeff\-－]{0,3}"
_RUN = rf"[+＋]?{_DIGIT}(?:{_GAP}{_DIGIT}){{6,}}(?:{_GAP}[XxＸｘ])?"
# Dots and slashes stand in dates and amounts, too: between digits they count in a mobile only.
_DOTTED = rf"[1１][3-9３-９]{_DIGIT}[.．·・_/／]{_DIGIT}{{4}}[.．·・_/／]{_DIGIT}{{4}}"


def masked(text: pl.Series) -> pl.Series:
    """A text column with every phone or ID number replaced; dates and amounts stay readable."""
    # Most texts hold no number, and one search costs less than four replacements.
    found = text.str.contains(f"{_DOTTED}|{_RUN}").arg_true()
    return text.scatter(found, _replaced(text.gather(found))) if len(found) else text


def _replaced(text: pl.Series) -> pl.Series:
    shielded = text.str.replace_all(_DATE, f"${{1}}{_DASH}${{2}}{_DASH}${{3}}${{4}}")
    shielded = shielded.str.replace_all(_DOTTED, MASK)
    return shielded.str.replace_all(_RUN, MASK).str.replace_all(_DASH, "-", literal=True)


def mask(text: str) -> str:
    """Mask the numbers in one short text, such as a header."""
    return str(masked(pl.Series([text])).item())


def masked_path(path: str) -> str:
    """A path fit to be shown, each part of it masked."""
    return "/".join(masked_name(part) for part in path.split("/"))


def masked_name(name: str) -> str:
    """A file name fit for publication: its date stays, other long numbers in it do not."""
    first = re.search(r"(?<![0-9])[0-9]{4,8}(?![0-9])", name)
    begin, end = first.span() if first else (0, 0)
    return _masked_part(name[:begin]) + name[begin:end] + _masked_part(name[end:])


def _masked_part(text: str) -> str:
    return mask(text) if re.search("[0-9０-９]", text) else text
