"""The published contracts under review: every version that ever was, and what a new one must be.

Belongs here: `contracts.json` and the rule. A contract that was published under a version never
changes; a new column is a new minor version; anything that a reader could misunderstand (a column
that is gone, of another type, unit or nullability, another grain) is a new major one, under its own
path. Titles and descriptions may be worded better in a new minor version.

As a script: adds what is new to the snapshot, for the review; never replaces what is in it.
"""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from schemas import PUBLISHED
from schemas.table import arrow_schema

PATH = Path(__file__).parent / "contracts.json"
Contracts = dict[str, dict[str, dict[str, Any]]]


def present() -> Contracts:
    """Table -> version -> grain, and name, type, nullability, unit, title, meaning of fields."""
    return {
        name: {
            table.version: {
                "grain": list(table.grain),
                "fields": [
                    [field.name, str(field.type), field.nullable, c.unit, c.title, c.description]
                    for field, c in zip(arrow_schema(table), table.columns, strict=True)
                ],
            }
        }
        for name, table in PUBLISHED.items()
    }


def _number(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)


def needed(old: dict[str, Any], new: dict[str, Any]) -> str:
    """Which part of the version two contracts must differ in: none, minor or major."""
    if old == new:
        return "none"
    before, after = ({field[0]: field for field in each["fields"]} for each in (old, new))
    kept = [after[name][:4] == field[:4] for name, field in before.items() if name in after]
    same = old["grain"] == new["grain"] and before.keys() <= after.keys() and all(kept)
    return "minor" if same else "major"


def silent(reviewed: Contracts, found: Contracts) -> list[str]:
    """What changed without the version that it needs, or without a review; a sentence each."""
    wrong = [f"{name} is gone" for name in reviewed if name not in found]
    for name, versions in found.items():
        ((version, contract),) = versions.items()
        known = reviewed.get(name, {})
        if version not in known:
            wrong.append(f"{name} {version} is not in the snapshot")
        elif known[version] != contract:
            wrong.append(f"{name} changed and is still {version}")
        history = sorted(known, key=_number)
        if known and version != history[-1]:
            wrong.append(f"{name} is {version}, {history[-1]} was published")
        for old, new in pairwise(history):
            part = needed(known[old], known[new])
            raised = "major" if _number(old)[0] != _number(new)[0] else "minor"
            if part == "major" and raised == "minor":
                wrong.append(f"{name} {new} needs a new major version")
    return wrong


def with_new(reviewed: Contracts, found: Contracts) -> Contracts:
    """The snapshot with versions that it lacks."""
    return {name: {**versions, **reviewed.get(name, {})} for name, versions in found.items()} | {
        name: versions for name, versions in reviewed.items() if name not in found
    }


def text(contracts: Contracts) -> str:
    """The snapshot as it is written: a line for each field, so that a review shows each change."""
    tables = []
    for name, versions in contracts.items():
        parts = []
        for version in sorted(versions, key=_number):
            contract = versions[version]
            fields = ",\n".join(
                f"        {json.dumps(field, ensure_ascii=False)}" for field in contract["fields"]
            )
            parts.append(
                f'    "{version}": {{\n      "grain": {json.dumps(contract["grain"])},\n'
                f'      "fields": [\n{fields}\n      ]\n    }}'
            )
        tables.append(f'  "{name}": {{\n' + ",\n".join(parts) + "\n  }")
    return "{\n" + ",\n".join(tables) + "\n}\n"


def read() -> Contracts:
    """The snapshot."""
    return json.loads(PATH.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


if __name__ == "__main__":
    PATH.write_text(text(with_new(read(), present())), encoding="utf-8")
