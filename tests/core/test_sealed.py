"""No file with a checksum is read differently from what was written, whatever happened to it."""

import json
import random
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.core.errors import DamagedFile, DamagedRecord
from assets.core.sealed import (
    SEAL,
    is_whole,
    open_json,
    present_sha256,
    read_record,
    read_whole,
    scan_whole,
    sealed_json,
    write_rows,
    write_sealed,
)

ROWS = pl.DataFrame({"id": [f"C{each}" for each in range(500)], "n": range(500)})


def by_polars(path: Path) -> None:
    write_rows(path, ROWS, metadata={"batches": "[]"})


def by_pyarrow(path: Path) -> None:
    def write(file):
        table = ROWS.to_arrow().cast(pa.schema([("id", pa.string()), ("n", pa.int64())]))
        with pq.ParquetWriter(file, table.schema) as writer:
            writer.write_table(table)
            writer.add_key_value_metadata({"hotline": "{}", **SEAL})

    write_sealed(path, write)


@pytest.fixture(params=[by_polars, by_pyarrow])
def written(request, tmp_path) -> Path:
    """A sealed file."""
    path = tmp_path / "rows.parquet"
    request.param(path)
    return path


def test_what_was_written_is_read(written):
    assert read_whole(written).equals(ROWS)
    assert scan_whole([written, written]).collect().height == 2 * ROWS.height
    assert pl.read_parquet_metadata(written)["hotline.sha256"] != SEAL["hotline.sha256"]
    assert written.stat().st_mode & 0o777 == 0o600


def test_the_same_rows_give_the_same_bytes(written, tmp_path):
    other = tmp_path / "other.parquet"
    (by_polars if "batches" in pl.read_parquet_metadata(written) else by_pyarrow)(other)
    assert other.read_bytes() == written.read_bytes()


def test_no_flipped_bit_is_read(written):
    content = written.read_bytes()
    end = range(8 * len(content) - 4000, 8 * len(content))
    chosen = [*random.Random(1).sample(range(8 * len(content)), 300), *end]
    read = 0
    for bit in chosen:
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        written.write_bytes(flipped)
        try:
            found = read_whole(written)
        except DamagedFile:
            continue
        # The name of the checksum itself was hit: the rows are as they were.
        read += 1
        assert found.equals(ROWS)
    assert read <= 8 * len("hotline.sha256\x18\x40")


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "noise", "folder"])
def test_a_damaged_file_is_refused(written, damage):
    content = written.read_bytes()
    written.unlink()
    if damage == "folder":
        written.mkdir()
    elif damage != "gone":
        changed = {"empty": b"", "cut": content[:-1], "noise": bytes(range(256))}
        written.write_bytes(changed[damage])
    assert not is_whole(written)
    for read in (read_whole, lambda path: scan_whole([path])):
        with pytest.raises(DamagedFile, match="hotline run"):
            read(written)
    with pytest.raises(DamagedRecord, match="从备份恢复"):
        read_record(written, "台账")


def test_a_file_of_an_older_version_is_read(tmp_path):
    path = tmp_path / "rows.parquet"
    ROWS.write_parquet(path)
    assert read_whole(path).equals(ROWS)


def test_a_file_is_looked_at_again_once_it_has_changed(written):
    assert is_whole(written)
    before = present_sha256(written)
    content = bytearray(written.read_bytes())
    content[10] ^= 1
    written.write_bytes(content)
    assert not is_whole(written)
    assert present_sha256(written) != before
    assert present_sha256(written.parent / "none") == present_sha256(written.parent) == ""


def test_no_flipped_bit_of_json_is_read():
    fields = {"rows": 5, "月": "2024-01", "counts": {"a": [1, 2]}}
    text = sealed_json(fields).encode()
    assert open_json(text) == fields
    for bit in range(8 * len(text)):
        flipped = bytearray(text)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            found = open_json(bytes(flipped))
        except ValueError:
            continue
        # Of the name of the checksum: then there is a field that nobody knows.
        assert found == fields or len(found) > len(fields)


def test_json_of_an_older_version_is_read():
    assert open_json(json.dumps({"rows": 5})) == {"rows": 5}
    with pytest.raises(ValueError, match="object"):
        open_json("[]")
