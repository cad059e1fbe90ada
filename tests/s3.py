"""Serve moto's S3 alone: `python -m tests.s3 HOST PORT`.

Belongs here: doing so without what `python -m moto.server` does around it. That looks up for every
request which of all services of AWS is meant, in the file system, and prints a line: half of what
an answer costs, and a store on another machine costs a worker nothing.
"""

import sys

from moto.moto_server.threaded_moto_server import MotoRequestHandler
from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.serving import run_simple


class Silent(MotoRequestHandler):
    """Requests are not told."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


if __name__ == "__main__":
    run_simple(
        sys.argv[1],
        int(sys.argv[2]),
        create_backend_app("s3"),
        threaded=True,
        request_handler=Silent,
    )
