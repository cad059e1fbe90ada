"""Python as a production installation has it: without what only tests and comparisons need.

Pandera loads pandas, hypothesis and PySpark wherever it finds them, which takes most of a second
that no hotline waits for. The folder of this file leads the PYTHONPATH of the processes that tests
start (tests/conftest.py), so that Python runs it in each of them.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_ABSENT = frozenset({"pandas", "hypothesis", "pyspark"})


class _Absent(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Say of an absent package what Python says of it; leave others to whoever is next."""
        if fullname.partition(".")[0] in _ABSENT:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None


def hide_the_rest() -> None:
    """Hide what production does not have, from now on."""
    sys.meta_path.insert(0, _Absent())


if __name__ == "sitecustomize":
    hide_the_rest()
