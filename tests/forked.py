"""The `hotline` command, each time in a process of its own that begins where its imports end.

Belongs here: the process that has imported everything and forks one for each command. It never runs
a query itself: a fork of a process that has does not come back from Polars. A start costs two
seconds of imports otherwise, a hundred times in these tests.

As a script: reads a JSON line for each command, answers each with its exit status.
"""

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn


def _child(asked: dict[str, Any]) -> NoReturn:
    """Become the command: its folder, environment, streams, words."""
    from pipelines.cli import main

    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    for stream, path in (("stdout", asked["out"]), ("stderr", asked["err"])):
        os.dup2(os.open(path, os.O_WRONLY), getattr(sys, stream).fileno())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["hotline", *asked["words"]]
    status = 1
    try:
        main()
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())  # As the interpreter would show it.
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def serve() -> None:
    """Answer one line after the other."""
    import schemas  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if not child:
            _child(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


@cache
def _server() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    atexit.register(process.kill)
    return process


def hotline(
    words: tuple[str, ...], *, cwd: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the command to its end.

    Args:
        words: what stands behind `hotline`.
        cwd: its working folder.
        env: its whole environment.
    """
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        out.touch()
        err.touch()
        asked = {
            "words": words,
            "cwd": str(cwd),
            "env": dict(env),
            "out": str(out),
            "err": str(err),
        }
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        status = int(server.stdout.readline())
        return subprocess.CompletedProcess(
            words, status, out.read_text("utf-8"), err.read_text("utf-8")
        )


if __name__ == "__main__":
    serve()
