"""Several machines in one: a broker, a database, an object store, and workers with own folders.

Belongs here: starting them for tests and measurements. A machine is a process with a warehouse and
a Dagster home of its own; what they share is the landing folders and the three servers.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import obstore

from assets.sync import pull_release
from assets.sync.s3 import S3
from tests.servers import HOST, Server, postgres, redis, s3_server

BUCKET = "lake"
_PATIENCE = 300.0
_STORAGE = """\
telemetry:
  enabled: false
storage:
  postgres:
    postgres_db:
      hostname: {host}
      port: {port}
      username: {user}
      password: {{env: HOTLINE_POSTGRES_PASSWORD}}
      db_name: postgres
      scheme: postgresql+psycopg2
"""


def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something that takes as long as the machine is busy."""
    end = time.monotonic() + _PATIENCE
    while not done():
        assert time.monotonic() < end, f"waited in vain until {what}"
        time.sleep(0.05)


@dataclass(frozen=True)
class Cluster:
    """Machines that share the cities of an installation.

    Attributes:
        folder: holds hotline.toml, and a folder for each machine.
        environment: of every process.
        broker: the Redis server.
        database: the PostgreSQL server.
        store: the S3 server.
    """

    folder: Path
    environment: dict[str, str]
    broker: Server
    database: Server
    store: Server

    def configure(self, text: str, **cluster: object) -> None:
        """Write hotline.toml, with the object store below a name of its own."""
        shared = {"store": f"s3://{BUCKET}/shared", "endpoint": self.store.http, **cluster}
        lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in shared.items())
        (self.folder / "hotline.toml").write_text(f"{text}\n[cluster]\n{lines}\n", encoding="utf-8")

    def empty(self) -> None:
        """Forget everything that is in the object store."""
        bucket = obstore.store.S3Store(BUCKET, **self._login())
        for page in obstore.list(bucket):
            obstore.delete(bucket, [each["path"] for each in page])

    def _login(self) -> dict[str, object]:
        return {
            "endpoint": self.store.http,
            "region": "us-east-1",
            "access_key_id": self.store.user,
            "secret_access_key": self.store.password,
            "client_options": {"allow_http": True},
        }

    def machine(self, name: str) -> dict[str, str]:
        """Environment of a machine, with a folder for what it keeps."""
        home = self.folder / name / "dagster"
        home.mkdir(parents=True, exist_ok=True)
        (home / "dagster.yaml").write_text(self.environment["STORAGE"], encoding="utf-8")
        own = {"HOTLINE_WAREHOUSE": f"{name}/warehouse", "DAGSTER_HOME": str(home)}
        return self.environment | own

    def start(self, machine: str, *words: str) -> "subprocess.Popen[str]":
        """Start `hotline` on a machine."""
        return subprocess.Popen(
            [sys.executable, "-c", "from pipelines.cli import main; main()", *words],
            env=self.machine(machine),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hotline(
        self, machine: str, *words: str, patience: float = _PATIENCE
    ) -> tuple[int, str, str]:
        """Run `hotline` on a machine: status, output, errors."""
        process = self.start(machine, *words)
        try:
            out, err = process.communicate(timeout=patience)
        finally:
            process.kill()
            process.wait()
        return process.returncode, out, err

    @contextmanager
    def worker(self, name: str) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker that is ready, on a machine of its name."""
        environment = self.machine(name)
        folder = self.folder / name
        celery = [sys.executable, "-m", "celery", "-A", "pipelines.cluster.worker"]
        command = [*celery, "worker", "--concurrency", "1", "-n", f"{name}@{HOST}", "-l", "INFO"]
        with (folder / "worker.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--without-gossip", "--without-mingle"],
                env=environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            until(lambda: b" ready." in (folder / "worker.log").read_bytes(), f"{name} is ready")
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)

    def release(self, city: str) -> Path:
        """Read the current release of a city from the store, as a reader does."""
        os.environ["AWS_ACCESS_KEY_ID"] = self.store.user
        os.environ["AWS_SECRET_ACCESS_KEY"] = self.store.password
        store = S3(f"s3://{BUCKET}/shared/{city}", endpoint=self.store.http)
        root = self.folder / "reader" / city
        pull_release(store, root)
        return (root / "current").resolve(strict=True)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a worker with all that it started, as when its machine is switched off."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """The servers, and no worker yet."""
    with ExitStack() as stack:
        broker, database, store = (
            stack.enter_context(each()) for each in (redis, postgres, s3_server)
        )
        request = urllib.request.Request(f"{store.http}/{BUCKET}", method="PUT")
        urllib.request.urlopen(request).close()
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("HOTLINE", "DAGSTER"))}
        storage = _STORAGE.format(host=HOST, port=database.port, user=database.user)
        yield Cluster(
            folder,
            kept
            | {
                "STORAGE": storage,
                "HOTLINE_POSTGRES_PASSWORD": database.password,
                "HOTLINE_BROKER": f"redis://:{broker.password}@{HOST}:{broker.port}/0",
                "AWS_ACCESS_KEY_ID": store.user,
                "AWS_SECRET_ACCESS_KEY": store.password,
                "POLARS_MAX_THREADS": "1",
            },
            broker,
            database,
            store,
        )
