"""Headline figures in a sheet: a row each, with its comparisons, target and sparkline.

Belongs here: cards only. The periods behind a sparkline stand to the right of what is printed.
"""

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from assets.reports.content import Card, Cards, Tone
from assets.reports.render.clean import clean
from assets.reports.render.xlsx.book import ACCENT, HAIR, HEAD_FILL, MUTED, TONES
from assets.reports.render.xlsx.sheet import Sheet, width

_HEIGHT = 25
_WIDTHS = (22.0, 16.0, 7.0)
_COMPARED, _TARGET, _VERDICT, _TREND = 18.0, 14.0, 10.0, 24.0
_GAP = 1  # columns between what is printed and the periods of the sparklines


def comparisons(cards: Cards) -> list[str]:
    """What the cards are compared with, in order of first use."""
    return list(dict.fromkeys(label for card in cards.cards for label, _ in card.comparisons))


def card_widths(cards: Cards) -> list[float]:
    """Widths of the columns of cards."""
    label = max((width(clean(card.label)) + 2 for card in cards.cards), default=0)
    first = min(max(label, _WIDTHS[0]), 30)
    compared = [_COMPARED] * min(len(comparisons(cards)), 12)
    return [first, *_WIDTHS[1:], *compared, _TARGET, _VERDICT, _TREND]


def place_cards(sheet: Sheet, cards: Cards) -> None:
    """Write the cards as a table."""
    sheet.band(cards.title)
    compared = comparisons(cards)
    heads = ["指标", "本期", "单位", *compared, "目标", "评价", "走势"]
    for index, name in enumerate(heads):
        align = "right" if index == 1 or 3 <= index < 3 + len(compared) else "left"
        look = sheet.book.format(
            bold=True, bg_color=HEAD_FILL, top=1, bottom=1, align=align, indent=int(name == "目标")
        )
        sheet.text(index, name, look)
    longest = max((len(card.trend) for card in cards.cards), default=0)
    if longest:
        sheet.text(_trend_at(sheet, cards), "走势的各期（由远到近）", _muted(sheet))
    sheet.sheet.set_row(sheet.row, 20)
    sheet.row += 1
    for card in cards.cards:
        _card(sheet, cards, card, compared)


def _trend_at(sheet: Sheet, cards: Cards) -> int:
    return max(sheet.span, len(card_widths(cards))) + _GAP


def _muted(sheet: Sheet) -> object:
    return sheet.book.format(font_color=MUTED, font_size=9)


def _card(sheet: Sheet, cards: Cards, card: Card, compared: list[str]) -> None:
    cell = {"bottom": 1, "bottom_color": HAIR}
    plain = sheet.book.format(**cell, text_wrap=True)
    sheet.text(0, card.label, sheet.book.format(**cell, bold=True, text_wrap=True))
    sheet.figure(1, card.figure, **cell, bold=True, font_size=14)
    sheet.text(2, card.unit, plain)
    changes = dict(card.comparisons)
    for index, label in enumerate(compared, 3):
        if label in changes:
            sheet.figure(index, changes[label], **cell)
        else:
            sheet.text(index, "", plain)
    after = 3 + len(compared)
    sheet.text(after, card.target, sheet.book.format(**cell, text_wrap=True, indent=1))
    verdict = {"bold": card.tone is not Tone.NEUTRAL, "font_color": TONES[card.tone]}
    sheet.text(after + 1, card.verdict, sheet.book.format(**cell, **verdict, text_wrap=True))
    sheet.text(after + 2, "", plain)
    _trend(sheet, cards, card, after + 2)
    sheet.sheet.set_row(sheet.row, _HEIGHT)
    sheet.row += 1


def _trend(sheet: Sheet, cards: Cards, card: Card, column: int) -> None:
    if not card.trend:
        return
    first = _trend_at(sheet, cards)
    for index, figure in enumerate(card.trend):
        # A period without a figure stays empty: a text would be drawn as zero.
        if figure.value is not None:
            sheet.figure(first + index, figure, font_size=9)
    sheet.sheet.add_sparkline(
        sheet.row, column,
        {"range": _range(sheet, first, len(card.trend)), "series_color": ACCENT, "weight": 1.5,
         "last_point": True, "last_color": TONES[Tone.BAD], "show_hidden": True},
    )  # fmt: skip


def _range(sheet: Sheet, first: int, many: int) -> str:
    cells = xl_range_abs(sheet.row, first, sheet.row, first + many - 1)
    return f"{quote_sheetname(sheet.name)}!{cells}"
