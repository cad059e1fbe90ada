"""Files that people write: TOML as editors save it, and what is wrong in it, in Chinese."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Kinds of errors of pydantic by how they begin -> what is said of them.
_SAID = {
    "missing": "必须填写",
    "extra_forbidden": "没有这一项",
    "unexpected_keyword_argument": "没有这一项。",
    "literal_error": "只能是 {expected} 之一",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "应小于 {lt}",
    "too_short": "不能为空",
    "string_too_short": "不能为空",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}",
    "string_": "应为文字，写在引号里",
    "bool_": "应为 true 或 false，不加引号",
    "int_": "应为整数，不加引号",
    "float_": "应为数字，不加引号",
    "finite_number": "应为一般的数字",
    "date_": "应为日期，写成 2024-01-15 的样子，不加引号",
    "time_": "应为时刻，写成 08:00 的样子",
    "path_": "应为路径，写在引号里",
    "url_": "应为网址，如 http://服务器/reports",
    "tuple_": "应为列表，写在方括号里",
    "list_": "应为列表，写在方括号里",
    "dict_": "应为一组“名称 = 取值”，写在花括号里",
    "dataclass_": "应为一节，如 [reports] 及其下各行",
    "model_": "应为一组“名称 = 取值”，写在花括号里",
}
_PLACE = re.compile(r"at line (\d+), column (\d+)")
_FAULTS = {
    "Cannot overwrite a value": "同一项写了两次",
    "Cannot declare": "同一节写了两次",
    "Invalid value": "等号后面的值写法不对，文字要写在引号里",
    "Expected '='": "名称后面缺少等号",
    "Unterminated": "引号或括号没有结束",
    "Unclosed": "引号或括号没有结束",
    "Illegal character": "有不能用的字符，请用英文标点",
    "Unescaped": "引号里的反斜杠请写两个，或改用单引号",
}


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; some editors put a byte order mark before it.

    Raises:
        tomllib.TOMLDecodeError, UnicodeDecodeError, OSError: it cannot be read.
    """
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def toml_fault(error: tomllib.TOMLDecodeError) -> str:
    """Where a file is no TOML, and what is wrong there."""
    text = str(error)
    said = next((said for begins, said in _FAULTS.items() if text.startswith(begins)), "写法不对")
    place = _PLACE.search(text)
    return f"第 {place[1]} 行第 {place[2]} 列，{said}" if place else f"文件末尾，{said}"


def error_in_chinese(error: Mapping[str, Any]) -> str:
    """What pydantic found wrong in a value, without the value."""
    for beginning, sentence in _SAID.items():
        if str(error["type"]).startswith(beginning):
            return sentence.format(**error.get("ctx", {}))
    return str(error["msg"]).removeprefix("Value error, ")
