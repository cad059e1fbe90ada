"""Passwords and keys: taken from the environment when a connection is opened, and kept nowhere."""

import os
from pathlib import Path

from assets.sources.source import SourceError

SFTP_PASSWORD = "HOTLINE_SFTP_PASSWORD"  # noqa: S105, a name
SFTP_KEY_FILE = "HOTLINE_SFTP_KEY_FILE"
SFTP_PASSPHRASE = "HOTLINE_SFTP_PASSPHRASE"  # noqa: S105
S3_KEY = "HOTLINE_S3_KEY"
S3_SECRET = "HOTLINE_S3_SECRET"  # noqa: S105
SQL_PASSWORD = "HOTLINE_SQL_PASSWORD"  # noqa: S105
# By kind of source.
VARIABLES = {
    "sftp": (SFTP_PASSWORD, SFTP_KEY_FILE, SFTP_PASSPHRASE),
    "s3": (S3_KEY, S3_SECRET),
    "sql": (SQL_PASSWORD,),
}


def secret(variable: str) -> str:
    """A secret that has to be there.

    Raises:
        SourceError: it is not.
    """
    if not (value := os.environ.get(variable)):
        raise SourceError(f"没有设置环境变量 {variable}：来源的口令和密钥只从环境变量读取。")
    return value


def key_file() -> Path | None:
    """The private key for SFTP, if one is named.

    Raises:
        SourceError: it is not there, or others may read it.
    """
    if not (name := os.environ.get(SFTP_KEY_FILE)):
        return None
    path = Path(name)
    if not path.is_file():
        raise SourceError(f"找不到私钥文件 {path}：请核对环境变量 {SFTP_KEY_FILE}。")
    if path.stat().st_mode & 0o077:
        raise SourceError(f"私钥文件 {path} 别人也能读取：请先执行 chmod 600，再运行一次。")
    return path
