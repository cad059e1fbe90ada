"""Which characters the fonts have, and how wide they are, before anything is set.

In an archive PDF one character without a glyph makes the whole document fail, so it is replaced
beforehand.
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
class Fonts:
    """All fonts of a typesetter.

    Attributes:
        folders: where they are, our own first.
        widths: width of every character that at least one font has, in em.
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
            The JSON, with 〓 for each character that no font has, and which those were: U+5803, …,
            in order of code points.
        """
        content = json.dumps(value, ensure_ascii=False)
        strange = {
            code for code in map(ord, set(content)) if code not in self.widths or _is_private(code)
        }
        lost = sorted(strange - _SILENT)
        table = {code: None if code in _SILENT else MISSING for code in strange}
        return content.translate(table), tuple(f"U+{code:04X}" for code in lost)


def load_fonts(extra: Path | None = None) -> Fonts:
    """Our own fonts, and those of a folder.

    Args:
        extra: folder with `.ttf`, `.otf` or `.ttc` files of the office; it may be missing.

    Raises:
        HotlineError: a file of the folder is no font.
    """
    folders = (OWN, extra) if extra is not None and extra.is_dir() else (OWN,)
    paths = [path for folder in folders for path in sorted(folder.rglob("*"))]
    widths: dict[int, float] = {}
    families: set[str] = set()
    for path in paths:
        if path.suffix.lower() in _KINDS:
            for font_widths, font_families in _read(path):
                # The first font that has a character gives its width: sans bold, the widest.
                widths = font_widths | widths
                families |= font_families
    return Fonts(
        folders,
        widths,
        title=tuple(name for name in _TITLE if name in families),
        text=tuple(name for name in _TEXT if name in families),
    )


def _read(path: Path) -> list[tuple[dict[int, float], set[str]]]:
    """Of each font of a file the widths of its characters, in em, and its families."""
    try:
        is_collection = path.suffix.lower() == ".ttc"
        fonts = TTCollection(path, lazy=True) if is_collection else [TTFont(path, lazy=True)]
        return [(_widths(font), _families(font)) for font in fonts]
    except (TTLibError, OSError, KeyError, struct.error) as error:
        raise HotlineError(
            f"字体文件 {path.name} 读不出来；请换成完好的 .ttf、.otf 或 .ttc 文件，或从目录中移走。"
        ) from error


def _widths(font: TTFont) -> dict[int, float]:
    advances, scale = font["hmtx"].metrics, font["head"].unitsPerEm
    return {
        code: advances[glyph][0] / scale
        for code, glyph in (font.getBestCmap() or {}).items()
        if glyph != ".notdef"
    }


def _families(font: TTFont) -> set[str]:
    return {str(each) for each in font["name"].names if each.nameID in {1, 16}}


def _is_private(code: int) -> bool:
    """Whether a code point means something else in every font: an archive PDF may not hold it."""
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000
