"""From a table's declaration to the Table Schema that `datapackage.json` holds (Frictionless)."""

from typing import Any

from schemas.columns import Column, Kind
from schemas.tables import FactTable

_TYPES = {
    Kind.TIMESTAMP: "datetime",
    Kind.DATE: "date",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "number",
    Kind.FLAG: "boolean",
    Kind.MONTH: "yearmonth",
    Kind.LIST: "array",
}


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "title": column.title,
        "description": column.description,
    }
    if column.unit:
        described["unit"] = column.unit
    if column.required:
        described["constraints"] = {"required": True}
    return described


def table_schema(table: FactTable) -> dict[str, Any]:
    """The Frictionless Table Schema; the grain is its primary key where it is never empty."""
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns]}
    if all(column.required for column in table.columns if column.name in table.grain):
        schema["primaryKey"] = list(table.grain)
    return schema
