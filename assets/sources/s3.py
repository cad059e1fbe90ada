"""Objects of an S3-compatible store, by obstore.

Keys are paths below the prefix, and whatever the library raises becomes a sentence. The client's
own retries are off: `RetryingSource` retries.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

import obstore
import requests
from lxml import etree
from obstore.exceptions import BaseError
from obstore.store import S3Store

from assets.sources.settings import S3_KEY, S3_SECRET, S3Settings, secret
from assets.sources.source import CHUNK, Forbidden, Interrupted, Item, SourceError, T, Vanished

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


class S3:
    """Objects below a prefix of a bucket."""

    at_once = 1

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        self._prefix = settings.prefix.rstrip("/") + "/" if settings.prefix else ""
        self._store: S3Store | None = None

    def close(self) -> None:
        """End the connections."""
        self._store = None

    def items(self) -> list[Item]:
        """Every object below the prefix."""
        found, page = [], self._list({})
        while True:
            for each in page.iterfind("{*}Contents"):
                key = each.findtext("{*}Key")
                if page.findtext("{*}EncodingType") == "url":
                    key = unquote_plus(key)
                path = key.removeprefix(self._prefix)
                modified = datetime.fromisoformat(each.findtext("{*}LastModified"))
                if not _is_hidden(path):
                    found.append(Item(path, int(each.findtext("{*}Size")), _nanoseconds(modified)))
            token = page.findtext("{*}NextContinuationToken")
            if not token:
                return found
            page = self._list({"continuation-token": token})

    def _list(self, further: dict[str, str]) -> Any:  # noqa: ANN401, lxml is not typed
        """A page of the list of objects.

        obstore only signs the request: its own `list` fails for all objects where the key of one
        has an empty part, `..` or a control character.
        """
        settings = self._settings
        asked = {"list-type": "2", "encoding-type": "url", "prefix": self._prefix, **further}
        # What is signed ends in "/", which this parameter takes; stores do not look at it.
        query = urlencode({**asked, "x-path": ""}, quote_via=quote)
        url = obstore.sign(self._client(f"?{query}"), "GET", "", timedelta(minutes=5))
        with self._translated():
            answer = requests.get(url, timeout=settings.timeout_seconds, allow_redirects=False)
            if answer.status_code != requests.codes.ok:
                raise self._refused(answer.status_code, answer.text)
            return etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Read an object."""
        return receive(self._read(item))

    def _read(self, item: Item) -> Iterator[bytes]:
        self._store = self._store or self._client()
        with self._translated():
            try:
                found = obstore.get(self._store, self._prefix + item.path)
            except FileNotFoundError:
                raise Vanished from None
            except BaseError as error:
                if "<Code>AccessDenied</Code>" in str(error):
                    raise Forbidden from None
                raise
            # One answer is one version of the object: it need only be the one that was listed. Its
            # head tells whole seconds.
            seconds = _nanoseconds(found.meta["last_modified"]) // 10**9
            if (found.meta["size"], seconds) != (item.size, item.modified // 10**9):
                raise Vanished
            for piece in found.stream(min_chunk_size=CHUNK):
                yield bytes(piece)

    def _client(self, query: str = "") -> S3Store:
        settings = self._settings
        address = settings.endpoint.rstrip("/")
        if settings.addressing == "path":
            address = f"{address}/{settings.bucket}"
        else:
            address = address.replace("://", f"://{settings.bucket}.", 1)
        wait = timedelta(seconds=settings.timeout_seconds)
        return S3Store(
            settings.bucket,
            # To obstore such an endpoint is the whole address of the bucket.
            endpoint=address + query,
            virtual_hosted_style_request=True,
            region=settings.region,
            access_key_id=secret(S3_KEY),
            secret_access_key=secret(S3_SECRET),
            retry_config={"max_retries": 0},
            client_options={
                "allow_http": True,
                "connect_timeout": wait,
                "read_timeout": wait,
                # A large object may take long, as long as something comes.
                "timeout": timedelta(days=1),
            },
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn the errors of the libraries into ours; their texts are not shown."""
        try:
            yield
        except BaseError as error:
            status = re.search(r"status code: ([0-9]{3})", str(error))
            raise self._refused(int(status[1]) if status else 0, str(error)) from None
        except (OSError, etree.XMLSyntaxError):
            raise Interrupted(self._where) from None

    @property
    def _where(self) -> str:
        return f"对象存储 {self._settings.endpoint}"

    def _refused(self, status: int, text: str) -> SourceError:
        """What an answer of the store means; 0 is the status of none."""
        where, bucket = self._where, self._settings.bucket
        stated = re.search(r"<Code>(\w+)</Code>", text)
        code = stated[1] if stated else str(status)
        if code == "NoSuchBucket":
            return SourceError(f"{where} 上没有存储桶 {bucket}：请核对 [source] 的 bucket。")
        if code in _NO_LOGIN:
            return SourceError(
                f"{where} 拒绝访问存储桶 {bucket}：请核对环境变量 {S3_KEY} 和 "
                f"{S3_SECRET}，以及读取和列举的权限。"
            )
        if status in (0, requests.codes.too_many_requests) or status >= 500:
            return Interrupted(where)
        return SourceError(
            f"{where} 不接受请求（{code}）：请核对 [source] 的 endpoint、region 和 addressing。"
        )


def _nanoseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def _is_hidden(path: str) -> bool:
    """Folders end in "/"; a name that starts with a dot is hidden, and ".." is not a name."""
    parts = path.split("/")
    return path.endswith("/") or any(
        part.startswith(".") and part not in (".", "..") for part in parts
    )
