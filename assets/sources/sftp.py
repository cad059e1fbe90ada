"""A folder on an SFTP server, by asyncssh.

The host key is checked before anything is sent, nothing of the user's own SSH configuration counts,
and whatever the library raises becomes a sentence.
"""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncssh

from assets.sources.settings import (
    SFTP_KEY_FILE,
    SFTP_PASSPHRASE,
    SFTP_PASSWORD,
    SftpSettings,
    key_file,
)
from assets.sources.source import (
    CHUNK,
    Forbidden,
    Interrupted,
    Item,
    SourceError,
    T,
    Vanished,
    is_unsafe_name,
)


class Sftp:
    """Files below a folder of an SFTP server; links are not followed."""

    at_once = 1

    def __init__(self, settings: SftpSettings) -> None:
        self._settings = settings
        self._runner: asyncio.Runner | None = None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def close(self) -> None:
        """End the connection, whatever state it is in."""
        if self._connection is not None:
            self._connection.abort()
        if self._runner is not None:
            self._runner.close()
        self._runner = self._connection = self._client = None

    def items(self) -> list[Item]:
        """Every file below the folder."""
        with self._translated(f"目录 {self._settings.folder}"):
            return self._run(self._walk())

    def fetch(self, item: Item, receive: Callable[[Iterator[bytes]], T]) -> T:
        """Read a file."""
        return receive(self._read(item))

    def _read(self, item: Item) -> Iterator[bytes]:
        with self._translated("文件"):
            try:
                file = self._run(self._open(f"{self._settings.folder}/{item.path}"))
                while chunk := self._run(self._within(file.read(CHUNK))):
                    yield chunk  # type: ignore[misc]  # opened as bytes
                attributes = self._run(self._within(file.stat()))
                self._run(self._within(file.close()))
            except asyncssh.SFTPNoSuchFile:
                raise Vanished from None
            except asyncssh.SFTPPermissionDenied:
                raise Forbidden from None
        if (attributes.size, _nanoseconds(attributes)) != (item.size, item.modified):
            raise Vanished

    def _run(self, step: Coroutine[Any, Any, T]) -> T:
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.run(step)

    async def _within(self, step: Awaitable[T]) -> T:
        async with asyncio.timeout(self._settings.timeout_seconds):
            return await step

    async def _ready(self) -> asyncssh.SFTPClient:
        if self._client is None:
            settings, path = self._settings, key_file()
            passphrase = os.environ.get(SFTP_PASSPHRASE)
            self._connection = await asyncssh.connect(
                settings.host,
                settings.port,
                username=settings.user,
                password=os.environ.get(SFTP_PASSWORD),
                client_keys=[asyncssh.read_private_key(path, passphrase)] if path else None,
                known_hosts=_known_hosts(settings.known_hosts),
                config=None,
                agent_path=None,
                gss_host=None,
                keepalive_interval=settings.timeout_seconds / 3,
                connect_timeout=settings.timeout_seconds,
                login_timeout=settings.timeout_seconds,
            )
            self._client = await self._within(
                self._connection.start_sftp_client(path_errors="surrogateescape")
            )
        return self._client

    async def _open(self, path: str) -> asyncssh.SFTPClientFile:
        client = await self._ready()
        return await self._within(client.open(path, "rb"))

    async def _walk(self) -> list[Item]:
        client = await self._ready()
        found, folders = [], [""]
        clock, patience = asyncio.get_running_loop().time, self._settings.timeout_seconds
        while folders:
            below = folders.pop()
            async with asyncio.timeout(patience) as limit:
                async for entry in client.scandir(f"{self._settings.folder}/{below}"):
                    limit.reschedule(clock() + patience)
                    name, mode = str(entry.filename), entry.attrs.permissions or 0
                    if name in (".", ".."):
                        continue
                    if is_unsafe_name(name) or "/" in name:
                        # Named by whoever lists, if only not looked into.
                        found.append(Item(f"{below}{name}", 0, 0, "other"))
                    elif name.startswith("."):
                        continue
                    elif stat.S_ISDIR(mode):
                        folders.append(f"{below}{name}/")
                    else:
                        found.append(_item(f"{below}{name}", entry.attrs))
        return found

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        """Turn the errors of the library into ours; their texts are not shown."""
        settings = self._settings
        where = f"SFTP 服务器 {settings.host}:{settings.port}"
        try:
            yield
        except asyncssh.HostKeyNotVerifiable:
            raise SourceError(
                f"{where} 的主机密钥不在 {settings.known_hosts} 中，或已改变，没有连接："
                "请向服务器管理员核对新密钥后，再更新这个文件。"
            ) from None
        except asyncssh.PermissionDenied:
            raise SourceError(
                f"{where} 拒绝 {settings.user} 登录：请核对 [source] 的 user 和环境变量 "
                f"{SFTP_PASSWORD} 或 {SFTP_KEY_FILE}。"
            ) from None
        except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
            raise SourceError(
                f"私钥文件读不出来：请核对环境变量 {SFTP_KEY_FILE} 和 {SFTP_PASSPHRASE}。"
            ) from None
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            raise SourceError(f"{where} 上没有{what}：请核对 [source] 的 folder。") from None
        except asyncssh.SFTPPermissionDenied:
            raise SourceError(f"{where} 不允许读取{what}：请在服务器上开放读取权限。") from None
        except (OSError, TimeoutError, asyncssh.Error):
            raise Interrupted(where) from None


def _known_hosts(path: Path) -> asyncssh.SSHKnownHosts:
    try:
        return asyncssh.read_known_hosts(str(path))
    except (OSError, ValueError):
        raise SourceError(
            f"主机密钥文件 {path} 不存在或读不出来：请核对 [source] 的 known_hosts。"
        ) from None


def _item(path: str, attributes: asyncssh.SFTPAttrs) -> Item:
    mode, when = attributes.permissions or 0, _nanoseconds(attributes)
    if stat.S_ISLNK(mode):
        return Item(path, 0, when, "outside")
    return Item(path, attributes.size or 0, when, "file" if stat.S_ISREG(mode) else "other")


def _nanoseconds(attributes: asyncssh.SFTPAttrs) -> int:
    return (attributes.mtime or 0) * 10**9 + (attributes.mtime_ns or 0)
