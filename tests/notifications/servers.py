"""A mail and a web server on loopback that keep what they were sent, and misbehave if asked."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller

OWNER = "owner@example.cn"


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Mail:
    """A mail server.

    Attributes:
        port: where it listens.
        got: messages in order.
        answer: None to take a message, otherwise what to say instead.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.got: list[EmailMessage] = []
        self.answer: str | None = None

    @property
    def url(self) -> str:
        """Its address as an operator would write it."""
        to = "a@example.cn,b@example.cn"
        return f"mailto://127.0.0.1:{self.port}?mode=insecure&from={OWNER}&to={to}&rto=2&cto=2"

    async def handle_DATA(self, server, session, envelope):
        if self.answer:
            return self.answer
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Mail]:
    """A mail server that takes what comes."""
    mail = Mail(free_port())
    controller = Controller(mail, hostname="127.0.0.1", port=mail.port)
    controller.start()
    try:
        yield mail
    finally:
        controller.stop()


class Web:
    """A web server.

    Attributes:
        port: where it listens.
        got: bodies in order, read as JSON.
        asked: paths with their queries, in order.
        status: what it answers with.
        reply: body of its answer.
        silent: it takes the request and never answers.
        trickles: it answers with one byte at a time, without end.
    """

    def __init__(self) -> None:
        self.got: list[Any] = []
        self.asked: list[str] = []
        self.status = 200
        self.reply = b"{}"
        self.silent = self.trickles = False
        self.over = Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                web.asked.append(self.path)
                web.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                if web.silent:
                    web.over.wait()
                elif web.trickles:
                    while not web.over.wait(0.05):
                        self.wfile.write(b"H")
                else:
                    self.send_response(web.status)
                    self.send_header("Content-Length", str(len(web.reply)))
                    self.end_headers()
                    self.wfile.write(web.reply)

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @property
    def url(self) -> str:
        """Its address as an operator would write it."""
        return f"json://user:s3cret@127.0.0.1:{self.port}/hook?rto=2&cto=2"


@contextmanager
def web_server() -> Iterator[Web]:
    """A web server that takes what comes."""
    web = Web()
    Thread(target=web.server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield web
    finally:
        web.over.set()
        web.server.shutdown()
        web.server.server_close()
