"""A folder is made what a list says, from whatever lies there, and by as few copies as can be."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from assets.core.files import sha256_of
from assets.sync.tree import Item, apply_items, scan


@pytest.fixture
def original(tmp_path) -> Path:
    root = tmp_path / "original"
    for path, content, mode in (
        ("releases/1/a", "a", 0o444),
        ("releases/2/a", "a", 0o444),
        ("releases/2/b", "b", 0o444),
        ("ledger/private", "p", 0o600),
        ("ledger/also-private", "p", 0o600),
        ("dagster/history", "h", 0o644),
        (".lock", "", 0o644),
    ):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        file.chmod(mode)
    (root / "ledger").chmod(0o700)
    (root / "current").symlink_to("releases/2")
    return root


def listed(root: Path) -> list[Item]:
    return scan(root, ("dagster",), sha256_of)


def apply(root: Path, original: Path) -> list[str]:
    """Make a folder like the original; the paths that were fetched."""
    fetched: list[str] = []

    def fetch(files: Sequence[Item]) -> None:
        for each in files:
            (root / each.path).unlink(missing_ok=True)
            (root / each.path).write_bytes((original / each.path).read_bytes())
            fetched.append(each.path)

    apply_items(root, listed(root), listed(original), fetch)
    return fetched


def test_a_list_names_folders_before_what_is_in_them_and_links_last(original):
    assert [each.path for each in listed(original)] == [
        "ledger",
        "ledger/also-private",
        "ledger/private",
        "releases",
        "releases/1",
        "releases/1/a",
        "releases/2",
        "releases/2/a",
        "releases/2/b",
        "current",
    ]


def test_an_empty_folder_becomes_the_same_and_only_read_only_files_share_their_bytes(
    original, tmp_path
):
    root = tmp_path / "copy"
    root.mkdir()
    assert apply(root, original) == [
        "ledger/also-private",
        "ledger/private",
        "releases/1/a",
        "releases/2/b",
    ]
    assert listed(root) == listed(original)
    assert (root / "releases/1/a").samefile(root / "releases/2/a")
    assert not (root / "ledger/private").samefile(root / "ledger/also-private")
    assert apply(root, original) == []


@pytest.mark.parametrize(
    "disturb",
    [
        lambda root: (root / "releases/2/b").unlink(),
        lambda root: (root / "ledger/private").write_text("other"),
        lambda root: (root / "ledger/private").chmod(0o644),
        lambda root: (root / "ledger").chmod(0o755),
        lambda root: (root / "ledger/orphan").write_text("x"),
        lambda root: (root / "orphan/below").mkdir(parents=True),
        lambda root: ((root / "releases/2/b").unlink(), (root / "releases/2/b").mkdir()),
        lambda root: ((root / "current").unlink(), (root / "current").mkdir()),
        lambda root: ((root / "current").unlink(), (root / "current").symlink_to("releases/1")),
    ],
)
def test_whatever_differs_is_mended_and_nothing_else_is_touched(original, tmp_path, disturb):
    root = tmp_path / "copy"
    root.mkdir()
    apply(root, original)
    os.utime(root / "releases/1/a", (1, 1))
    (root / ".lock").write_text("of this machine")
    disturb(root)
    apply(root, original)
    assert listed(root) == listed(original)
    assert (root / "releases/1/a").stat().st_mtime == 1
    assert (root / ".lock").exists()
