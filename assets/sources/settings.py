"""`[source]` of a profile: where its exports lie, and how patiently they are asked for.

Passwords and keys are not written there: they come from the environment when a connection is
opened, and are kept nowhere.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

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

_SECRET = re.compile(r"pass|secret|token|private|credential|(^|_)key($|_id$)", re.IGNORECASE)

_DATABASE = re.compile(
    r"(postgresql|mysql)://[^@/:]+@([^@/:\[\]]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?/[^/?]+(\?.*)?"
)
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")  # as SQLAlchemy reads them


class FolderSettings(BaseModel):
    """A folder: the `landing` of hotline.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["folder"] = "folder"


class RemoteSettings(BaseModel):
    """What every server has.

    Attributes:
        attempts: how often a call is tried that was interrupted.
        retry_seconds: wait before the second attempt; each later one waits twice as long.
        timeout_seconds: how long an answer may take.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    attempts: int = Field(default=4, ge=1, le=10)
    retry_seconds: float = Field(default=5, ge=0, le=600)
    timeout_seconds: float = Field(default=30, gt=0, le=3600)

    @model_validator(mode="before")
    @classmethod
    def _holds_no_secret(cls, content: object) -> object:
        if isinstance(content, Mapping):
            named = "、".join(VARIABLES.get(str(content.get("kind")), ()))
            for key, value in content.items():
                if key not in cls.model_fields and _SECRET.search(str(key)):
                    raise ValueError(f"{key} 是口令或密钥，不能写在这里：请改用环境变量 {named}")
                if key in ("url", "endpoint") and _has_password(str(value)):
                    raise ValueError(f"{key} 里有口令，请删去，改用环境变量 {named}")
        return content


def _has_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "@" in url
    return parts.password is not None or any(map(_SECRET.search, parse_qs(parts.query)))


class SftpSettings(RemoteSettings):
    """A folder on an SFTP server.

    Attributes:
        host: name or address of the server.
        port: its port.
        user: who logs in.
        folder: absolute, or relative to the user's own.
        known_hosts: file of host keys; a relative path is relative to the profile.
    """

    kind: Literal["sftp"]
    host: str = Field(min_length=1)
    port: int = Field(default=22, ge=1, le=65535)
    user: str = Field(min_length=1)
    folder: str = Field(default=".", min_length=1)
    known_hosts: Path


class S3Settings(RemoteSettings):
    """Objects below a prefix of a bucket.

    Attributes:
        endpoint: address of the object store.
        bucket: name of the bucket.
        prefix: only keys that begin so, up to a "/".
        region: region of the bucket, where the store has any.
        addressing: whether the bucket is named in the "path" or in the host ("virtual").
    """

    kind: Literal["s3"]
    endpoint: str
    bucket: str = Field(min_length=1)
    prefix: str = ""
    region: str = "us-east-1"
    addressing: Literal["path", "virtual"] = "path"

    @field_validator("endpoint")
    @classmethod
    def _is_an_address(cls, endpoint: str) -> str:
        if not re.match(r"https?://[^/]", endpoint):
            raise ValueError("endpoint 要写成 https://主机:端口 的样子")
        return endpoint


class Query(BaseModel):
    """What a database is asked for one dataset: a `[source.queries.<dataset>]`.

    Attributes:
        query: SELECT with `:start` and `:end`, midnight at the beginning of a period and after it;
            its columns are named as the headers of the profile.
        watermark: SELECT of one moment: up to there the database is filled.
        again_days: for how many days after its last one a period is asked again every night.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str
    watermark: str = ""
    again_days: int = Field(default=1, ge=0, le=3660)

    @field_validator("query")
    @classmethod
    def _is_of_a_period(cls, query: str) -> str:
        if set(_PARAMETER.findall(query)) != {"start", "end"}:
            raise ValueError("查询要有且只有 :start 和 :end 两个参数：每次只取一个时段的行")
        return query

    @field_validator("watermark")
    @classmethod
    def _is_of_no_period(cls, query: str) -> str:
        if _PARAMETER.search(query):
            raise ValueError("watermark 查询不带参数：它说明数据到哪个时间为止")
        return query


class SqlSettings(RemoteSettings):
    """A database.

    Attributes:
        url: `postgresql://user@host:port/database` or `mysql://...`, without a password.
        queries: dataset -> what is asked.
    """

    kind: Literal["sql"]
    url: str
    queries: dict[str, Query] = Field(min_length=1)

    @field_validator("url")
    @classmethod
    def _names_a_database(cls, url: str) -> str:
        if not _DATABASE.fullmatch(url):
            raise ValueError("url 要写成 postgresql://用户@主机:端口/数据库 或 mysql://… 的样子")
        return url


def _is_of_a_kind(content: object) -> object:
    kinds = ("folder", *VARIABLES)
    if isinstance(content, Mapping) and content.get("kind") not in kinds:
        raise ValueError(f"kind 须为 {'、'.join(kinds)} 之一")
    return content


SourceSettings = Annotated[
    FolderSettings | SftpSettings | S3Settings | SqlSettings,
    Field(discriminator="kind"),
    BeforeValidator(_is_of_a_kind),
]


def resolve_paths(source: object, folder: Path) -> None:
    """Make the paths of a `[source]` as it was read relative to the folder of its profile."""
    if isinstance(source, dict) and isinstance(path := source.get("known_hosts"), str):
        source["known_hosts"] = str(folder / Path(path).expanduser())


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
