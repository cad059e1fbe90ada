"""The operations of a store on S3, or whatever speaks its protocol with conditional puts.

Belongs here: the client, which only an installation with [cluster] needs to have installed.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError
from obstore.store import S3Store

from assets.core import HotlineError
from assets.sync.store import Missing

_CHUNK = 1 << 20


class S3:
    """A folder of an S3 bucket.

    Credentials are those of the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

    Args:
        url: s3://bucket/folder.
        endpoint: of a store that is not Amazon's.
        region: of the bucket.
    """

    def __init__(self, url: str, *, endpoint: str = "", region: str = "us-east-1") -> None:
        options: dict[str, Any] = {"region": region}
        if endpoint:
            options |= {
                "endpoint": endpoint,
                "client_options": {"allow_http": endpoint.startswith("http://")},
            }
        self._url = url
        self._store = S3Store.from_url(url, **options)

    def _failed(self, error: BaseError) -> HotlineError:
        # Its text may hold an address with a signature in it.
        return HotlineError(
            f"对象存储 {self._url} 无法读写（{type(error).__name__}）："
            "请检查网络、hotline.toml 的 [cluster] 和访问密钥，然后再运行一次。"
        )

    def read(self, key: str) -> Iterator[bytes]:
        """Read an object in pieces; raises Missing."""
        try:
            for piece in obstore.get(self._store, key).stream(min_chunk_size=_CHUNK):
                yield bytes(piece)
        except (NotFoundError, FileNotFoundError):
            raise Missing(key) from None
        except BaseError as error:
            raise self._failed(error) from None

    def get(self, key: str) -> tuple[bytes, str]:
        """A small object and its ETag; raises Missing."""
        try:
            found = obstore.get(self._store, key)
            etag = found.meta["e_tag"]
            assert etag, "an S3 store gives every object an ETag"
            return bytes(found.bytes()), etag
        except (NotFoundError, FileNotFoundError):
            raise Missing(key) from None
        except BaseError as error:
            raise self._failed(error) from None

    def put(self, key: str, content: Path | bytes) -> None:
        """Write an object, whatever was there."""
        try:
            obstore.put(self._store, key, content)
        except BaseError as error:
            raise self._failed(error) from None

    def put_if(self, key: str, content: bytes, etag: str | None) -> bool:
        """Write an object if it still is the one of the ETag; None: if there is none."""
        mode: Any = "create" if etag is None else {"e_tag": etag}
        try:
            obstore.put(self._store, key, content, mode=mode, use_multipart=False)
        except (AlreadyExistsError, PreconditionError):
            return False
        except BaseError as error:
            raise self._failed(error) from None
        return True

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that begin with a prefix, which is whole parts of a path."""
        try:
            for page in obstore.list(self._store, prefix):
                yield from (each["path"] for each in page)
        except BaseError as error:
            raise self._failed(error) from None

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects."""
        try:
            obstore.delete(self._store, list(keys))
        except BaseError as error:
            raise self._failed(error) from None
