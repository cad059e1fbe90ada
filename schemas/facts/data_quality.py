"""What arrived and what became of its rows, by month and by file (DATA.md, section 3)."""

from schemas.fields import Day, count, day, label, month
from schemas.table import Fact


class DataQuality(
    Fact,
    name="data_quality",
    title="数据质量",
    version="1.2",
    description=(
        "Files by month of their export date (of their arrival, where that came before), and"
        " their rows; read = accepted + quarantined + duplicate + superseded + joined + held."
    ),
    grain=("month", "dataset"),
):
    """各月每种导出的文件和行数去向：入库、隔离、重复、被取代、并入、暂扣。"""

    month: str = month()
    dataset: str = label("数据集", "Dataset.")
    periods_expected: int = count(
        "应到期数", "期", "Days (or months, years) that the month expects."
    )
    periods_present: int = count("已到期数", "期", "Days (or months, years) with a file taken.")
    files: int = count("文件数", "个", "Files taken.")
    files_refused: int = count("拒收文件数", "个", "Files refused as a whole.")
    files_held: int = count("暂扣文件数", "个", "Files that wait for a person's decision.")
    read: int = count("读取行数", "行", "Rows read from the files taken.")
    accepted: int = count("入库行数", "行", "Rows that stand.")
    quarantined: int = count("隔离行数", "行", "Rows that broke a rule.")
    duplicate: int = count("重复行数", "行", "The same key with the same content again.")
    superseded: int = count("被取代行数", "行", "Older versions, or replaced by a correction.")
    joined: int = count("并入通话行数", "行", "Further legs of a call, joined to its row.")
    held: int = count("暂扣行数", "行", "Rows of files that wait for a person's decision.")
    clipped: int = count("时钟修正行数", "行", "Rows whose clocks ran back by at most 2 seconds.")
    unmatched: int = count("未匹配行数", "行", "Rows of the month whose ticket or call is unknown.")
    merged_unknown: int = count(
        "并入未知工单数", "件", "Tickets merged into one that is unknown up to the next month."
    )
    merged_circular: int = count("循环并单数", "件", "Tickets that were merged in a circle.")
    reopened: int = count("办结后重开数", "件", "Tickets that were open again after a closing.")
    changed_after_closing: int = count(
        "办结后改动数", "件", "Tickets that changed after a closing and stayed closed."
    )


class Files(
    Fact,
    name="files",
    title="导出文件清单",
    description=(
        "Every export file, each content once for a date and state;"
        " read = accepted + quarantined + duplicate + superseded + joined + held."
    ),
    grain=("dataset", "export_date", "file", "delivery"),
    path="{table}.parquet",
    version="1.3",
):
    """收到的每一个导出文件及其行数去向。"""

    dataset: str = label("数据集", "Dataset.")
    export_date: Day = day(
        "导出日期", "Day that the file is about, or the last day of its month or year."
    )
    file: str = label(
        "文件名", "Dataset, export date and content; names as delivered stay with the archive."
    )
    delivery: str = label("投递编号", "Id of this content under this name.")
    sha256: str = label("SHA-256", "Of the raw bytes, which are in the archive under this name.")
    state: str = label("状态", "taken (in force), replaced, held, refused or rejected.")
    rule: str = label("拒收或暂扣原因", "File rule for which it was refused or held, else empty.")
    read: int = count("读取行数", "行", "Rows read; 0 for a file that was refused or rejected.")
    accepted: int = count("入库行数", "行", "Rows that stand.")
    quarantined: int = count("隔离行数", "行", "Rows that broke a rule.")
    duplicate: int = count("重复行数", "行", "The same key with the same content again.")
    superseded: int = count("被取代行数", "行", "Older versions, or replaced by a correction.")
    joined: int = count("并入通话行数", "行", "Further legs of a call, joined to its row.")
    held: int = count("暂扣行数", "行", "Rows of files that wait for a person's decision.")
    clipped: int = count("时钟修正行数", "行", "Rows whose clocks ran back by at most 2 seconds.")
