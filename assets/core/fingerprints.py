"""Fingerprints of what something was built from, in 16 hex digits.

It is stale when its inputs or the code that makes it have another fingerprint. The version of code
is taken from its files, so nobody can forget to raise it.
"""

import hashlib
import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

_COUNTED = (".py", ".toml", ".csv")


def fingerprint(*parts: object) -> str:
    """Hash JSON-able parts, order included."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _sources(folder: Traversable) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            found += [(f"{entry.name}/{name}", body) for name, body in _sources(entry)]
        elif entry.name.endswith(_COUNTED):
            found.append((entry.name, entry.read_bytes()))
    return found


@cache
def code_version(*packages: str) -> str:
    """Fingerprint of the source files of packages, by their dotted names."""
    digest = hashlib.sha256()
    for package in packages:
        for name, body in _sources(files(package)):
            digest.update(f"{package}/{name}\0{len(body)}\0".encode())
            digest.update(body)
    return digest.hexdigest()[:16]
