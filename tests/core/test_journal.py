"""A journal grows by what is appended, survives a crash anywhere, and is never silently shorter."""

import json
import random

import pytest

from assets.core.journal import DamagedRecord, Journal
from assets.core.warehouse import Warehouse

DECISIONS = [{"what": "回退", "number": each} for each in range(5)]


@pytest.fixture
def journal(tmp_path) -> Journal:
    """A journal with entries."""
    journal = Journal(Warehouse(tmp_path), "decisions", "决定")
    for each in DECISIONS:
        journal.append(each)
    return journal


def test_what_is_appended_is_there_in_order(journal):
    assert journal.entries() == DECISIONS
    assert journal.is_confirmed()
    journal.append({"what": "接受"})
    assert journal.entries() == [*DECISIONS, {"what": "接受"}]
    assert {each.stat().st_mode & 0o777 for each in (journal.path, journal.head)} == {0o600}


def test_a_journal_that_was_never_begun_is_empty(tmp_path):
    journal = Journal(Warehouse(tmp_path), "decisions", "决定")
    assert journal.entries() == []
    assert journal.is_confirmed()


def test_any_shorter_file_is_refused(journal):
    whole = journal.path.read_bytes()
    for length in range(len(whole) - 1):  # The last line without its end is still the whole line.
        journal.path.write_bytes(whole[:length])
        with pytest.raises(DamagedRecord, match=r"decisions\.jsonl.*备份"):
            journal.entries()
        with pytest.raises(DamagedRecord):
            journal.append({})
    journal.path.unlink()
    with pytest.raises(DamagedRecord, match="应有 5 条，完好的有 0 条"):
        journal.entries()


@pytest.mark.parametrize("left_out", range(len(DECISIONS)))
def test_no_line_can_be_left_out_or_put_elsewhere(journal, left_out):
    lines = journal.path.read_bytes().splitlines(keepends=True)
    rest = lines[:left_out] + lines[left_out + 1 :]
    for content in (rest, [*rest, lines[left_out]], [lines[left_out], *lines]):
        if content != lines:
            journal.path.write_bytes(b"".join(content))
            with pytest.raises(DamagedRecord):
                journal.entries()


def test_no_flipped_bit_is_read(journal):
    for path in (journal.path, journal.head):
        whole = path.read_bytes()
        for bit in random.Random(1).sample(range(8 * len(whole)), 400):
            flipped = bytearray(whole)
            flipped[bit // 8] ^= 1 << bit % 8
            path.write_bytes(flipped)
            try:
                found = journal.entries()
            except DamagedRecord:
                continue
            # White space at the end of a line or within the head says nothing.
            assert found == DECISIONS
        path.write_bytes(whole)


def test_the_head_cannot_be_lost(journal):
    journal.head.unlink()
    with pytest.raises(DamagedRecord, match="无从核对"):
        journal.entries()
    for content in (b"", b"\x00\xff", b"[]", b"{}x", b'{"entries": "5", "sha256": ""}'):
        journal.head.write_bytes(content)
        with pytest.raises(DamagedRecord):
            journal.entries()
    journal.head.unlink()
    journal.head.mkdir()
    with pytest.raises(DamagedRecord):
        journal.entries()


def test_a_crash_leaves_an_entry_that_is_not_confirmed(journal):
    def die() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        journal.append({"what": "接受"}, then=die)
    assert journal.entries() == [*DECISIONS, {"what": "接受"}]
    assert not journal.is_confirmed()
    journal.confirm()
    assert journal.is_confirmed()


def test_a_journal_of_the_first_version_is_taken_over(tmp_path):
    journal = Journal(Warehouse(tmp_path), "decisions", "决定")
    journal.path.parent.mkdir()
    old = "".join(f"\n{json.dumps(each)}\n" for each in DECISIONS).encode()
    journal.path.write_bytes(old + b'\n{"what": "cut o')
    assert journal.entries() == DECISIONS
    # A crash after the head was written and before the lines were.
    journal._write_head(journal._read()[0])
    assert journal.entries() == DECISIONS
    journal.append({"what": "接受"})
    assert journal.entries() == [*DECISIONS, {"what": "接受"}]
    journal.path.write_bytes(b"\n".join(journal.path.read_bytes().splitlines()[:-1]))
    with pytest.raises(DamagedRecord):
        journal.entries()
