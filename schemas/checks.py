"""Old path of names that stand elsewhere now."""

from schemas.rules import EXPORT_DATE
from schemas.table import rule_sentences

__all__ = ["EXPORT_DATE", "rule_sentences"]
