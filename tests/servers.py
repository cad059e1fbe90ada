"""Real servers for tests, each on a free port of the loopback, each stopped and removed at the end.

Where a program is not installed the test is skipped and says which package it lacks; `.ci/run`
installs them all. Servers of the system run as `nobody` where the tests run as root, so that
nothing depends on being root.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

HOST = "127.0.0.1"
SECRET = "loopback-secret-7f3a"
_PATIENCE = 60.0
_UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        port: of the loopback.
        user: who may log in.
        password: of the user.
        folder: what it keeps.
        process: itself.
    """

    port: int
    user: str
    password: str
    folder: Path
    process: "subprocess.Popen[bytes]"

    @property
    def http(self) -> str:
        """Its address, of an object store."""
        return f"http://{HOST}:{self.port}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody listens on a port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def program(name: str, package: str, *folders: str) -> str:
    """Path of a program; the test is skipped where it is not installed."""
    for folder in folders:
        if found := sorted(Path("/").glob(f"{folder}/{name}")):
            return str(found[-1])
    if in_path := shutil.which(name):
        return in_path
    return pytest.skip(f"{name} is not installed (apt package {package})")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that belongs to whoever the servers run as."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-server-"))
    try:
        give(folder)
        yield folder
    finally:
        shutil.rmtree(folder)


def give(path: Path) -> None:
    """Let a file or folder belong to whoever the servers run as."""
    if os.getuid() == 0:
        shutil.chown(path, _UNPRIVILEGED)


def _as(user: str | None, folder: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"cwd": folder, "env": {**os.environ, "HOME": str(folder)}}
    if user and os.getuid() == 0:
        options |= {"user": user, "group": "nogroup", "extra_groups": []}
    return options


