"""How a command ends: its exit status, and one sentence where it cannot be carried out.

Belongs here: what all commands share. What they do is in `pipelines.cli` and its modules.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

from assets.errors import HotlineError, disk_sentence
from pipelines.cli.console import err

P = ParamSpec("P")


def command(run: Callable[P, int]) -> Callable[P, None]:
    """Give a command its exit status; a mistake of the user is one sentence, never a traceback."""

    @wraps(run)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            status = run(*args, **kwargs)
        except HotlineError as error:
            err.print(str(error), style="red", markup=False)
            status = 2
        except BrokenPipeError:
            # Whoever reads has seen enough (`| head`); Python would complain again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 0
        except OSError as error:
            err.print(disk_sentence(error), style="red", markup=False)
            status = 2
        raise typer.Exit(status)

    return wrapped
