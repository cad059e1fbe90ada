"""Old path of names that stand elsewhere now."""

from schemas.table import table_schema

__all__ = ["table_schema"]