def prepare(*command: str, folder: Path) -> None:
    """Run a command as whoever the servers run as."""
    done = subprocess.run(
        command, **_as(_UNPRIVILEGED, folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running(
    command: list[str],
    folder: Path,
    *,
    ready: Callable[[], bool],
    user: str | None = _UNPRIVILEGED,
    stop: signal.Signals = signal.SIGTERM,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is ready, until the end of the block."""
    log = folder / "server.log"
    with log.open("wb") as output:
        how = _as(user, folder)
        how["env"] |= settings
        process = subprocess.Popen(
            command, **how, stdout=output, stderr=output, start_new_session=True
        )
    try:
        until = time.monotonic() + _PATIENCE
        while not ready():
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def postgres() -> Iterator[Server]:
    """A PostgreSQL server with a database `postgres`; the user is its superuser."""
    where = "usr/lib/postgresql/*/bin"
    initdb, server, is_ready = (
        program(name, "postgresql", where) for name in ("initdb", "postgres", "pg_isready")
    )
    with scratch() as folder:
        (folder / "password").write_text(SECRET)
        give(folder / "password")
        data, port = str(folder / "data"), free_port()
        login = ["-U", "hotline", "-A", "scram-sha-256", "--pwfile", str(folder / "password")]
        prepare(initdb, "-D", data, "-E", "UTF8", "--locale=C", "--no-sync", *login, folder=folder)
        command = [server, "-D", data, "-p", str(port)]
        for setting in (
            f"listen_addresses={HOST}",
            "unix_socket_directories=",
            "fsync=off",
            "shared_buffers=16MB",
        ):
            command += ["-c", setting]

        def ready() -> bool:
            asked = [is_ready, "-q", "-h", HOST, "-p", str(port)]
            return subprocess.run(asked, check=False).returncode == 0

        # SIGINT does not wait for clients that are still connected.
        with running(command, folder, ready=ready, stop=signal.SIGINT) as process:
            yield Server(port, "hotline", SECRET, folder, process)


@contextmanager
def mysql() -> Iterator[Server]:
    """A MariaDB server with a database `test`; the user may do everything."""
    server = program("mariadbd", "mariadb-server", "usr/sbin")
    install = program("mariadb-install-db", "mariadb-server", "usr/bin")
    with scratch() as folder:
        data, port = str(folder / "data"), free_port()
        login = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        prepare(install, "--no-defaults", f"--datadir={data}", *login, folder=folder)
        (folder / "init.sql").write_text(
            "CREATE DATABASE test CHARACTER SET utf8mb4;\n"
            f"CREATE USER hotline@'{HOST}' IDENTIFIED BY '{SECRET}';\n"
            f"GRANT ALL ON *.* TO hotline@'{HOST}';\n"
        )
        give(folder / "init.sql")
        command = [
            server, "--no-defaults", f"--datadir={data}", f"--port={port}",
            f"--bind-address={HOST}", f"--socket={folder}/socket", "--skip-name-resolve",
            "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=16M",
            f"--init-file={folder}/init.sql",
        ]  # fmt: skip
        with running(command, folder, ready=lambda: listens(port)) as process:
            yield Server(port, "hotline", SECRET, folder, process)


@contextmanager
def s3_server(*, strict: bool = False, page: int = 1000) -> Iterator[Server]:
    """An S3 server (moto); it takes any key, or none where it is strict.

    Args:
        strict: whether no key is known.
        page: how many objects it lists at a time.
    """
    pytest.importorskip("moto", reason="moto is not installed (extra dev)")
    with scratch() as folder:
        port = free_port()
        command = [sys.executable, "-m", "tests.s3", HOST, str(port)]
        # The interpreter may lie where another user cannot look.
        settings = {"PYTHONPATH": str(Path(__file__).parents[1])}
        settings["MOTO_S3_DEFAULT_MAX_KEYS"] = str(page)
        if strict:
            settings["INITIAL_NO_AUTH_ACTION_COUNT"] = "0"
        with running(
            command, folder, ready=lambda: listens(port), user=None, settings=settings
        ) as process:
            yield Server(port, "hotline", SECRET, folder, process)


@dataclass(frozen=True)
class SshServer(Server):
    """An SSH server that gives its user files below a folder.

    Attributes:
        files: the folder, as the server names it.
        key: private key of the user.
        known_hosts: file with the key of the server.
    """

    files: Path
    key: Path
    known_hosts: Path


def make_key(path: Path, passphrase: str = "") -> Path:
    """Make a private key; its public one lies beside it."""
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", str(path)]
    subprocess.run(command, check=True)
    return path


@contextmanager
def sftp_server(port: int | None = None, host_key: Path | None = None) -> Iterator[SshServer]:
    """OpenSSH with SFTP and nothing else, for one user with a key.

    Args:
        port: of the loopback; a free one unless given.
        host_key: the server's key; a new one unless given.
    """
    server = program("sshd", "openssh-server", "usr/sbin")
    with scratch() as folder:
        files, own = folder / "files", port or free_port()
        files.mkdir()
        key = make_key(folder / "user_key")
        host_key = (
            shutil.copy(host_key, folder / "host_key")
            if host_key
            else make_key(folder / "host_key")
        )
        public = subprocess.run(
            ["ssh-keygen", "-y", "-f", str(host_key)], check=True, capture_output=True, text=True
        ).stdout
        (folder / "known_hosts").write_text(f"[{HOST}]:{own} {public}")
        (folder / "sshd_config").write_text(
            f"ListenAddress {HOST}:{own}\n"
            f"HostKey {host_key}\n"
            f"AuthorizedKeysFile {folder}/user_key.pub\n"
            "StrictModes no\nUsePAM yes\nPasswordAuthentication no\nPidFile none\n"
            "Subsystem sftp internal-sftp\nForceCommand internal-sftp\n"
        )
        for path in (folder / "host_key", folder / "user_key.pub"):
            give(path)
        command = [server, "-D", "-e", "-f", str(folder / "sshd_config")]
        with running(command, folder, ready=lambda: listens(own)) as process:
            user = _UNPRIVILEGED if os.getuid() == 0 else getpass.getuser()
            known = folder / "known_hosts"
            yield SshServer(own, user, "", folder, process, files, key, known)


class Wire:
    """A port that leads to another one and can be cut.

    Attributes:
        port: of the loopback.
        connections: how many there were.
        answered: bytes that came back.
    """

    def __init__(self, target: int) -> None:
        self.connections = 0
        self.answered = 0
        self._target = target
        self._limit = self._times = 0
        self._socket = socket.create_server((HOST, 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, after: int, *, times: int) -> None:
        """Cut the next connections whose answers are longer; after 0 bytes, refuse them."""
        self._limit, self._times = after, times

    def close(self) -> None:
        """Accept nobody any more."""
        # Without it the thread that waits in `accept` would keep the port.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            if self._times and not self._limit:
                self._times -= 1
                near.close()
                continue
            far = socket.create_connection((HOST, self._target))
            threading.Thread(target=self._ask, args=(near, far), daemon=True).start()
            threading.Thread(target=self._answer, args=(far, near), daemon=True).start()

    def _ask(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while data := near.recv(65536):
                far.sendall(data)
        _hang_up(near, far)

    def _answer(self, far: socket.socket, near: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while data := far.recv(65536):
                passed += len(data)
                self.answered += len(data)
                if self._times and passed > self._limit:
                    self._times -= 1
                    break
                near.sendall(data)
        _hang_up(near, far)


def _hang_up(*ends: socket.socket) -> None:
    for each in ends:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def wire(target: int) -> Iterator[Wire]:
    """A wire to a port, until the end of the block."""
    made = Wire(target)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def redis() -> Iterator[Server]:
    """A Redis server, which keeps nothing on the disk."""
    server = program("redis-server", "redis-server")
    with scratch() as folder:
        port = free_port()
        command = [server, "--port", str(port), "--bind", HOST, "--requirepass", SECRET]
        command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        with running(command, folder, ready=lambda: listens(port)) as process:
            yield Server(port, "", SECRET, folder, process)
