"""The theme of the built-in templates: a set of colours that Word offers when somebody edits.

Belongs here: the smallest theme that the standard allows. Nothing of a report depends on it.
"""

_COLOURS = {
    "dk1": "000000", "lt1": "FFFFFF", "dk2": "1F4E79", "lt2": "E4ECF5", "accent1": "1F5FA8",
    "accent2": "E08A1E", "accent3": "1B7F4B", "accent4": "C00000", "accent5": "5B6570",
    "accent6": "C3CFDD", "hlink": "1F5FA8", "folHlink": "5B6570",
}  # fmt: skip
_FILL = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
_LATIN, _EAST = "Times New Roman", {"major": "黑体", "minor": "仿宋_GB2312"}


def theme_xml() -> str:
    """The theme."""
    colours = "".join(
        f'<a:{name}><a:srgbClr val="{colour}"/></a:{name}>' for name, colour in _COLOURS.items()
    )
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="{_LATIN}"/><a:ea typeface="{east}"/>'
        f'<a:cs typeface=""/></a:{kind}Font>'
        for kind, east in _EAST.items()
    )
    lines = f'<a:ln w="9525">{_FILL}</a:ln>'
    effects = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="报告">'
        f'<a:themeElements><a:clrScheme name="报告">{colours}</a:clrScheme>'
        f'<a:fontScheme name="报告">{fonts}</a:fontScheme><a:fmtScheme name="报告">'
        f"<a:fillStyleLst>{_FILL * 3}</a:fillStyleLst><a:lnStyleLst>{lines * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effects * 3}</a:effectStyleLst><a:bgFillStyleLst>{_FILL * 3}"
        "</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
