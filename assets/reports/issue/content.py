"""The content of a report as bytes: what decides whether it is new, and what is compared.

Belongs here: the canonical JSON of a report. Release and data cutoff are left out, because they
change every night (design note 2, decision 4); the ledger has them.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from assets.reports.content import Report

FILE = "content.json"
# Key that says of what class a value was.
CLASS = "is"
_NOT_CONTENT = ("release", "cutoff")


def content_bytes(report: Report) -> bytes:
    """Canonical JSON of a report; its SHA-256 is the digest of the content."""
    tree = _plain(report)
    for name in _NOT_CONTENT:
        del tree[name]
    # Plain ASCII: a text may hold half a character, which no encoding takes.
    return (json.dumps(tree, sort_keys=True, separators=(",", ":")) + "\n").encode("ascii")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """A value of the model as JSON knows it."""
    if is_dataclass(value):
        inner = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        return {CLASS: type(value).__name__, **inner}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value
