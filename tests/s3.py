"""Serve moto's S3 alone: `python -m tests.s3 HOST PORT`.

Belongs here: doing so without what `python -m moto.server` does around it. That looks up for every
request which of all services of AWS is meant, in the file system, and prints a line: half of what
an answer costs, and a store on another machine costs a worker nothing.
"""

import sys
from collections.abc import Callable, Iterable
from urllib.parse import parse_qs

from moto.moto_server.threaded_moto_server import MotoRequestHandler
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import run_simple


class Silent(MotoRequestHandler):
    """Requests are not told."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def with_header(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """moto looks for the key of a signed address only where that of other requests stands."""

    def answer(environ: dict[str, str], start: object) -> Iterable[bytes]:
        signed = parse_qs(environ["QUERY_STRING"])
        if "X-Amz-Signature" in signed:
            parts = {name: signed[f"X-Amz-{name}"][0] for name in ("Credential", "SignedHeaders")}
            header = ", ".join(f"{name}={part}" for name, part in parts.items())
            signature = signed["X-Amz-Signature"][0]
            environ["HTTP_AUTHORIZATION"] = f"AWS4-HMAC-SHA256 {header}, Signature={signature}"
        return app(environ, start)

    return answer


if __name__ == "__main__":
    run_simple(
        sys.argv[1],
        int(sys.argv[2]),
        with_header(create_backend_app("s3")),
        threaded=True,
        request_handler=Silent,
    )
