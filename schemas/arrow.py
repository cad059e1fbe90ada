"""Old path of names that stand elsewhere now."""

from schemas.table import arrow_schema

__all__ = ["arrow_schema"]
