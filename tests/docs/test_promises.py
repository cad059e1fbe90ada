"""The page of promises names tests, and each of them is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


def test_every_test_that_is_named_exists():
    named = re.findall(r"`([\w/]*test_\w+\.py)::(test_\w+)`", PAGE)
    assert len(named) > 30
    missing = [
        f"{file}::{name}" for file, name in named if name not in names_in(ROOT / "tests" / file)
    ]
    assert missing == []


def test_every_promise_has_a_test():
    lines = [line for line in PAGE.splitlines() if line.startswith("| ")]
    promises = [line for line in lines if not line.startswith("| promise |")]
    assert len(promises) > 20
    assert [line for line in promises if "::test_" not in line] == []
