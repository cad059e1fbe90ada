"""Objects of an S3-compatible store, by boto3.

Belongs here: keys are paths below the prefix; whatever the library raises becomes a sentence. The
client's own retries are off: `Patient` retries.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from assets.sources.secrets import S3_KEY, S3_SECRET, secret
from assets.sources.settings import S3Settings
from assets.sources.source import CHUNK, Forbidden, Interrupted, Item, SourceError, T, Vanished

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NOT_FOUND = ("NoSuchKey", "404", "PreconditionFailed", "412")
_NO_LOGIN = (
    "AccessDenied",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "InvalidToken",
    "ExpiredToken",
    "AuthFailure",
    "401",
    "403",
)
_SERVER_ERRORS = 500
_TOO_MANY_REQUESTS = 429


class S3:
    """Objects below a prefix of a bucket."""

    at_once = 1

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        self._prefix = settings.prefix.rstrip("/") + "/" if settings.prefix else ""
        self._client: Any = None

    def close(self) -> None:
        """End the connections."""
        if self._client is not None:
            self._client.close()
        self._client = None

    def items(self) -> list[Item]:
        """Every object below the prefix."""
        with self._said():
            pages = self._ready().get_paginator("list_objects_v2")
            found = pages.paginate(Bucket=self._settings.bucket, Prefix=self._prefix)
            return [
                Item(path, each["Size"], _nanoseconds(each["LastModified"]))
                for page in found
                for each in page.get("Contents", ())
                if not _is_hidden(path := each["Key"].removeprefix(self._prefix))
            ]

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Read an object."""
        return receive(self._read(item))

    def _read(self, item: Item) -> Iterator[bytes]:
        with self._said():
            try:
                answer = self._ready().get_object(
                    Bucket=self._settings.bucket, Key=self._prefix + item.path
                )
            except ClientError as error:
                if _code(error) in _NOT_FOUND:
                    raise Vanished from None
                if _code(error) == "AccessDenied":
                    raise Forbidden from None
                raise
            # One answer is one version of the object: it need only be the one that was listed. Its
            # head tells whole seconds.
            listed = item.modified // 10**9
            if (answer["ContentLength"], _nanoseconds(answer["LastModified"]) // 10**9) != (
                item.size,
                listed,
            ):
                raise Vanished
            yield from answer["Body"].iter_chunks(CHUNK)

    def _ready(self) -> Any:  # noqa: ANN401, boto3 makes the class of its client at run time
        if self._client is None:
            settings = self._settings
            self._client = boto3.client(
                "s3",
                endpoint_url=settings.endpoint,
                region_name=settings.region,
                aws_access_key_id=secret(S3_KEY),
                aws_secret_access_key=secret(S3_SECRET),
                config=Config(
                    connect_timeout=settings.timeout_seconds,
                    read_timeout=settings.timeout_seconds,
                    retries={"total_max_attempts": 1},
                    s3={"addressing_style": settings.addressing},
                    # Stores that are not Amazon's know no checksums of their own.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        return self._client

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turn the errors of the library into ours; their texts are not shown."""
        where = f"对象存储 {self._settings.endpoint}"
        try:
            yield
        except ClientError as error:
            code, status = _code(error), error.response["ResponseMetadata"]["HTTPStatusCode"]
            if code == "NoSuchBucket":
                raise SourceError(
                    f"{where} 上没有存储桶 {self._settings.bucket}：请核对 [source] 的 bucket。"
                ) from None
            if code in _NO_LOGIN:
                raise SourceError(
                    f"{where} 拒绝访问存储桶 {self._settings.bucket}：请核对环境变量 {S3_KEY} 和 "
                    f"{S3_SECRET}，以及读取和列举的权限。"
                ) from None
            if status >= _SERVER_ERRORS or status == _TOO_MANY_REQUESTS:
                raise Interrupted(where) from None
            raise SourceError(
                f"{where} 不接受请求（{code}）：请核对 [source] 的 endpoint、region 和 addressing。"
            ) from None
        except (BotoCoreError, OSError):
            raise Interrupted(where) from None


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


def _nanoseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def _is_hidden(path: str) -> bool:
    """Folders end in "/"; a name that starts with a dot is hidden, and ".." is not a name."""
    parts = path.split("/")
    return path.endswith("/") or any(
        part.startswith(".") and part not in (".", "..") for part in parts
    )
