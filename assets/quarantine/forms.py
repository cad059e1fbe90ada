"""The rows of one file that are open, as a workbook that comes back as a correction file.

The first sheet has the file's own headers, so the reader,
the profile and the rules that read the file read it again; the grey columns at its end name the row
that each row corrects and feed nothing. It holds personal data as they were delivered.
"""

import io
import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import polars as pl

from assets.core import HotlineError
from assets.exports import (
    LINE,
    SUFFIXES,
    FileRefused,
    HeaderMatcher,
    line_text,
    normalise_header,
    read_export,
    recognise,
)
from assets.masking import masked_name
from assets.profiles import Profile
from assets.quarantine.rows import reasons
from schemas.table import CORRECTION, ExportTable

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

RAW = "原文"
PRIVATE = "本表含个人信息，仅供更正人使用，用完请删除。"
_HOW = (
    "改正白色的格子；灰色的列不要改。不更正的行请整行删除。"
    "存盘后不改文件名，放入接收目录，下一次夜间任务会接收。"
)
_UNSPLIT_HOW = (
    "这些行无法分列。请把更正后的各列填到第一页的新行，并把隔离行号、隔离编号一起复制过去。"
)
_CORRECTION = re.compile(r"_更正[0-9]{2,}$")
_HEADER_ROW = 2
_LONGEST_CELL = 32_000
_CUT = "……（过长，已截断）"
# What XML cannot hold, and Excel would refuse the whole workbook for.
_NO_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")


def correction_file_name(file: str, known: set[str], profile: Profile) -> str:
    """Name under which the correction of a file comes back: it sorts behind those before it.

    Args:
        file: path of the file whose rows are corrected.
        known: names that are taken.
        profile: must recognise the name as a further part of the same export.

    Raises:
        HotlineError: it does not.
    """
    name = PurePosixPath(file).name
    ending = next((each for each in SUFFIXES if name.lower().endswith(each)), "")
    stem = _CORRECTION.sub("", name[: len(name) - len(ending)])
    number = 1
    while (made := f"{stem}_更正{number:02}.xlsx") in known:
        number += 1
    beside = str(PurePosixPath(file).with_name(made))
    if recognise(beside, profile) != recognise(file, profile):
        raise HotlineError(
            f"{masked_name(made)} 不符合来源配置的文件名，收不回来："
            "请在来源配置的 files 末尾加上 *，再导出。"
        )
    return made


def correction_form(
    rows: pl.DataFrame, content: bytes, table: ExportTable, profile: Profile, *, created: datetime
) -> bytes:
    """The workbook of one file.

    Args:
        rows: its open rows, as in `assets.exports.quarantine.QUARANTINE`.
        content: the archived bytes.
        table: the dataset.
        profile: how the platform exports.
        created: date of the document, part of its bytes.

    Raises:
        HotlineError: the present profile cannot read the file.
    """
    file = str(rows["file"][0])
    matcher = HeaderMatcher(table, profile.datasets[table.name])
    try:
        records, _ = read_export(content, file, matcher, profile)
    except FileRefused:
        name = masked_name(PurePosixPath(file).name)
        raise HotlineError(f"按现在的来源配置读不出 {name}：请先运行 hotline run。") from None
    cells = records.rows.filter(pl.col(LINE).is_in(rows["line"].to_list()))
    by_line = {line: texts for line, *texts in cells.iter_rows()}
    kept = [
        at for at, cell in enumerate(records.header) if normalise_header(cell) not in CORRECTION
    ]
    split, unsplit = [], []
    for row in rows.iter_rows(named=True):
        line = str(row["line"])
        at_sheet = [where] if (where := line_text(row["line"])) != line else []
        why = "\n".join([*at_sheet, *reasons(table, row["rules"], row["columns"])])
        helping = [PurePosixPath(file).name, line, why, row["delivery"]]
        if texts := by_line.get(row["line"]):
            split.append([*(texts[at] or "" for at in kept), *helping])
        else:
            unsplit.append([row["raw"], *helping])
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": created})
        look = {"border": 1, "valign": "vcenter", "num_format": "@"}
        head = book.add_format({**look, "bold": True, "bg_color": "#D9D9D9"})
        fixed = book.add_format({**look, "bg_color": "#F2F2F2", "text_wrap": True})
        free = book.add_format(look)

        def write(name: str, titles: list[str], how: str, lines: list[list[str]]) -> "Worksheet":
            page = book.add_worksheet(name)
            page.write_string(0, 0, PRIVATE)
            page.write_string(1, 0, how)
            width = len(titles) + len(CORRECTION)
            page.set_column(0, width - 1, 18, free)
            page.set_column(width - 2, width - 2, 60, fixed)
            page.freeze_panes(_HEADER_ROW + 1, 0)
            page.set_landscape()
            page.set_paper(9)  # A4
            page.fit_to_pages(1, 0)
            for number, texts in enumerate([[*titles, *CORRECTION], *lines], _HEADER_ROW):
                for column, text in enumerate(texts):
                    own = free if column < len(titles) else fixed
                    shown = head if number == _HEADER_ROW else own
                    page.write_string(number, column, _cell(text), shown)
            return page

        write("更正", [records.header[at] for at in kept], _HOW, split)
        if unsplit:
            write("无法分列", [RAW], _UNSPLIT_HOW, unsplit).set_column(0, 0, 100, free)
    return target.getvalue()


def _cell(text: str) -> str:
    """A text as a cell can hold it; never a formula, which `write_string` sees to."""
    text = _NO_XML.sub("\ufffd", text)
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + _CUT
