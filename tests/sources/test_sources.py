"""Exports from an SFTP server and an object store: real ones, and what goes wrong with them."""

import asyncio
import itertools
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import asyncssh
import boto3
import pytest

from assets.exports.deliveries import catalogue
from assets.exports.discover import list_exports
from assets.exports.stage import ingest_dataset, pending_exports
from assets.installation.installation import Installation
from assets.sources.s3 import S3
from assets.sources.settings import FolderSettings, S3Settings, SftpSettings
from assets.sources.sftp import Sftp
from assets.sources.source import Interrupted, Item, SourceError, printable
from assets.sync.rebuild import forget_computed
from tests.driver import (
    bring_up_to_date,
    change,
    deliver,
    digests,
    make_installation,
    set_profile,
    take_all,
)
from tests.samples import csv_text, row
from tests.servers import (
    HOST,
    SECRET,
    Server,
    SshServer,
    free_port,
    make_key,
    s3_server,
    sftp_server,
    wire,
)

NUMBERS = itertools.count()
FILES: dict[str, bytes] = {
    "calls_20230105.csv": csv_text("calls", [row("calls"), row("calls", call_id="2")]).encode(),
    "2023/tickets_20230105.csv": csv_text("tickets", [row("tickets")]).encode("gb18030"),
    "2023/staff_202301.csv": csv_text("staff", [row("staff")]).encode(),
}
LARGE = csv_text("calls", [row("calls", call_id=str(each)) for each in range(30_000)]).encode()


@dataclass
class Remote:
    """A kind of source and how files get there.

    Attributes:
        kind: its name.
        port: of the server.
        settings: of a profile, for a port.
        put: puts a file there.
    """

    kind: str
    port: int
    settings: Callable[..., Any]
    put: Callable[[str, bytes], None]


@pytest.fixture(scope="module")
def ssh() -> Iterator[SshServer]:
    with sftp_server() as server:
        yield server


@pytest.fixture(scope="module")
def store() -> Iterator[Server]:
    with s3_server() as server:
        yield server


def known_as(ssh: SshServer, port: int) -> Path:
    """A file of host keys that knows the server under another port."""
    path = ssh.folder / f"known_hosts_{port}"
    path.write_text(ssh.known_hosts.read_text().replace(f"]:{ssh.port} ", f"]:{port} "))
    return path


@pytest.fixture
def sftp(ssh, monkeypatch) -> Iterator[Remote]:
    monkeypatch.setenv("HOTLINE_SFTP_KEY_FILE", str(ssh.key))

    def settings(port: int = ssh.port, **changes: Any) -> SftpSettings:
        known = known_as(ssh, port)
        own = {"host": HOST, "port": port, "user": ssh.user, "folder": str(ssh.files)}
        return SftpSettings(
            **{"kind": "sftp", "known_hosts": known, "retry_seconds": 0, **own, **changes}
        )

    def put(name: str, content: bytes) -> None:
        path = ssh.files / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    yield Remote("sftp", ssh.port, settings, put)
    shutil.rmtree(ssh.files)
    ssh.files.mkdir()


def new_bucket(server: Server) -> Any:
    """An empty bucket, by a client that passes every key on as it is."""
    bucket = boto3.resource(
        "s3",
        endpoint_url=server.http,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key=SECRET,
    ).Bucket(f"exports-{next(NUMBERS)}")
    bucket.create()
    return bucket


@pytest.fixture
def s3(store, monkeypatch) -> Remote:
    monkeypatch.setenv("HOTLINE_S3_KEY", "test")
    monkeypatch.setenv("HOTLINE_S3_SECRET", SECRET)
    bucket = new_bucket(store)
    bucket.put_object(Key="elsewhere/calls_20230109.csv", Body=b"x")

    def settings(port: int = store.port, **changes: Any) -> S3Settings:
        own = {"endpoint": f"http://{HOST}:{port}", "bucket": bucket.name, "prefix": "in"}
        return S3Settings(**{"kind": "s3", "retry_seconds": 0, **own, **changes})

    def put(name: str, content: bytes) -> None:
        bucket.put_object(Key=f"in/{name}", Body=content)

    return Remote("s3", store.port, settings, put)


@pytest.fixture(params=["sftp", "s3"])
def remote(request) -> Remote:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def in_a_folder(tmp_path_factory) -> dict[str, str]:
    """What the same files come to in a folder."""
    installation = installation_of(tmp_path_factory.mktemp("folder"), FolderSettings())
    for name, content in FILES.items():
        deliver(installation, name, content)
    bring_up_to_date(installation)
    return digests(installation)


