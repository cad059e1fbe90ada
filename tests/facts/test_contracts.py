"""No published contract changes silently, and the rule that says so can fail."""

import copy
from dataclasses import replace

import pytest

import assets.releases.package as package
from assets.facts import FactRecord
from schemas import FACTS, PUBLISHED
from tests.contracts import PATH, present, read, silent, text, with_new

TABLE = "calls"


def test_no_published_contract_changes_silently():
    """After raising the version of a table: python -m tests.contracts, and review the change."""
    assert silent(read(), present()) == []
    assert PATH.read_text(encoding="utf-8") == text(with_new(read(), present()))


def changed(version: str, **fields: object) -> dict:
    """The present contracts with one table changed: a field by name (None removes it)."""
    found = copy.deepcopy(present())
    (contract,) = found[TABLE].values()
    for name, value in fields.items():
        old = [field for field in contract["fields"] if field[0] == name]
        if value is None:
            contract["fields"].remove(old[0])
        elif old:
            contract["fields"][contract["fields"].index(old[0])] = value
        else:
            contract["fields"].append(value)
    found[TABLE] = {version: contract}
    return found


NEW = ["transferred", "int64", False, "通", "转接", "Calls handed on."]
OTHER_UNIT = ["talk_seconds", "int64", False, "分", "通话秒数", "Talk time of answered calls."]
OTHER_TYPE = ["talk_seconds", "double", False, "秒", "通话秒数", "Talk time of answered calls."]
REWORDED = ["talk_seconds", "int64", False, "秒", "通话秒数", "Seconds of talk."]


@pytest.mark.parametrize(
    ("change", "right"),
    [
        ({"transferred": NEW}, "1.2"),
        ({"talk_seconds": REWORDED}, "1.2"),
        ({"talk_seconds": OTHER_UNIT}, "2.0"),
        ({"talk_seconds": OTHER_TYPE}, "2.0"),
        ({"talk_seconds": None}, "2.0"),
    ],
)
def test_every_silent_change_is_found(change, right):
    base = present()
    assert silent(base, changed("1.1", **change)) == [f"{TABLE} changed and is still 1.1"]
    unreviewed = changed(right, **change)
    assert f"{TABLE} {right} is not in the snapshot" in silent(base, unreviewed)
    assert silent(with_new(base, unreviewed), unreviewed) == []
    minor = changed("1.2", **change)
    wrong = silent(with_new(base, minor), minor)
    assert wrong == ([] if right == "1.2" else [f"{TABLE} 1.2 needs a new major version"])


def test_renewing_the_snapshot_never_replaces_what_was_published():
    base = present()
    assert with_new(base, changed("1.1", transferred=NEW)) == base
    gone = {name: each for name, each in base.items() if name != TABLE}
    assert silent(base, gone) == [f"{TABLE} is gone"]
    assert silent(with_new(base, changed("1.2", transferred=NEW)), base) == [
        f"{TABLE} is 1.1, 1.2 was published"
    ]


def test_a_new_major_version_has_its_own_path(monkeypatch):
    built = FactRecord(TABLE, "2023-01", "", "0" * 64, 1, 1, "", 1)
    assert package.published_path(built) == "facts/calls/2023-01.parquet"
    for version, folder in (("1.7", "calls"), ("2.0", "calls-v2"), ("3.1", "calls-v3")):
        monkeypatch.setitem(PUBLISHED, TABLE, replace(FACTS[TABLE], version=version))
        assert package.published_path(built) == f"facts/{folder}/2023-01.parquet"
