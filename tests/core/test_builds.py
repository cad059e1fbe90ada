"""What should exist, what is stale and what is left over, by one small table."""

from dataclasses import dataclass

import pytest

from assets.core.builds import Builds


@dataclass(frozen=True)
class Note:
    fingerprint: str


class Notes(Builds[Note]):
    """Files that hold the fingerprint of what they were built from."""

    def __init__(self, folder, wanted):
        super().__init__(folder)
        self.wanted = wanted

    @property
    def periods(self):
        return sorted(self.wanted)

    def expected(self, period):
        return self.wanted[period]

    def files(self, period):
        return [self.folder / f"{period}.txt"]

    def record(self, period):
        (path,) = self.files(period)
        return Note(path.read_text()) if path.exists() else None

    def build(self, period):
        self.files(period)[0].write_text(self.wanted[period])
        return self.record(period)


@pytest.fixture
def notes(tmp_path):
    notes = Notes(tmp_path, {"2023-01": "a", "2023-02": "b"})
    for period in notes.stale():
        notes.build(period)
    return notes


def test_what_is_missing_or_built_from_something_else_is_stale(notes):
    assert notes.stale() == []
    notes.wanted["2023-03"] = "c"
    notes.wanted["2023-01"] = "d"
    assert notes.stale() == ["2023-01", "2023-03"]


def test_files_of_no_period_are_deleted_and_temporary_ones_are_not(notes):
    for name in ("2022-12.txt", "2023-01.old", ".tmp-2023-01.txt"):
        (notes.folder / name).write_text("")
    del notes.wanted["2023-02"]
    notes.delete_orphans()
    assert {path.name for path in notes.folder.iterdir()} == {"2023-01.txt", ".tmp-2023-01.txt"}


def test_a_table_that_was_never_built_has_no_orphans(tmp_path):
    Notes(tmp_path / "none", {}).delete_orphans()