def installation_of(folder: Path, settings: Any, **profile: Any) -> Installation:
    """An installation whose exports come from there."""
    installation = make_installation(folder)
    datasets = {name: installation.profile.datasets[name] for name in ("calls", "tickets", "staff")}
    set_profile(installation, source=settings, datasets=datasets, **profile)
    return installation


def archived(installation: Installation) -> list[str]:
    """Names of all files in the archive, temporary ones too."""
    return sorted(each.name for each in installation.warehouse.archive.rglob("*") if each.is_file())


def every_day(_: date) -> bool:
    return True


# --- what comes out ---------------------------------------------------------------------------


def test_the_same_files_give_the_same_facts_as_in_a_folder(remote, tmp_path, in_a_folder):
    installation = installation_of(tmp_path / "site", remote.settings())
    for name, content in FILES.items():
        remote.put(name, content)
    release = bring_up_to_date(installation)
    assert digests(installation) == in_a_folder
    assert pending_exports(installation).count() == 0
    # The archive is enough: where the files came from is asked no more.
    set_profile(installation, source=remote.settings(free_port(), attempts=1))
    forget_computed(installation.warehouse)
    change(installation, stand_in=make_installation(tmp_path / "empty").landing)
    assert bring_up_to_date(installation).id == release.id


def test_what_is_there_is_listed_and_what_is_hidden_or_unfinished_is_not_taken(remote, tmp_path):
    for name in (
        "calls_20230105.csv",
        ".calls_20230106.csv",
        ".old/calls_20230107.csv",
        "calls_20230108.csv.part",
        "deep/er/calls_20230110.csv",
        "notes.txt",
    ):
        remote.put(name, b"x")
    landing = list_exports(installation_of(tmp_path / "site", remote.settings()))
    assert [each.path for each in landing.files] == [
        "calls_20230105.csv",
        "deep/er/calls_20230110.csv",
    ]
    assert landing.waiting == ("calls_20230108.csv.part",)
    assert landing.unknown == ("notes.txt",)


# --- broken off -------------------------------------------------------------------------------


def test_a_transfer_that_breaks_off_leaves_nothing_half_and_the_next_run_heals(remote, tmp_path):
    remote.put("calls_20230105.csv", FILES["calls_20230105.csv"])
    remote.put("calls_20230106.csv", LARGE)
    with wire(remote.port) as line:
        installation = installation_of(tmp_path / "site", remote.settings(line.port, attempts=1))
        line.cut(1_000_000, times=1)
        taken = ingest_dataset(installation, "calls", every_day)
        assert isinstance(taken.broken, Interrupted)
        assert taken.outcomes["path"].to_list() == ["calls_20230105.csv"]
        assert len(archived(installation)) == 2  # the file that came through, and the catalogue
        assert ingest_dataset(installation, "calls", every_day).broken is None
    assert len(catalogue(installation.warehouse, "calls")) == 2


def test_a_transfer_that_breaks_off_once_is_tried_again(remote, tmp_path):
    remote.put("calls_20230106.csv", LARGE)
    with wire(remote.port) as line:
        installation = installation_of(tmp_path / "site", remote.settings(line.port, attempts=2))
        line.cut(1_000_000, times=1)
        assert ingest_dataset(installation, "calls", every_day).broken is None
    (only,) = catalogue(installation.warehouse, "calls")
    assert installation.warehouse.archived(only.sha256).read_bytes() == LARGE


def test_a_server_that_is_gone_is_tried_as_often_as_is_set_and_the_archive_works_on(
    remote, tmp_path
):
    remote.put("calls_20230105.csv", FILES["calls_20230105.csv"])
    with wire(remote.port) as line:
        installation = installation_of(tmp_path / "site", remote.settings(line.port, attempts=3))
        take_all(installation)
        line.cut(0, times=9)
        before = line.connections
        found = pending_exports(installation)
        assert line.connections - before == 3
    assert "请检查网络和服务器" in found.unreachable
    assert str(line.port) in found.unreachable
    assert found.count() == 0


