"""Bytes as delivered -> UTF-8 text with Unix line ends: gzip, encodings, damage."""

import codecs
import gzip
import io
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from assets.exports.encodings import guess
from assets.exports.gb18030 import REPLACE, STRICT, decode_gb18030
from assets.exports.parsed_file import HEADER_LINES, FileRefused
from assets.profiles import EDITIONS

# Large enough that Python's cost per call vanishes, small enough that the memory is used again
# and again instead of being asked from the system anew (which costs more than the decoding).
CHUNK = 1 << 22

ENCODINGS = ("utf-8", "gb18030")
_DAMAGE = "\ufffd".encode()


@dataclass(frozen=True)
class Decoded:
    """A text whose encoding is known.

    Attributes:
        text: Valid UTF-8 without byte order mark, all line ends are Unix ones.
        encoding: How it was delivered: "utf-8", "utf-8-sig", "gb18030", or as it was named.
        damaged: Some bytes meant nothing in that encoding; U+FFFD stands in their place.
    """

    text: bytes = field(repr=False)
    encoding: str
    damaged: bool


def unpack(raw: bytes, *, name: str, limit: int) -> bytes:
    """Return the content of a delivered file, unpacked if its name ends in ".gz".

    Args:
        raw: The file as delivered.
        name: Its file name.
        limit: The most unpacked bytes that are accepted; no more than that is ever held.

    Raises:
        FileRefused: "too_large", or "gzip_damaged" for anything but a whole gzip file.
    """
    if not name.lower().endswith(".gz"):
        if len(raw) > limit:
            raise FileRefused("too_large", size=len(raw), limit=limit)
        return raw
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            while part := packed.read(CHUNK):
                size += len(part)
                if size > limit:
                    raise FileRefused("too_large", size=size, limit=limit)
                parts.append(part)
    except (EOFError, OSError, zlib.error):
        raise FileRefused("gzip_damaged") from None
    return b"".join(parts)


def decode(raw: bytes, *, expected: Collection[str], encoding: str = "") -> Decoded:
    """Turn a delivered text into UTF-8: from the encoding that is named, or UTF-8 or GB18030.

    The header decides where it can: that the whole body decodes proves little, because a damaged
    UTF-8 file may happen to be valid GB18030. Once the encoding is known, damage in the body stays
    where it is, and costs only the lines it is on. Where the header says nothing, a text that is
    GB18030 by its bytes and not by its characters is refused (`encodings`).

    Args:
        raw: The text as delivered.
        expected: Header names that may occur; only those that are not ASCII tell encodings apart.
        encoding: Name of the encoding, where it is known. A byte order mark knows better.

    Raises:
        FileRefused: "encoding_utf16", or "encoding" with the one that the text seems to be in.
    """
    marked = raw.startswith(codecs.BOM_UTF8)
    if encoding and not marked:
        return _in_named(raw, encoding)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        order = "LE" if raw.startswith(codecs.BOM_UTF16_LE) else "BE"
        raise FileRefused("encoding_utf16", encoding=f"UTF-16{order}")
    # No byte of a character of either encoding can be mistaken for a line end.
    text = _unix(raw.removeprefix(codecs.BOM_UTF8))
    decided = "utf-8" if marked else _encoding_of_header(text, expected)
    if decided:
        whole, damaged = _repaired(text, decided)
        return Decoded(whole, "utf-8-sig" if marked else decided, damaged)
    with suppress(UnicodeDecodeError):
        for chunk in _chunks(text):
            str(chunk, "utf-8")
        return Decoded(text, "utf-8", damaged=False)
    found = guess(text)
    if found not in ENCODINGS:
        raise FileRefused("encoding", found=found)
    whole, damaged = _repaired(text, found)
    return Decoded(whole, found, damaged)


def _unix(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _in_named(raw: bytes, encoding: str) -> Decoded:
    """Decode from an encoding that the profile names."""
    name = encoding if encoding in EDITIONS else codecs.lookup(encoding).name
    if name in (*EDITIONS, *ENCODINGS):
        whole, damaged = _repaired(_unix(raw), name)
        return Decoded(whole, name, damaged)
    decoder = codecs.getincrementaldecoder(name)("replace")
    pieces = (raw[at : at + CHUNK] for at in range(0, len(raw), CHUNK))
    parts = [decoder.decode(piece).encode() for piece in pieces]
    whole = _joined([*parts, decoder.decode(b"", final=True).encode()])
    return Decoded(_unix(whole), name, _DAMAGE in whole)


def _encoding_of_header(text: bytes, expected: Collection[str]) -> str | None:
    """Return the encoding under which the first lines hold most of the expected names, or None.

    One name alone proves nothing where the lines differ: a row may quote it in the other encoding.
    """
    head = b"\n".join(first_lines(text, HEADER_LINES))
    names = [name for name in expected if not name.isascii()]
    found = {}
    for encoding in ENCODINGS:
        read = head.decode(encoding, "replace")
        found[encoding] = sum(name in read for name in names)
    best = max(ENCODINGS, key=found.__getitem__)
    return best if found[best] else None


def first_lines(text: bytes, count: int) -> list[bytes]:
    """Return up to `count` lines from the start of a text, without touching the rest of it."""
    end = -1
    for _ in range(count):
        following = text.find(b"\n", end + 1)
        if following < 0:
            return text.split(b"\n")
        end = following
    return text[:end].split(b"\n")


def _repaired(text: bytes, encoding: str) -> tuple[bytes, bool]:
    """Return a text in UTF-8, U+FFFD where bytes mean nothing, and whether there are any."""
    parts: list[bytes | memoryview] = []
    damaged = False
    for chunk in _chunks(text):
        try:
            parts.append(_in_utf8(chunk, encoding))
        except UnicodeDecodeError:
            damaged = True
            parts.append(_in_utf8(chunk, encoding, strict=False))
    if encoding == "utf-8" and not damaged:
        return text, False
    return _joined(parts), damaged


def _joined(parts: Iterable[bytes | memoryview]) -> bytes:
    return b"".join(parts).removeprefix(codecs.BOM_UTF8)


def _in_utf8(piece: memoryview, encoding: str, *, strict: bool = True) -> bytes | memoryview:
    """Return a piece in UTF-8.

    Raises:
        UnicodeDecodeError: some of its bytes mean nothing, and that is not to be.
    """
    if encoding in EDITIONS:
        return decode_gb18030(piece, STRICT if strict else REPLACE, EDITIONS[encoding])
    text = str(piece, encoding, "strict" if strict else "replace")
    return piece if strict else text.encode()


def _chunks(text: bytes) -> Iterator[memoryview]:
    """Cut a text into pieces of whole lines."""
    view, start = memoryview(text), 0
    while start < len(text):
        end = text.find(b"\n", start + CHUNK) + 1 or len(text)
        yield view[start:end]
        start = end
