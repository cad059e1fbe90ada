"""A report whose every field of text is hostile."""

from dataclasses import replace

from assets.reports.content.figures import count, nothing
from assets.reports.content.model import (
    Card,
    Cards,
    Chart,
    Column,
    Form,
    HeatMap,
    Points,
    Report,
    Row,
    Section,
    Series,
    Stamp,
    Table,
    Text,
    Tone,
)
from tests.reports.usual import plain_report, stamp

# Markup, template syntax, formulas, controls, direction marks, long and rare text.
HOSTILE = (
    "</script><script>document.title='pwned'</script>",
    "<img src=http://example.invalid/x onerror=\"document.title='pwned'\">",
    "{{7*7}} {% for x in y %} {# #} ${7*7} #{7*7} #import(1) `code` [[section]]",
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)*2 +1-1 -2+3 \t=HYPERLINK(\"http://example.invalid\",\"x\")",
    "控制\x00字\x07符\x1b[31m\x7f\x85完\x9f\ufffe\ud800",
    "方向\u202e反\u2066转\u2069标\u200f记\u061c",
    "长" * 10_000,
    "堃喆祎𬭎㛃䶮 龘 😀👨‍👩‍👧‍👦🇨🇳 é\u0301",
    "'\" & &amp; &#60; ]]> <!-- --> <w:p/> \\ \\u0000 $x^2$ *b* _i_ ~ ^ %",
    "第一行\r\n第二行\n第三行",
)  # fmt: skip


def hostile_report() -> Report:
    """Every field of text hostile: each entry of `HOSTILE` in each kind of block."""
    figures = tuple(
        replace(count(9 - i), text=f"{9 - i}<b>{text[:40]}", reason=text)
        for i, text in enumerate(HOSTILE)
    )
    gap = nothing(Form.COUNT, HOSTILE[0])
    card = tuple(
        Card(text, text, figure, ((text, figure),), text, text, Tone.BAD, (*figures, gap))
        for text, figure in zip(HOSTILE, figures, strict=True)
    )
    rows = tuple(
        Row((text, figure, text), i == 9, Tone.BAD)
        for i, (text, figure) in enumerate(zip(HOSTILE, figures, strict=True))
    )
    charts = tuple(
        Chart(f"hostile_{shape}", HOSTILE[0], shape, HOSTILE,
              (Series(HOSTILE[1], figures), Series(HOSTILE[2], (gap, *figures[1:]), faded=True)),
              figures[2], HOSTILE[i])
        for i, shape in enumerate(("columns", "line", "bars"))
    )  # fmt: skip
    sections = tuple(
        Section(f"part_{i}", text, text, (Text(text), Points((text, text))))
        for i, text in enumerate(HOSTILE)
    )
    blocks = (
        Cards(HOSTILE[0], card),
        Table("hostile", HOSTILE[3], tuple(Column(each, each, True) for each in HOSTILE[:3]), rows,
              HOSTILE[7]),
        *charts,
        HeatMap("hostile_map", HOSTILE[1], HOSTILE, HOSTILE[:4],
                tuple((figure, gap, figure, gap) for figure in figures), Tone.BAD, HOSTILE[7]),
    )  # fmt: skip
    usual = plain_report()
    return replace(
        usual,
        period=replace(usual.period, title=HOSTILE[2]),
        title=HOSTILE[0],
        organisation=HOSTILE[8],
        completeness=HOSTILE[7],
        rate_note=HOSTILE[1],
        sections=(*sections, Section("blocks", HOSTILE[4], HOSTILE[5], blocks)),
    )


def hostile_stamp() -> Stamp:
    """A stamp whose corrections are hostile."""
    return replace(stamp(), changes=HOSTILE)
