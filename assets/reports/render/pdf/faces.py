"""Which characters the type faces have, and how wide they are.

Belongs here: what is known of the faces before anything is set. In an archive PDF one character
without a glyph makes the whole document fail, so it is replaced beforehand.
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from assets.core import HotlineError

OWN = Path(__file__).parent / "fonts"
MISSING = "〓"
_KINDS = {".ttf", ".otf", ".ttc"}
# What the office may put into its folder is taken before our own, in this order.
_TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "Noto Serif SC")
_TEXT = ("FangSong_GB2312", "FangSong", "STFangsong", "仿宋_GB2312", "仿宋", "Noto Serif SC")
# Joiners and variation selectors show nothing by themselves; without the character that they
# belong to there is nothing to join.
_SILENT = {0x200B, 0x200C, 0x200D, 0x2060, *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)}
_TYPICAL = 1.0


@dataclass(frozen=True)
class Faces:
    """All type faces of a press.

    Attributes:
        folders: where they are, our own first.
        widths: width of every character that at least one face has, in em.
        title: families for the title, best first; each is there.
        text: families for sentences.
    """

    folders: tuple[Path, ...]
    widths: dict[int, float]
    title: tuple[str, ...]
    text: tuple[str, ...]

    def width(self, text: str) -> float:
        """How wide a text is on one line, in em."""
        return sum(self.widths.get(ord(char), _TYPICAL) for char in text)

    def settable(self, value: object) -> tuple[str, tuple[str, ...]]:
        """Turn a tree of plain values into JSON that holds only characters that can be set.

        Args:
            value: dictionaries, lists, texts and numbers.

        Returns:
            The JSON, with 〓 for each character that no face has, and which those were: U+5803, …,
            in order of code points.
        """
        content = json.dumps(value, ensure_ascii=False)
        strange = {
            code for code in map(ord, set(content)) if code not in self.widths or _private(code)
        }
        lost = sorted(strange - _SILENT)
        if strange:
            table: dict[int, str | None] = dict.fromkeys(strange & _SILENT)
            table.update(dict.fromkeys(lost, MISSING))
            content = content.translate(table)
        return content, tuple(f"U+{code:04X}" for code in lost)


def faces(extra: Path | None = None) -> Faces:
    """Our own faces, and those of a folder.

    Args:
        extra: folder with `.ttf`, `.otf` or `.ttc` files of the office; it may be missing.

    Raises:
        HotlineError: a file of the folder is no font.
    """
    folders = (OWN, extra) if extra is not None and extra.is_dir() else (OWN,)
    widths: dict[int, float] = {}
    families: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix.lower() in _KINDS:
                found, named = _read(path)
                # The first face that has a character gives its width: sans bold, the widest.
                widths = found | widths
                families |= named
    return Faces(
        folders,
        widths,
        title=tuple(name for name in _TITLE if name in families),
        text=tuple(name for name in _TEXT if name in families),
    )


def _read(path: Path) -> tuple[dict[int, float], set[str]]:
    """Widths of the characters of a font file, and its families."""
    widths: dict[int, float] = {}
    families: set[str] = set()
    try:
        many = path.suffix.lower() == ".ttc"
        for font in TTCollection(path, lazy=True) if many else [TTFont(path, lazy=True)]:
            widths = _widths(font) | widths
            families |= {str(each) for each in font["name"].names if each.nameID in {1, 16}}
    except (TTLibError, OSError, KeyError, struct.error) as error:
        raise HotlineError(
            f"字体文件 {path.name} 读不出来；请换成完好的 .ttf、.otf 或 .ttc 文件，或从目录中移走。"
        ) from error
    return widths, families


def _widths(font: TTFont) -> dict[int, float]:
    advances, scale = font["hmtx"].metrics, font["head"].unitsPerEm
    return {
        code: advances[glyph][0] / scale
        for code, glyph in (font.getBestCmap() or {}).items()
        if glyph != ".notdef"
    }


def _private(code: int) -> bool:
    """Whether a code point means something else in every font: an archive PDF may not hold it."""
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000
