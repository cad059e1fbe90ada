"""data_quality: what arrived for a month and what became of its rows (DATA.md, section 3)."""

from schemas.facts.shared import MONTH, count, label
from schemas.tables import FactTable

data_quality = FactTable(
    name="data_quality",
    title="数据质量",
    zh="各月每种导出的文件和行数去向：入库、隔离、重复、被取代。",
    description=(
        "Files by month of their export date, and their rows;"
        " read = accepted + quarantined + duplicate + superseded."
    ),
    grain=("month", "dataset"),
    columns=(
        MONTH,
        label("dataset", "数据集", "Dataset."),
        count(
            "periods_expected", "应到期数", "期", "Days (or months, years) that the month expects."
        ),
        count("periods_present", "已到期数", "期", "Days (or months, years) with a file taken."),
        count("files", "文件数", "个", "Files taken."),
        count("files_refused", "拒收文件数", "个", "Files refused as a whole."),
        count("read", "读取行数", "行", "Rows read from the files taken."),
        count("accepted", "入库行数", "行", "Rows that stand."),
        count("quarantined", "隔离行数", "行", "Rows that broke a rule."),
        count("duplicate", "重复行数", "行", "The same key with the same content again."),
        count("superseded", "被取代行数", "行", "Older versions, or replaced by a correction."),
        count("clipped", "时钟修正行数", "行", "Rows whose clocks ran back by at most 2 seconds."),
        count(
            "unmatched", "未匹配行数", "行", "Rows of the month whose ticket or call is unknown."
        ),
    ),
)
