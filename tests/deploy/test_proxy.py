"""deploy/nginx in front of the web servers as their units start them: who may see and do what."""

import json
import os
import shlex
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.deploy.test_units import DEPLOY, PROGRAM, ROOT, ran, tool, unit
from tests.servers import free_port, listens

pytestmark = pytest.mark.proof


@contextmanager
def process(words: list[str], port: int, folder: Path, **environment: str) -> Iterator[None]:
    """A server of the test, until the end of the block."""
    with (folder / f"{port}.log").open("wb") as log:
        started = subprocess.Popen(
            words, cwd=folder, env=os.environ | environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        end = time.monotonic() + 180
        while not listens(port):
            said = (folder / f"{port}.log").read_text(errors="replace")
            assert started.poll() is None, said
            assert time.monotonic() < end, said
            time.sleep(0.1)
        yield
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            started.wait(timeout=3)
        # Dagster's code servers outlive a web server.
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


class Installation:
    """The proxy with both web servers behind it."""

    def __init__(self, port: int, certificate: Path) -> None:
        self.port = port
        self._trust = ssl.create_default_context(cafile=str(certificate))

    def ask(
        self, path: str, user: str = "", data: object = None, **headers: str
    ) -> tuple[int, str]:
        """Status and text of an answer."""
        request = urllib.request.Request(f"https://localhost:{self.port}{path}", headers=headers)
        if user:
            login = b64encode(f"{user}:geheim".encode()).decode()
            request.add_header("Authorization", f"Basic {login}")
        if data is not None:
            request.data = json.dumps(data).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, context=self._trust, timeout=120) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


@pytest.fixture(scope="module")
def proxy(tmp_path_factory) -> Iterator[Installation]:
    """nginx as configured, in front of the web servers as their units start them."""
    nginx, openssl = tool("nginx", "nginx"), tool("openssl", "openssl")
    folder = tmp_path_factory.mktemp("proxy")
    (folder / "landing").mkdir()
    (folder / "tls").mkdir()
    ran(
        *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
        *(
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
        ),
        *("-keyout", folder / "tls/hotline.key", "-out", folder / "tls/hotline.crt"),
    )
    for name in ("operators", "viewers"):
        password = ran(openssl, "passwd", "-6", "geheim").stdout
        (folder / f"{name}.htpasswd").write_text(f"{name[:-1]}:{password}")
    ports = {each: free_port() for each in ("3000", "3001", "443", "80")} | {"4266": 4266}
    environment = {
        "HOTLINE_CONFIG": str(folder / "hotline.toml"),
        "HOTLINE_CODE_SERVER": "127.0.0.1",
        "DAGSTER_HOME": str(folder / "home"),
    }
    (folder / "hotline.toml").write_text("")
    hotline = [str(Path(sys.executable).parent / "hotline"), "home"]
    subprocess.run(hotline, env=os.environ | environment, check=True, capture_output=True)

    text = (DEPLOY / "nginx/hotline.conf").read_text()
    upstreams = (DEPLOY / "nginx/upstreams.conf").read_text()
    for old, new in (
        ("/etc/hotline", str(folder)),
        ("/var/log/hotline", str(folder)),
        ("listen 443", f"listen 127.0.0.1:{ports['443']}"),
        ("listen 80", f"listen 127.0.0.1:{ports['80']}"),
    ):
        assert old in text
        text = text.replace(old, new)
    for each in ("3000", "3001"):
        upstreams = upstreams.replace(f"127.0.0.1:{each}", f"127.0.0.1:{ports[each]}")
    temporary = "".join(
        f"{each}_temp_path {folder}/{each};"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    own = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{own} pid {folder}/nginx.pid; error_log {folder}/main.log; daemon off; events {{}}\n"
        f"http {{ access_log off; {temporary}\n{upstreams}\n{text}\n}}\n"
    )
    checked = ran(nginx, "-t", "-c", folder / "nginx.conf")
    assert checked.returncode == 0, checked.stderr

    with ExitStack() as servers:
        for name, port in (("code", "4266"), ("webserver", "3000"), ("viewer", "3001")):
            command = unit(f"hotline-{name}.service")["ExecStart"]
            command = command.replace(f"-p {port}", f"-p {ports[port]}")
            command = command.replace(f"{PROGRAM}/.venv/bin", str(Path(sys.executable).parent))
            words = shlex.split(command.replace(PROGRAM, str(ROOT)))
            servers.enter_context(process(words, ports[port], folder, **environment))
        words = [nginx, "-c", str(folder / "nginx.conf")]
        servers.enter_context(process(words, ports["443"], folder))
        yield Installation(ports["443"], folder / "tls/hotline.crt")


RELOAD = {"query": "mutation { reloadWorkspace { __typename } }"}
VERSION = {"query": "{ version }"}


def test_nobody_enters_without_a_password(proxy):
    for path in ("/", "/viewer/", "/server_info", "/viewer/server_info"):
        assert proxy.ask(path)[0] == 401, path
    assert proxy.ask("/graphql", data=VERSION)[0] == 401
    assert proxy.ask("/viewer/graphql", data=VERSION)[0] == 401
    # A viewer is none of the operators, nor the other way round.
    assert proxy.ask("/", "viewer")[0] == 401
    assert proxy.ask("/viewer/", "operator")[0] == 401


def test_operators_see_and_change(proxy):
    status, page = proxy.ask("/", "operator", Accept="text/html")
    assert (status, "dagster" in page.lower()) == (200, True)
    assert '"version"' in proxy.ask("/graphql", "operator", VERSION)[1]
    done = json.loads(proxy.ask("/graphql", "operator", RELOAD)[1])
    assert done["data"]["reloadWorkspace"]["__typename"] == "Workspace"


def test_viewers_see_and_change_nothing(proxy):
    status, page = proxy.ask("/viewer/", "viewer", Accept="text/html")
    assert (status, "/viewer/" in page) == (200, True)
    assert '"version"' in proxy.ask("/viewer/graphql", "viewer", VERSION)[1]
    done = json.loads(proxy.ask("/viewer/graphql", "viewer", RELOAD)[1])
    assert done["data"]["reloadWorkspace"]["__typename"] == "UnauthorizedError"


def test_a_page_of_another_site_cannot_act_for_an_operator(proxy):
    here = f"https://localhost:{proxy.port}"
    assert proxy.ask("/graphql", "operator", RELOAD, Origin=here)[0] == 200
    assert proxy.ask("/graphql", "operator", RELOAD, Origin="https://evil.example")[0] == 403
    assert proxy.ask("/graphql", "operator", RELOAD, Origin="null")[0] == 403
    assert proxy.ask("/graphql?query=mutation{reloadWorkspace{__typename}}", "operator")[0] == 405
