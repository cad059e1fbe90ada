"""GB18030 of 2022 and of 2005, with the euro sign that Windows writes as byte 0x80.

Python's codec is that of 2000. The later editions swap characters in use with private ones.
"""

import codecs
from typing import Final

STRICT: Final = "hotline-gb18030-strict"
REPLACE: Final = "hotline-gb18030-replace"
_2005 = {0xE7C7: 0x1E3F}
_2022 = _2005 | dict(
    zip(
        (*range(0xE78D, 0xE797), 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864),
        (0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A), *range(0x9FB4, 0x9FBC)),
        strict=True,
    )
)
_SWAPPED: dict[int, dict[int, int]] = {
    edition: pairs | {public: private for private, public in pairs.items()}
    for edition, pairs in {2005: _2005, 2022: _2022}.items()
}
# What the swapped characters begin with in UTF-8, where it is rare, or else in GB18030.
_IN_UTF8 = b"\xee"
_IN_GB18030 = (b"\x81\x35\xf4", b"\x82\x35\x90", b"\x82\x35\x91", b"\x84\x31\x82", b"\x84\x31\x83")


def _euro_or_raise(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


def _euro_or_replacement(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # One byte at a time: the line end after half a character is no part of the damage.
    return "€" if error.object[error.start] == 0x80 else "\ufffd", error.start + 1


codecs.register_error(STRICT, _euro_or_raise)
codecs.register_error(REPLACE, _euro_or_replacement)


def decode_gb18030(raw: bytes | memoryview, errors: str = STRICT, edition: int = 2022) -> bytes:
    """Turn whole characters of GB18030 into UTF-8.

    Args:
        raw: the bytes.
        errors: `STRICT`, or `REPLACE`, which puts U+FFFD for each byte that means nothing.
        edition: of the standard.

    Raises:
        UnicodeDecodeError: bytes mean nothing, and `errors` is `STRICT`.
    """
    text = str(raw, "gb18030", errors)
    found = text.encode()
    whole = bytes(raw) if isinstance(raw, memoryview) else raw
    # Looking for one byte is fast, and everyday text does not hold the first ones.
    if _IN_UTF8 in found or any(each[:1] in whole and each in whole for each in _IN_GB18030):
        return text.translate(_SWAPPED[edition]).encode()
    return found
