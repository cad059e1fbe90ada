"""The valid rows that damaged files are made of: few, but of every shape that a row may have.

Belongs here: rows and their keys. How they are laid down as a file is for `damaged.py`.
"""

from typing import Any

from schemas import EXPORTS
from tests.samples import row

ROWS = 12
# The column that tells valid rows of one file apart; the first key column where not named here.
_TELLS_APART = {"staff": "agent_id", "annual": "item", "declared": "source"}

# What an honest person or platform writes, and a reader stumbles over.
_TEXTS = (
    "反映停水",
    "反映停水，要求尽快处理",
    "停水, 停电, 停气",
    '他说"已经三天了"',
    '"加引号的标题"',
    "第一行\n第二行",
    '第一行\n\n第三行, 还有"引号"',
    "𠮷野家门口㐂",
    "tab\tinside; semicolon",
    "末尾有空格 ",
    "欠薪120000元，2022-12-31起",
    "联系电话13912345678",
)
_FREE_TEXT = {
    "tickets": "content",
    "knowledge": "title",
    "annual": "evidence",
    "declared": "source",
}


def key_column(dataset: str) -> str:
    """The column that tells valid rows of one file apart."""
    return _TELLS_APART.get(dataset, EXPORTS[dataset].key[0])


def valid_rows(dataset: str) -> list[dict[str, Any]]:
    """Rows that are accepted as they are, each with a key of its own."""
    rows = []
    for number in range(ROWS):
        changes = {key_column(dataset): f"K{number:04d}"}
        column = _FREE_TEXT.get(dataset)
        if column and column != key_column(dataset):
            changes[column] = _TEXTS[number % len(_TEXTS)]
        rows.append(row(dataset, **changes))
    return rows
