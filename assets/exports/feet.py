"""Lines among and below the rows of a table that are no rows: totals, notes, signatures.

A row that has all that is required is a row, whatever it says. Of the rest, totals count as such
wherever they stand (pages and groups have totals too), notes only below the last row.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import polars as pl

from assets.exports.parsed_file import LINE, Ignored, ParsedFile

TOTALS, NOTE = "totals", "note"
# A part of a note, if a line above it is one.
_PERHAPS = "perhaps"

# Texts are compared after NFKC, without blanks, in lower case.
_SUM = r"(?:[本上][页日周月季年期]|全[市区县年月部])?(?:合计|总计|小计|总数|共计|累计)"
_TOTALS_ROW = re.compile(rf"(?:{_SUM}|(?:grand|sub)?-?totals?)(?:[^a-z\u4e00-\u9fff].*)?$")
_COUNT = re.compile(
    rf"(?:{_SUM}|总?共)有?[:,]?[0-9]+[条行件通次个笔项].*"
    r"|总?(?:记录|条|行|件)数量?(?:[^\u4e00-\u9fff].*)?$"
    r"|[(]?[0-9]+(?:rows?|records?)(?:[^a-z].*)?$|(?:row|record)s?count(?:[^a-z].*)?$"
)
_ACT = (
    "制表|制作|制单|填报|填表|填写|审核|复核|审批|审定|批准|编制|编报|统计|打印|导出|生成|报送|上报"
    "|签发|签收|经办|校对|录入|汇总"
)
_OTHER_ACT = "提交|经手|核对|主管|分管|(?:单位|部门)?负责|联系|出具|查询|更新"
_WHO = "人员?|员|者|单位|部门|机构|科室|日期|时间|领导"
_NOTE_LINE = re.compile(
    r"(?:备?注|附注|注释|脚注|附|(?:填报|填表|编制|指标|统计)?(?:说明|口径|范围)|(?:数据|资料)?来源"
    r"|签[字名章]|盖章)[0-9一二三四五六七八九十]{0,2}(?:[:;,.、([].*)?$"
    rf"|(?:{_ACT})(?:{_WHO})(?:签[字名章]|盖章)?(?:[:,(0-9].*|.{{0,6}})$"
    rf"|(?:{_OTHER_ACT})(?:{_WHO})?[:(].*"
    r"|(?:以上|以下|上述|本报?表|本数据)(?!.*[0-9]{6}).*"
    r"|数据(?:来自|截[至止]|更新|由|仅供|提取|口径|导出|统计).*|统计(?:时间|周期|截[至止]|期间).*"
    r"|截[至止].*|第[0-9一二三四五六七八九十]+页.*|共[0-9]+页.*|仅供.*|[※*★#=_~-].*"
    r"|(?:notes?|remarks?|footnotes?|comments?|disclaimer|signature)[0-9]{0,2}(?:[^a-z0-9].*)?$"
    r"|(?:data)?sources?(?:[:(,].*)?$"
    r"|(?:prepared|checked|reviewed|approved|signed|printed|exported|generated|created|compiled)"
    r"(?:by|on|at|from|[:,]).*"
    r"|(?:print|export|report|run)(?:ed)?(?:date|time)(?:[:,].*)?$"
    r"|page[0-9]+.*|endof(?:report|file|data|list|table).*"
)
_LABEL = re.compile(
    r"[(]?[0-9一二三四五六七八九十]{1,2}[).、:\u4e00-\u9fff].*|[\u4e00-\u9fff]{1,8}:.*"
)
_MARGIN = " \t\u3000\xa0,;|\"'"
_LONGEST = 80  # characters of a text that are looked at
# One of these is in every row of totals.
_MARKS = ["计", "数", "otal"]


class _Record(NamedTuple):
    """A record: its first text, whether that is its only one, and whether it may be a row."""

    line: int
    text: str
    is_alone: bool
    is_row: bool


def without_feet(parsed: ParsedFile, *, required: Sequence[int], key: Sequence[int]) -> ParsedFile:
    """Leave out totals and what stands below the last row, and count it by reason.

    Args:
        parsed: what was read.
        required: positions of the cells without which a row is none.
        key: positions of the cells that identify a row, which none does that is called a total.
    """
    found = dict.fromkeys(_totals(parsed, required, key), TOTALS)
    foot: list[tuple[int, str]] = []
    for record in _from_the_end(parsed, required, key):
        kind = found.get(record.line) or _kind(record)
        if not kind:
            break
        foot.insert(0, (record.line, kind))
    while foot and foot[0][1] == _PERHAPS:
        foot.pop(0)
    found |= {line: NOTE if kind == _PERHAPS else kind for line, kind in foot}
    if not found:
        return parsed
    rest = ~pl.col(LINE).is_in(list(found))
    return replace(
        parsed,
        rows=parsed.rows.filter(rest),
        rejects=parsed.rejects.filter(rest),
        ignored=parsed.ignored + Ignored(found.values()),
    )


def _kind(record: _Record) -> str:
    """What a record below the last row is; empty where it is none of all that."""
    if record.is_row:
        return ""
    if _TOTALS_ROW.match(record.text) or _COUNT.match(record.text):
        return TOTALS
    if _NOTE_LINE.match(record.text):
        return NOTE
    return _PERHAPS if record.is_alone or _LABEL.match(record.text) else ""


def _totals(parsed: ParsedFile, required: Sequence[int], key: Sequence[int]) -> list[int]:
    """Lines of totals, wherever they stand."""
    marked = (
        pl.col(str(at)).str.contains_any(_MARKS, ascii_case_insensitive=True)
        for at in sorted({0, *key})
    )
    rows = parsed.rows.filter(pl.any_horizontal(marked)).iter_rows()
    records = [_of_row(row, required, key) for row in rows]
    records += [_of_reject(*each) for each in parsed.rejects.iter_rows()]
    return [each.line for each in records if not each.is_row and _TOTALS_ROW.match(each.text)]


def _from_the_end(
    parsed: ParsedFile, required: Sequence[int], key: Sequence[int]
) -> Iterator[_Record]:
    rows, rejects = parsed.rows, parsed.rejects
    row, reject = rows.height - 1, rejects.height - 1
    while row >= 0 or reject >= 0:
        if reject < 0 or (row >= 0 and rows.item(row, LINE) > rejects.item(reject, LINE)):
            yield _of_row(rows.row(row), required, key)
            row -= 1
        else:
            yield _of_reject(*rejects.row(reject))
            reject -= 1


def _of_row(
    row: Sequence[int | str | None], required: Sequence[int], key: Sequence[int]
) -> _Record:
    line, *cells = row
    texts = [str(cell) for cell in cells if cell is not None]
    is_total = any(_TOTALS_ROW.match(_compared(str(cells[at]))) for at in key)
    is_row = all(cells[at] is not None for at in required) and not is_total
    return _Record(int(line or 0), _compared(texts[0]), len(texts) == 1, is_row)


def _of_reject(line: int, rule: str, raw: str) -> _Record:
    text, *others = re.split(r"[,;\t|]", raw.strip(_MARGIN), maxsplit=1)
    # What bytes that mean nothing, or a formula, were meant to say nobody knows: perhaps a row.
    is_lost = rule in ("cell_error", "formula_uncached") and text.startswith(("#", "="))
    is_row = is_lost or rule in ("encoding", "null_byte")
    return _Record(line, _compared(text), not others, is_row)


def _compared(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split()).casefold()
