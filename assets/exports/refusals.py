"""How the reading of an export says no to a whole file.

Belongs here: the one exception that may leave the reading modules. Not here: the sentences shown to
people (they are made from `rule` and `detail` by whoever reports) and faults of single rows.
"""

from functools import partial


class FileRefused(Exception):
    """A whole file cannot be taken.

    Attributes:
        rule: Id of the file rule that failed.
        detail: Facts for its sentence: sizes, counts, names of encodings. Never a cell value.
    """

    def __init__(self, rule: str, **detail: str | int) -> None:
        """Refuse a file for `rule`, with the facts that its sentence needs."""
        super().__init__(rule, detail)
        self.rule = rule
        self.detail = detail

    def __reduce__(self) -> tuple[object, tuple[()]]:
        """Survive the way back from a worker process."""
        return partial(FileRefused, self.rule, **self.detail), ()

    def __str__(self) -> str:
        """Return the rule and its facts, for logs."""
        return " ".join([self.rule, *(f"{name}={fact}" for name, fact in self.detail.items())])
