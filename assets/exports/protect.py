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

from assets.core import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    DamagedRecord,
    HotlineError,
    Warehouse,
    make_folder,
    open_json,
    rename_file,
    sealed_json,
    write_bytes,
)
from assets.masking import masked
from schemas.fields import Protection
from schemas.table import ExportTable

KEY_VARIABLE = "HOTLINE_CALLER_KEY"


def make_caller_key(warehouse: Warehouse) -> None:
    """Make the private key file at first start, unless the key comes from the environment.

    Raises:
        DamagedRecord: this is no first start, and the key is not the one that was used.
    """
    check_caller_key(warehouse)
    path = warehouse.caller_key
    make_folder(warehouse.root)
    if not path.exists() and not os.environ.get(KEY_VARIABLE):
        write_bytes(path, secrets.token_hex(32).encode(), mode=PRIVATE_FILE)
    if not warehouse.caller_key_id.exists():
        record_caller_key(warehouse, caller_key(path))


def record_caller_key(warehouse: Warehouse, key: str) -> None:
    """Write down which key is used from now on, without telling it."""
    make_folder(warehouse.caller_key_id.parent, PRIVATE_FOLDER)
    text = sealed_json({"id": key_id(key)})
    write_bytes(warehouse.caller_key_id, text.encode(), mode=PRIVATE_FILE)


def check_caller_key(warehouse: Warehouse) -> None:
    """The key is the one with which the callers of this warehouse were made pseudonyms.

    Raises:
        DamagedRecord: it is gone, or another one.
    """
    path, record = warehouse.caller_key, warehouse.caller_key_id
    key = caller_key(path)
    remedy = f"请从备份恢复 {path}，或重新设置环境变量 {KEY_VARIABLE}，再运行一次。"
    if not record.exists():
        # Before the first start, or before a version that wrote it down.
        if not key and any(warehouse.archive.glob("*.parquet")):
            raise DamagedRecord(f"来电人密钥不在了，新密钥会使来电人前后无法对应：{remedy}")
        return
    try:
        known = open_json(record.read_bytes())["id"]
    except (IsADirectoryError, ValueError, KeyError):
        raise DamagedRecord(f"来电人密钥的记录 {record} 已损坏：请从备份恢复它。") from None
    if key_id(key) != known:
        if key_id(_next_key(warehouse)) == known:
            raise DamagedRecord("换来电人密钥没有做完：请再运行一次 hotline key rotate。")
        what = "与一直使用的不同" if key else "不在了"
        raise DamagedRecord(f"来电人密钥{what}，换了密钥来电人前后无法对应：{remedy}")


def rotate_caller_key(warehouse: Warehouse, new: str) -> None:
    """Use another key from now on; after a crash, call it again.

    A key of the environment has been changed there; the file that holds any other is replaced.

    Args:
        warehouse: held for writing; it has a key.
        new: the new key, where it is not in the environment.

    Raises:
        HotlineError: the key of the environment is the old one, or there is none yet.
    """
    record = warehouse.caller_key_id
    if not record.exists():
        raise HotlineError("还没有来电人密钥，不用更换：请先运行 hotline run。")
    if from_outside := os.environ.get(KEY_VARIABLE):
        if key_id(from_outside) == open_json(record.read_bytes())["id"]:
            raise HotlineError(
                f"密钥来自环境变量 {KEY_VARIABLE}：请先在那里换成新的密钥，再运行一次。"
            )
        record_caller_key(warehouse, from_outside)
        return
    if not _next_key(warehouse):
        check_caller_key(warehouse)
        write_bytes(warehouse.next_caller_key, new.encode(), mode=PRIVATE_FILE)
    # From here until the file is replaced nobody else goes on: the record names the next key.
    record_caller_key(warehouse, _next_key(warehouse))
    rename_file(warehouse.next_caller_key, warehouse.caller_key)


def _next_key(warehouse: Warehouse) -> str:
    path = warehouse.next_caller_key
    return path.read_text("ascii").strip() if path.is_file() else ""


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
    if path.is_file() and path.stat().st_mode & 0o077:
        raise HotlineError(f"密钥文件 {path} 可被他人读取：请执行 chmod 600 {path}。")
    content = path.read_bytes().strip() if path.is_file() else b""
    if not (content and content.isascii()):
        raise HotlineError(f"密钥文件 {path} 已损坏：请从备份恢复；删除它会使来电人前后无法对应。")
    return content.decode()


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
