"""An object store that speaks S3 with conditional puts; only [cluster] needs its client."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from assets.core import HotlineError, map_in_order

_CHUNK = 1 << 20
# A store takes its time to answer, whatever it is asked, and answers many at once.
_AT_ONCE = 8

T = TypeVar("T")
R = TypeVar("R")


class Missing(LookupError):
    """There is no such object."""


class S3:
    """A folder of an S3 bucket; keys are relative to it.

    Credentials are those of the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

    Args:
        url: s3://bucket/folder.
        endpoint: of a store that is not Amazon's.
        region: of the bucket.

    Raises:
        ModuleNotFoundError: obstore is not installed.
    """

    def __init__(self, url: str, *, endpoint: str = "", region: str = "us-east-1") -> None:
        import obstore
        from obstore.store import S3Store

        options: dict[str, Any] = {"region": region}
        if endpoint:
            options["endpoint"] = endpoint
            options["client_options"] = {"allow_http": endpoint.startswith("http://")}
        self._url = url
        self._client = obstore
        self._store = S3Store.from_url(url, **options)

    @contextmanager
    def _translated(self, key: str = "") -> Iterator[None]:
        """Turn errors of the client into ours."""
        from obstore.exceptions import BaseError, NotFoundError

        try:
            yield
        except (NotFoundError, FileNotFoundError):
            raise Missing(key) from None
        except BaseError as error:
            # Its text may hold an address with a signature in it.
            raise HotlineError(
                f"对象存储 {self._url} 无法读写（{type(error).__name__}）："
                "请检查网络、hotline.toml 的 [cluster] 和访问密钥，然后再运行一次。"
            ) from None

    def read(self, key: str) -> Iterator[bytes]:
        """Read an object in pieces; raises Missing."""
        with self._translated(key):
            for piece in self._client.get(self._store, key).stream(min_chunk_size=_CHUNK):
                yield bytes(piece)

    def get(self, key: str) -> tuple[bytes, str]:
        """A small object and its ETag; raises Missing."""
        with self._translated(key):
            found = self._client.get(self._store, key)
            etag = found.meta["e_tag"]
            assert etag, "an S3 store gives every object an ETag"
            return bytes(found.bytes()), etag

    def put(self, key: str, content: Path | bytes) -> None:
        """Write an object, whatever was there."""
        with self._translated():
            self._client.put(self._store, key, content)

    def put_if(self, key: str, content: bytes, etag: str | None) -> bool:
        """Write an object if it still is the one of the ETag; None: if there is none.

        Returns:
            Whether it was written.
        """
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        mode: Any = "create" if etag is None else {"e_tag": etag}
        with self._translated():
            try:
                self._client.put(self._store, key, content, mode=mode, use_multipart=False)
            except (AlreadyExistsError, PreconditionError):
                return False
        return True

    def list(self) -> Iterator[str]:
        """All keys."""
        with self._translated():
            for page in self._client.list(self._store):
                yield from (each["path"] for each in page)

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects."""
        with self._translated():
            self._client.delete(self._store, list(keys))


def at_once(move: Callable[[T], R], contents: Iterable[T]) -> list[R]:
    """Move contents to a store or from it, several at a time.

    No move runs once it returns or raises.

    Args:
        move: moves one; called in threads.
        contents: what is to be moved.

    Returns:
        What each call returned, in order.
    """
    return list(map_in_order(move, contents, threads=_AT_ONCE))
