"""files: the account of every export file, the equation of DATA.md, section 3, line by line."""

from schemas.columns import Column, Kind
from schemas.facts.shared import count, label
from schemas.tables import FactTable

files = FactTable(
    name="files",
    title="导出文件清单",
    zh="收到的每一个导出文件及其行数去向。",
    description="Every export file; read = accepted + quarantined + duplicate + superseded.",
    grain=("dataset", "export_date", "file", "delivery"),
    path="{table}.parquet",
    columns=(
        label("dataset", "数据集", "Dataset."),
        Column(
            name="export_date",
            title="导出日期",
            kind=Kind.DATE,
            description="Day that the file is about, or the last day of its month or year.",
        ),
        label("file", "文件名", "File name, long numbers in it masked."),
        label("delivery", "投递编号", "Id of this content under this name."),
        label("sha256", "SHA-256", "Of the raw bytes, which are in the archive under this name."),
        label("state", "状态", "taken or refused."),
        label("rule", "拒收原因", "File rule for which it was refused, else empty."),
        count("read", "读取行数", "行", "Rows read; 0 for a refused file."),
        count("accepted", "入库行数", "行", "Rows that stand."),
        count("quarantined", "隔离行数", "行", "Rows that broke a rule."),
        count("duplicate", "重复行数", "行", "The same key with the same content again."),
        count("superseded", "被取代行数", "行", "Older versions, or replaced by a correction."),
        count("clipped", "时钟修正行数", "行", "Rows whose clocks ran back by at most 2 seconds."),
    ),
)
