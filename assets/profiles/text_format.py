"""How a text is written, where it does not show it: encoding, delimiter, quotes, header row."""

import codecs
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

# Editions of GB18030 by the names that a profile may give them; GBK and its Windows variant are
# parts of it.
EDITIONS = {"gb18030": 2022, "gb18030-2005": 2005, "gbk": 2022, "gb2312": 2022, "cp936": 2022}


class TextFormat(BaseModel):
    """How a text is written.

    Attributes:
        encoding: of its bytes; UTF-8 or GB18030 of 2022, which it shows, where it is empty.
        delimiter: what stands between fields; a comma, tab or semicolon where it is empty.
        quote: what may stand around a field; "" where quotes are characters like any other.
        column_names: headers of a text that has none, in order.
        header_row: line of the header, from 1; it is looked for where None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    column_names: tuple[str, ...] = ()
    header_row: int | None = Field(default=None, ge=1, le=1000)

    @field_validator("encoding")
    @classmethod
    def _is_an_encoding(cls, name: str) -> str:
        name = name.lower()
        if name and name not in EDITIONS and not _is_text_encoding(name):
            raise ValueError(f"没有名为 {name} 的文字编码")
        return name

    @field_validator("delimiter", "quote")
    @classmethod
    def _is_one_sign(cls, sign: str) -> str:
        if sign and (len(sign) > 1 or not sign.isascii() or sign.isalnum() or sign in "\r\n\0 "):
            raise ValueError("须是一个半角符号，不能是字母、数字、空格或换行")
        return sign

    @model_validator(mode="after")
    def _quote_is_no_delimiter(self) -> Self:
        if self.quote and self.quote == self.delimiter:
            raise ValueError("delimiter 和 quote 不能相同")
        return self


def _is_text_encoding(name: str) -> bool:
    try:
        b"\n\0\n\0".decode(name, "replace")
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError, TypeError):
        return False
    return True