# --- one file, or one name, that is not to be had -----------------------------------------------


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(remote, tmp_path, monkeypatch):
    remote.put("calls_20230106.csv", LARGE)
    installation = installation_of(tmp_path / "site", remote.settings())
    kind = Sftp if remote.kind == "sftp" else S3
    fetch = kind.fetch

    def fetch_growing(source: Any, item: Item, receive: Any) -> Any:
        if remote.kind == "s3":  # an answer of a store is one version, but maybe another one
            remote.put("calls_20230106.csv", LARGE + b"\n")

        def grown(chunks: Iterator[bytes]) -> Iterator[bytes]:
            yield next(chunks)
            remote.put("calls_20230106.csv", LARGE + b"\n")
            yield from chunks

        return fetch(source, item, lambda chunks: receive(grown(chunks)))

    with monkeypatch.context() as patch:
        patch.setattr(kind, "fetch", fetch_growing)
        taken = ingest_dataset(installation, "calls", every_day)
    assert (taken.broken, taken.outcomes.height) == (None, 0)
    assert archived(installation) == ["calls.parquet"]
    assert ingest_dataset(installation, "calls", every_day).outcomes["read"].to_list() == [30_000]


def test_a_file_over_the_limit_is_not_transferred(remote, tmp_path):
    remote.put("calls_20230106.csv", LARGE)
    with wire(remote.port) as line:
        settings = remote.settings(line.port)
        installation = installation_of(tmp_path / "site", settings, max_file_bytes=len(LARGE) - 1)
        taken = ingest_dataset(installation, "calls", every_day)
        assert taken.outcomes["rule"].to_list() == ["too_large"]
        assert line.answered < len(LARGE)
        set_profile(installation, max_file_bytes=len(LARGE), source=settings)
        assert ingest_dataset(installation, "calls", every_day).outcomes["rule"].to_list() == [""]


@pytest.mark.parametrize(
    "name",
    [
        "../calls_20230105.csv",
        "/etc/calls_20230105.csv",
        "a//calls_20230105.csv",
        "calls_20230105\x1b[31m.csv",
        "calls_20230105_\u202etxt.csv",
    ],
)
def test_a_name_that_leads_elsewhere_or_misleads_is_named_and_not_opened(s3, tmp_path, name):
    s3.put(name, FILES["calls_20230105.csv"])
    s3.put("calls_20230106.csv", FILES["calls_20230105.csv"])
    landing = list_exports(installation_of(tmp_path / "site", s3.settings()))
    assert [each.path for each in landing.files] == ["calls_20230106.csv"]
    (shown,) = landing.unknown
    assert shown == printable(name)
    assert shown.isprintable()


def test_names_of_an_ssh_server(sftp, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(FILES["calls_20230105.csv"])
    sftp.put("calls_20230104.csv", FILES["calls_20230105.csv"])
    sftp.put("calls_20230105\x1b[31m.csv", b"x")
    sftp.put("bad\nfolder/calls_20230105.csv", b"x")
    folder = Path(sftp.settings().folder)
    (folder / "calls_20230106.csv").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)
    (Path(os.fsdecode(os.fsencode(folder) + b"/calls_20230107\xb8\xfc.csv"))).write_bytes(b"x")
    landing = list_exports(installation_of(tmp_path / "site", sftp.settings()))
    assert [each.path for each in landing.files] == ["calls_20230104.csv"]
    assert [each.path for each in landing.outside] == ["calls_20230106.csv"]
    assert set(landing.unknown) == {
        "calls_20230105\ufffd[31m.csv",
        "bad\ufffdfolder",
        "linked",
        "calls_20230107更.csv",
    }


# --- refused at once ----------------------------------------------------------------------------


def refused(installation: Installation) -> str:
    """The sentence of a source that cannot be had, whatever is tried."""
    with pytest.raises(SourceError) as caught:
        list_exports(installation)
    assert not isinstance(caught.value, Interrupted)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_an_unknown_host_key_is_refused_and_not_added(sftp, ssh, tmp_path):
    known = tmp_path / "known_hosts"
    known.write_text("")
    installation = installation_of(tmp_path / "site", sftp.settings(known_hosts=known))
    assert "主机密钥不在" in refused(installation)
    assert known.read_text() == ""


def test_a_changed_host_key_is_refused(sftp, ssh, tmp_path):
    other = make_key(tmp_path / "other").with_suffix(".pub").read_text()
    known = tmp_path / "known_hosts"
    known.write_text(f"[{HOST}]:{ssh.port} {other}")
    assert "已改变" in refused(installation_of(tmp_path / "site", sftp.settings(known_hosts=known)))


