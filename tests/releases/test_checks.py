"""What holds of a release is counted, and what does not is named."""

import hashlib
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from assets.core.errors import HotlineError
from assets.facts.invariants import equations
from assets.releases.checks import contents, verify
from assets.releases.package import (
    Release,
)
from tests.driver import (
    bring_up_to_date,
)
from tests.releases.cases import (
    faults,
    released,
)


def replaced(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def test_a_changed_byte_of_a_fact_file_is_found_and_named(released_installation):
    for path in sorted((released_installation.warehouse.current / "facts").rglob("*.parquet")):
        original = path.read_bytes()
        replaced(path, original[:-9] + bytes([original[-9] ^ 1]) + original[-8:])
        name = f"facts/{path.parent.name}/{path.name}"
        assert faults(released_installation) == {"checksums": (name,)}
        replaced(path, original)
    assert faults(released_installation) == {}


def test_a_missing_and_a_foreign_file_are_found_and_named(released_installation):
    facts_folder = released_installation.warehouse.current / "facts"
    (facts_folder / "calls" / "2023-01.parquet").rename(facts_folder / "calls" / "2022-12.parquet")
    assert faults(released_installation) == {
        "complete": ("facts/calls/2023-01.parquet",),
        "nothing_else": ("facts/calls/2022-12.parquet",),
    }


def test_a_changed_descriptor_is_found(released_installation):
    name = released(released_installation)
    path = released_installation.warehouse.current / "datapackage.json"
    replaced(path, path.read_bytes().replace(b'"rows": 1', b'"rows": 2', 1))
    assert faults(released_installation) == {"identity": (name,)}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"resources": 1',
        b"\xff\xfe",
        pytest.param(
            b"[]",
        ),
    ],
)
def test_a_descriptor_that_cannot_be_read_is_an_error_with_a_remedy(installation, content):
    folder = installation.warehouse.releases / "20230106-0123456789ab"
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_bytes(content)
    installation.warehouse.current.symlink_to(f"releases/{folder.name}")
    with pytest.raises(HotlineError, match="hotline run"):
        verify(installation.warehouse)


def test_the_remedy_mends_the_release(released_installation):
    (released_installation.warehouse.current / "datapackage.json").unlink()
    with pytest.raises(HotlineError, match="hotline run"):
        verify(released_installation.warehouse)
    bring_up_to_date(released_installation)
    assert faults(released_installation) == {}


def test_each_result_counts_what_it_looked_at(released_installation):
    release = Release.open(released_installation.warehouse.current.resolve())
    tables = [each.table for each in release.files]
    rows = sum(pl.read_parquet(each.path).height for each in release.files)
    found = {each.name: each for each in contents(release.files)}
    for name in ("complete", "checksums", "contracts"):
        assert (found[name].examined, found[name].rules) == (len(tables), 1)
    assert found["equations"].examined == rows
    assert found["equations"].rules == sum(map(equations, tables))
    assert release.files[0].name in {each["path"] for each in release.resources.values()}


def test_another_title_of_a_column_breaks_the_contract(released_installation, tmp_path):
    (file,) = (
        each
        for each in Release.open(released_installation.warehouse.current.resolve()).files
        if each.name == "facts/calls/2023-01.parquet"
    )
    table = pq.read_table(file.path)
    field = table.schema.field(0).with_metadata({"title": "别的"})
    changed = tmp_path / "changed.parquet"
    pq.write_table(table.cast(table.schema.set(0, field)), changed)
    sha256 = hashlib.sha256(changed.read_bytes()).hexdigest()
    same = pq.read_table(changed).equals(table)
    results = contents([replace(file, path=changed, sha256=sha256)])
    assert same
    assert {each.name: each.faults for each in results if not each.passed} == {
        "contracts": (file.name,)
    }
