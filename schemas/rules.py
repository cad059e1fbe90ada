"""Every reason for which a row is quarantined, with its sentence in Chinese and English.

Belongs here: the rules that any column can break, and the ones that the structure of a file breaks.
Rules about several columns of one table are declared beside that table. Reasons for which a whole
file is refused are in `schemas.file_rules`.
"""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class RowRule:
    """A reason to quarantine one row.

    Attributes:
        id: stable name, found in quarantine files, check results and reports.
        zh: sentence for the operator; `{title}` stands for the column's Chinese title.
        en: the same in English; `{column}` stands for the column's name.
    """

    id: str
    zh: str
    en: str


@dataclass(frozen=True)
class RowCheck:
    """A rule applied to a table: which column is blamed, and when a row is right.

    Attributes:
        rule: the rule.
        column: the column that the reason names.
        holds: true where the row is right; null counts as right.
    """

    rule: RowRule
    column: str
    holds: pl.Expr


REQUIRED = RowRule("required", "{title}为空，请补填。", "{column} is required and empty.")
TIMESTAMP = RowRule(
    "timestamp",
    "{title}不是有效的时间，请按“2023-01-31 08:30:00”填写。",
    "{column} is not a valid timestamp.",
)
NUMBER = RowRule("number", "{title}不是数字，请改为数字。", "{column} is not a number.")
CODE = RowRule(
    "code",
    "{title}不在代码表中，请改为表内的值，或在来源配置中为它指定对应值。",
    "{column} is not in the list of codes.",
)
TOO_LONG = RowRule("too_long", "{title}超过允许的长度，请缩短。", "{column} is too long.")
CONTROL_CHARACTER = RowRule(
    "control_character", "{title}含有控制字符，请删除。", "{column} holds a control character."
)
SCIENTIFIC_ID = RowRule(
    "scientific_id",
    "{title}已变成科学计数法，末位数字已丢失，请从平台以文本格式重新导出。",
    "{column} was turned into scientific notation and has lost digits.",
)
DAMAGED_TEXT = RowRule(
    "damaged_text",
    "{title}含有“?”或乱码，原字已丢失，请更正。",
    "{column} holds a replacement character: the original character is lost.",
)
PERSONAL_NUMBER = RowRule(
    "personal_number",
    "{title}中含有手机号或证件号，请核对是否错列，或删去后重新提交。",
    "{column} holds a mobile or ID number, which must not be published.",
)
TIMESTAMP_RANGE = RowRule(
    "timestamp_range",
    "{title}早于2015年或晚于导出日期所允许的范围，请核对。",
    "{column} lies outside [2015-01-01, export date + allowed days].",
)
NUMBER_RANGE = RowRule(
    "number_range", "{title}超出允许的范围，请核对。", "{column} is outside its range."
)
PATTERN = RowRule("pattern", "{title}的写法不对，请核对。", "{column} is not written as agreed.")

FIXED_CHANGED = RowRule(
    "fixed_changed",
    "{title}与该编号最早收到的版本不同，请核对编号是否被重复使用。",
    "{column} differs from the version that was accepted first.",
)

COLUMN_RULES = (
    REQUIRED,
    TIMESTAMP,
    NUMBER,
    CODE,
    TOO_LONG,
    CONTROL_CHARACTER,
    SCIENTIFIC_ID,
    DAMAGED_TEXT,
    PERSONAL_NUMBER,
    TIMESTAMP_RANGE,
    NUMBER_RANGE,
    PATTERN,
)

STRUCTURE_RULES = (
    RowRule(
        "field_count",
        "本行的列数与表头不符，常因文字中有未加引号的逗号，请加引号或删去逗号。",
        "The line has another number of fields than the header.",
    ),
    RowRule("quoting", "本行的引号不成对，请核对。", "The quotes of the line do not match."),
    RowRule("null_byte", "本行含有空字符，文件已损坏，请重新导出。", "The line holds a NUL byte."),
    RowRule(
        "encoding",
        "本行有字节无法按文件的编码读出，请重新导出。",
        "The line holds bytes that the file's encoding does not know.",
    ),
    RowRule(
        "cut_off_line",
        "文件在本行中断，请重新导出整个文件。",
        "The file ends in the middle of this line.",
    ),
    RowRule(
        "number_precision",
        "编号在表格中被存成了数值，末位数字已丢失，请以文本格式重新导出。",
        "An id was stored as a number and has lost digits.",
    ),
)