def test_a_file_of_host_keys_that_is_not_there(sftp, tmp_path):
    installation = installation_of(
        tmp_path / "site", sftp.settings(known_hosts=tmp_path / "nothing")
    )
    assert "known_hosts" in refused(installation)


def test_a_key_that_the_server_does_not_know(sftp, tmp_path, monkeypatch):
    monkeypatch.setenv("HOTLINE_SFTP_KEY_FILE", str(make_key(tmp_path / "other")))
    with wire(sftp.port) as line:
        installation = installation_of(tmp_path / "site", sftp.settings(line.port))
        assert "拒绝" in refused(installation)
        assert line.connections == 1


def test_a_key_with_a_passphrase(sftp, ssh, tmp_path, monkeypatch):
    key = Path(shutil.copy(ssh.key, tmp_path / "key"))
    command = ["ssh-keygen", "-q", "-p", "-N", SECRET, "-f", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("HOTLINE_SFTP_KEY_FILE", str(key))
    installation = installation_of(tmp_path / "site", sftp.settings())
    assert "HOTLINE_SFTP_PASSPHRASE" in refused(installation)
    monkeypatch.setenv("HOTLINE_SFTP_PASSPHRASE", SECRET)
    assert list_exports(installation).files == ()
    key.chmod(0o644)
    assert "chmod 600" in refused(installation)
    key.unlink()
    assert "找不到私钥文件" in refused(installation)


@pytest.fixture
def by_password(tmp_path) -> Iterator[SftpSettings]:
    """A server that asks for a password, which OpenSSH does only as root: asyncssh's own."""
    key = asyncssh.generate_private_key("ssh-ed25519")

    class Asking(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("me", SECRET)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def serve() -> asyncssh.SSHAcceptor:
        return await asyncssh.create_server(
            Asking, HOST, 0, server_host_keys=[key], sftp_factory=True
        )

    server = asyncio.run_coroutine_threadsafe(serve(), loop).result()
    port = server.sockets[0].getsockname()[1]
    known = tmp_path / "known"
    known.write_text(f"[{HOST}]:{port} {key.export_public_key().decode()}")
    (tmp_path / "files").mkdir()
    yield SftpSettings(
        kind="sftp",
        host=HOST,
        port=port,
        user="me",
        folder=str(tmp_path / "files"),
        known_hosts=known,
    )
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def test_a_password(by_password, tmp_path, monkeypatch):
    (tmp_path / "files" / "calls_20230105.csv").write_bytes(FILES["calls_20230105.csv"])
    installation = installation_of(tmp_path / "site", by_password)
    monkeypatch.setenv("HOTLINE_SFTP_PASSWORD", SECRET)
    assert [each.path for each in list_exports(installation).files] == ["calls_20230105.csv"]
    monkeypatch.setenv("HOTLINE_SFTP_PASSWORD", "wrong")
    assert "HOTLINE_SFTP_PASSWORD" in refused(installation)


def test_a_folder_that_is_not_there(sftp, tmp_path):
    assert "folder" in refused(installation_of(tmp_path / "site", sftp.settings(folder="/nowhere")))


def test_a_list_of_several_pages_is_read_to_its_end(monkeypatch):
    monkeypatch.setenv("HOTLINE_S3_KEY", "test")
    monkeypatch.setenv("HOTLINE_S3_SECRET", SECRET)
    names = [f"话单 {number}+%20#?&=.csv" for number in range(7)]
    with s3_server(page=3) as server:
        bucket = new_bucket(server)
        for name in names:
            bucket.put_object(Key=f"目录/{name}", Body=b"x")
        settings = S3Settings(
            kind="s3", endpoint=server.http, bucket=bucket.name, prefix="目录", retry_seconds=0
        )
        source = S3(settings)
        items = source.items()
        assert [each.path for each in items] == names
        assert source.fetch(items[0], b"".join) == b"x"


def test_a_bucket_that_is_not_there(s3, tmp_path):
    assert "bucket" in refused(installation_of(tmp_path / "site", s3.settings(bucket="nothing")))


def test_a_store_that_does_not_know_the_key(s3, tmp_path, monkeypatch):
    with s3_server(strict=True) as server, wire(server.port) as line:
        installation = installation_of(tmp_path / "site", s3.settings(line.port))
        assert "HOTLINE_S3_SECRET" in refused(installation)
        assert line.connections == 1
    monkeypatch.delenv("HOTLINE_S3_SECRET")
    assert "没有设置环境变量 HOTLINE_S3_SECRET" in refused(installation)
