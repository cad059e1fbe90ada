"""Protect personal data: callers become pseudonyms, numbers in texts are masked.

After this step no phone or ID number exists outside the raw archive and the quarantine (DATA.md,
section 4).
"""

import hashlib
import os
import secrets
from pathlib import Path

import polars as pl
import polars_hash as plh

from assets.core import PRIVATE_FILE, HotlineError, write_bytes
from assets.masking import masked
from schemas.fields import Protection
from schemas.table import ExportTable

KEY_VARIABLE = "HOTLINE_CALLER_KEY"


def make_caller_key(path: Path) -> None:
    """Make the private key file at first start, unless the key comes from the environment."""
    if not path.exists() and KEY_VARIABLE not in os.environ:
        write_bytes(path, secrets.token_hex(32).encode(), mode=PRIVATE_FILE)


def caller_key(path: Path) -> str:
    """The key of the callers' pseudonyms: from the environment or the key file.

    Returns:
        The key; empty before the first start.

    Raises:
        HotlineError: the file can be read by others, or is empty.
    """
    if key := os.environ.get(KEY_VARIABLE):
        return key
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077:
        raise HotlineError(f"密钥文件 {path} 可被他人读取：请执行 chmod 600 {path}。")
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise HotlineError(f"密钥文件 {path} 为空：请从备份恢复；删除它会使来电人前后无法对应。")
    return key


def key_id(key: str) -> str:
    """Which key it is, without telling it."""
    return hashlib.sha256(f"id:{key}".encode()).hexdigest()[:8]


def protect(rows: pl.DataFrame, table: ExportTable, *, key: str) -> pl.DataFrame:
    """Replace personal columns by pseudonyms and mask free texts.

    Args:
        rows: typed rows of the table's columns (and technical columns, which stay).
        table: says which columns are personal.
        key: key of the pseudonyms.

    Returns:
        The same rows in the same order; `caller` has become `caller_key`.
    """
    changes: list[pl.Expr | pl.Series] = []
    dropped: list[str] = []
    for column in table.columns:
        if column.protection is Protection.PSEUDONYM:
            hashed = plh.col(column.name).chash.hmac_sha256(key=key)
            changes.append(hashed.alias(column.stored_name))
            dropped.append(column.name)
        elif column.protection is Protection.MASKED:
            changes.append(masked(rows[column.name]))
    return rows.with_columns(changes).drop(dropped) if changes else rows
