"""Every reason for which a row is quarantined, its sentence in Chinese and English, its condition.

Rules about several columns of one export stand in its model, as `@pa.check` methods whose `title`
is the Chinese sentence and whose docstring the English one. Reasons for which a whole file is
refused are in `schemas.file_rules`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pandera.polars as pa
import polars as pl

from schemas.personal import (
    ACCOUNT,
    ADDRESS,
    ANY_GAP,
    DIGIT,
    GROUPED,
    MAIL,
    MAYBE_NAME,
    MOBILE,
    PLATE,
    is_person,
)
from schemas.wall_clock import wall_clock

# Column of the frame that pandera checks: export date of the file that a row came from.
EXPORT_DATE = "__export_date"
# The day on which that file arrived.
ARRIVED = "__arrived"
# The first day on which a timestamp may lie.
EARLIEST = "__earliest"
# What pandera calls the check that a required column is not null.
NOT_NULLABLE = "not_nullable"


@dataclass(frozen=True)
class Rule:
    """A reason to quarantine a row or to refuse a file.

    Attributes:
        id: stable name, found in quarantine files, the ledger, check results and reports.
        zh: sentence for the operator. In a row rule `{title}` stands for the column's Chinese
            title; in a file rule fields in braces are counts or header names.
        en: the same in English; `{column}` stands for the column's name.
    """

    id: str
    zh: str
    en: str

    def check(self, holds: Callable[[pl.Expr], pl.Expr]) -> pa.Check:
        """The pandera check of one column by this rule.

        A column check sees the whole frame, is 30 to 50 times cheaper than a dataframe check when
        many rows fail, blames the right column, and its failure cases hold only that column's
        value.

        Args:
            holds: from the column to whether its row is right; null counts as right.
        """

        def in_frame(data: pa.PolarsData) -> pl.LazyFrame:
            return data.lazyframe.select(holds(pl.col(data.key)))

        return pa.Check(in_frame, name=self.id, title=self.zh, description=self.en)


# --- found while the text of a column is cast -----------------------------------------------------

REQUIRED = Rule("required", "{title}为空，请补填。", "{column} is required and empty.")
TIMESTAMP = Rule(
    "timestamp",
    "{title}不是有效的时间，请按“2023-01-31 08:30:00”填写。",
    "{column} is not a valid timestamp.",
)
NUMBER = Rule("number", "{title}不是数字，请改为数字。", "{column} is not a number.")

# --- conditions that one column must meet ---------------------------------------------------------

CODE = Rule(
    "code",
    "{title}不在代码表中，请改为表内的值，或在来源配置中为它指定对应值。",
    "{column} is not in the list of codes.",
)
_TOO_LONG = Rule("too_long", "{title}超过允许的长度，请缩短。", "{column} is too long.")
_TIMESTAMP_RANGE = Rule(
    "timestamp_range",
    "{title}早于允许的最早年份（来源配置的 earliest_year）或晚于导出日期所允许的范围，请核对。",
    "{column} lies before earliest_year or later than export date + allowed days.",
)
_NUMBER_RANGE = Rule(
    "number_range", "{title}超出允许的范围，请核对。", "{column} is outside its range."
)
_PATTERN = Rule("pattern", "{title}的写法不对，请核对。", "{column} is not written as agreed.")

CONTROL_CHARACTER = Rule(
    "control_character", "{title}含有控制字符，请删除。", "{column} holds a control character."
).check(lambda value: ~value.str.contains(r"[\p{Cc}\p{Cf}\x{fe00}-\x{fe0f}]"))
SCIENTIFIC_ID = Rule(
    "scientific_id",
    "{title}已变成科学计数法，末位数字已丢失，请从平台以文本格式重新导出。",
    "{column} was turned into scientific notation and has lost digits.",
).check(lambda value: ~value.str.contains(r"^[0-9]+([.][0-9]+)?[eE][+]?[0-9]+$"))
DAMAGED_TEXT = Rule(
    "damaged_text",
    "{title}含有“?”或乱码，原字已丢失，请更正。",
    "{column} holds a replacement character: the original character is lost.",
).check(lambda value: ~value.str.contains(r"[?\ufffd]"))


def _of_values(names: Callable[[pl.Expr], pl.Expr]) -> Callable[[pl.Expr], pl.Expr]:
    """Whether a value is none of those that a filter keeps: asked of each different value once."""
    return lambda value: ~value.is_in(names(value.unique()).implode())


# A landline in the name of a line or a unit is the office's own, and no personal datum.
_NUMBERS = "|".join((MOBILE, GROUPED, rf"{DIGIT}(?:{ANY_GAP}{DIGIT}){{14}}", MAIL, PLATE, ACCOUNT))
PERSONAL_NUMBER = Rule(
    "personal_number",
    "{title}中含有手机号、证件号、车牌、邮箱或账号，请核对是否错列，或删去后重新提交。",
    "{column} holds a number, plate, mail address or account of a person: not to be published.",
).check(_of_values(lambda each: each.filter(each.str.contains(_NUMBERS))))
BARE_NUMBER = Rule(
    "bare_number",
    "{title}是一串号码，不是名称，请核对是否错列。",
    "{column} is a number of seven or more digits in place of a name.",
).check(
    _of_values(
        lambda each: each.filter(
            each.str.contains(rf"^[^\p{{L}}\p{{N}}]*{DIGIT}(?:{ANY_GAP}{DIGIT}){{6,}}$")
        )
    )
)
PERSONAL_ADDRESS = Rule(
    "personal_address",
    "{title}像是门牌地址，不是名称，请核对是否错列，或删去门牌号后重新提交。",
    "{column} holds the address of a house or flat, which must not be published.",
).check(_of_values(lambda each: each.filter(each.str.contains(ADDRESS))))


def _persons(each: pl.Expr) -> pl.Expr:
    likely = each.filter(each.str.contains(MAYBE_NAME))
    return likely.filter(likely.map_elements(is_person, return_dtype=pl.Boolean))


PERSONAL_NAME = Rule(
    "personal_name",
    "{title}像是个人姓名，请核对是否错列，或改为单位、地区或类别的名称。",
    "{column} looks like the name of a person, which must not be published.",
).check(_of_values(_persons))


def one_of(codes: Sequence[str]) -> pa.Check:
    """The value stands in a list of codes."""
    return CODE.check(lambda value: value.is_in(list(codes)))


def at_most_long(characters: int) -> pa.Check:
    """The text is no longer than so many characters."""
    return _TOO_LONG.check(lambda value: value.str.len_chars() <= characters)


def matching(pattern: str) -> pa.Check:
    """The text matches a regular expression."""
    return _PATTERN.check(lambda value: value.str.contains(pattern))


def in_range(minimum: float | None, maximum: float | None) -> list[pa.Check]:
    """The number is neither below the one nor above the other; None is no limit."""
    checks = []
    if minimum is not None:
        checks.append(_NUMBER_RANGE.check(lambda value: value >= minimum))
    if maximum is not None:
        checks.append(_NUMBER_RANGE.check(lambda value: value <= maximum))
    return checks


def at_most_days_ahead(days: int) -> pa.Check:
    """The timestamp lies in or after the earliest year, and at most so many days after the export.

    Days are those of the timestamp's zone.
    """
    last = pl.col(EXPORT_DATE) + timedelta(days=days)
    return _TIMESTAMP_RANGE.check(
        lambda value: wall_clock(value).dt.date().is_between(pl.col(EARLIEST), last)
    )


_PERIOD_AHEAD = Rule(
    "period_ahead",
    "{title}所在的期间在收到文件时还没有开始，请核对。",
    "The period of {column} had not begun when the file arrived.",
)


def begun(*, yearly: bool, moments: bool) -> pa.Check:
    """The month (or year) of the value had begun on the day on which the file arrived.

    Nothing can be built of a period that has not begun.

    Args:
        yearly: whether rows belong to years.
        moments: whether values are timestamps; else texts or numbers that begin with the period.
    """
    arrived = pl.col(ARRIVED)
    if moments:
        length = "1y" if yearly else "1mo"
        next_period = arrived.dt.truncate(length).dt.offset_by(length)
        return _PERIOD_AHEAD.check(lambda value: wall_clock(value).dt.date() < next_period)
    digits, form = (4, "%Y") if yearly else (7, "%Y-%m")
    return _PERIOD_AHEAD.check(
        lambda value: value.cast(pl.String).str.head(digits) <= arrived.dt.strftime(form)
    )


def not_before(earlier: Sequence[str], later: str) -> pa.Check:
    """A timestamp does not lie before any of those that come before it."""
    return Rule(
        f"{later}_before_{earlier[-1]}",
        "{title}早于前一环节的时间，请核对。",
        f"{later} lies before {earlier[-1]}.",
    ).check(lambda value: value >= pl.max_horizontal(*earlier))


# --- found elsewhere ------------------------------------------------------------------------------

FIXED_CHANGED = Rule(
    "fixed_changed",
    "{title}与该编号最早收到的版本不同，请核对编号是否被重复使用。",
    "{column} differs from the version that was accepted first.",
)
STRUCTURE_RULES = (
    Rule(
        "field_count",
        "本行的列数与表头不符，常因文字中有未加引号的逗号，请加引号或删去逗号。",
        "The line has another number of fields than the header.",
    ),
    Rule(
        "quoting",
        '本行有引号没有结束，请补上或删去；引号只是普通字符时，在来源配置中写明quote = ""。',
        'A quote of the line is never closed; say quote = "" where quotes mean nothing.',
    ),
    Rule("null_byte", "本行含有空字符，文件已损坏，请重新导出。", "The line holds a NUL byte."),
    Rule(
        "encoding",
        "本行有字节无法按文件的编码读出，请重新导出。",
        "The line holds bytes that the file's encoding does not know.",
    ),
    Rule(
        "cut_off_line",
        "文件在本行中断，请重新导出整个文件。",
        "The file ends in the middle of this line.",
    ),
    Rule(
        "number_precision",
        "编号在表格中被存成了数值，末位数字已丢失，请以文本格式重新导出。",
        "An id was stored as a number and has lost digits.",
    ),
    Rule(
        "number_format",
        "本行有数值的单元格格式（如分数、科学计数、千位缩写）写不成原样，请设为文本或常规后重新提交。",
        "A number is shown in a format (fraction, scientific, scaled) that cannot be written out.",
    ),
    Rule(
        "cell_error",
        "本行有公式错误值（如 #N/A、#REF!），请改正公式，或填入值。",
        "A cell holds an error such as #N/A.",
    ),
    Rule(
        "formula_uncached",
        "本行有公式没有计算结果，请用 Excel 或 WPS 打开、保存后重新提交。",
        "A formula has no result; open and save the workbook.",
    ),
    Rule(
        "merged_cells",
        "本行的值被合并单元格盖住，请取消合并，并在每一行填上值。",
        "Merged cells hide values of the row; unmerge and fill them.",
    ),
)
