"""The models and what is generated from them: checks, labels, package, contracts."""

import hashlib
import json

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.exports.headers import normalise_header
from assets.facts import fact_table, parquet_bytes
from assets.installation.installation import Installation
from schemas import EXPORTS, FACTS, PUBLISHED
from schemas.fields import Kind, Protection, count, label
from schemas.rules import ARRIVED, EARLIEST, EXPORT_DATE
from schemas.table import Fact, arrow_schema, table_schema
from tests.driver import bring_up_to_date, deliver, make_installation, tables_of
from tests.samples import FILE, VALID, row

# Tables whose rows are no sums: of a KPI, a ticket or an indicator something may be missing.
SINGLE = ("kpi_monthly", "expectations", "focus_tickets", "repeats", "indicators", "reconciliation")
PLAIN = {
    pa.string(),
    pa.int64(),
    pa.float64(),
    pa.bool_(),
    pa.date32(),
    pa.timestamp("us", "Asia/Shanghai"),
}


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Installation:
    """An installation with a release of one row of each dataset."""
    installation = make_installation(tmp_path_factory.mktemp("schemas"))
    for dataset, name in FILE.items():
        deliver(installation, f"{name}.csv", [row(dataset)])
    deliver(installation, "calls_20230201.csv", [])
    bring_up_to_date(installation)
    return installation


# --- contracts: `test_contracts.py` ------------------------------------------------------------


def test_published_types_are_plain():
    for table in FACTS.values():
        for field in arrow_schema(table):
            nested = field.type.value_type.fields if pa.types.is_list(field.type) else [field]
            for each in nested:
                assert each.type in PLAIN, (table.name, field.name, each.name)
            if field.name in table.measures and table.name not in SINGLE:
                assert not field.nullable, (table.name, field.name)


def test_the_grain_comes_first_and_every_name_once():
    for table in FACTS.values():
        names = [column.name for column in table.columns]
        assert len(set(names)) == len(names)
        assert set(table.grain) <= set(names)
        if table.name != "files":
            assert tuple(names[: len(table.grain)]) == table.grain


def test_every_column_has_a_title_and_a_description():
    for table in (*EXPORTS.values(), *FACTS.values()):
        assert table.title
        assert table.description
        for column in table.columns:
            assert column.title, (table.name, column.name)
            assert column.description.rstrip().endswith("."), (table.name, column.name)


def test_counts_and_sums_have_a_unit():
    for table in FACTS.values():
        for column in table.columns:
            if column.name in table.measures and column.minimum == 0:
                assert column.unit, (table.name, column.name)


def test_the_type_of_a_column_is_that_of_its_kind():
    types = {
        Kind.TIMESTAMP: pl.Datetime("us", "Asia/Shanghai"),
        Kind.DATE: pl.Date(),
        Kind.INTEGER: pl.Int64(),
        Kind.NUMBER: pl.Float64(),
        Kind.FLAG: pl.Boolean(),
    }
    for table in (*EXPORTS.values(), *PUBLISHED.values()):
        for column in table.columns:
            for each in column.items or (column,):
                assert each.polars_type == types.get(each.kind, pl.String()), each


# --- exports ----------------------------------------------------------------------------------


def test_headers_of_a_dataset_name_one_column_each():
    for table in EXPORTS.values():
        names = [
            normalise_header(name)
            for column in table.columns
            for name in {column.title, column.name, *column.aliases}
        ]
        assert len(set(names)) == len(names), table.name


def test_keys_and_periods_are_required_columns():
    for table in EXPORTS.values():
        for name in (*table.key, table.period, *filter(None, (table.version, table.fixed))):
            assert table.by_name[name].required, (table.name, name)
            assert table.by_name[name].protection is Protection.NONE


def test_identifiers_are_text_and_limited():
    for table in EXPORTS.values():
        for column in table.columns:
            if column.kind is Kind.IDENTIFIER:
                assert (column.polars_type, column.max_length) == (pl.String(), 64)


def test_the_pandera_schema_holds_every_rule_and_no_other_column():
    for table in EXPORTS.values():
        schema = table.model.to_schema()
        found = sorted(
            (column, check.name) for column, of in schema.columns.items() for check in of.checks
        )
        assert found == sorted((column, check.name) for column, check in table.checks)
        assert set(schema.columns) == {*table.by_name, EXPORT_DATE, ARRIVED, EARLIEST}
        assert schema.strict
        assert {column for column, of in schema.columns.items() if not of.nullable} == {
            column.name for column in table.columns if column.required
        } | {EXPORT_DATE, ARRIVED, EARLIEST}


def test_the_valid_rows_of_the_tests_are_of_these_columns():
    for name, table in EXPORTS.items():
        assert list(VALID[name]) == [column.name for column in table.columns]


# --- published files --------------------------------------------------------------------------


def test_every_published_field_carries_its_labels(released):
    tables = tables_of(released.warehouse.current)
    assert len(tables) > 9
    for path, table in tables.items():
        schema = pq.read_schema(path)
        assert schema.names == [column.name for column in table.columns]
        assert schema.metadata[b"title"].decode() == table.title
        assert schema.metadata[b"version"].decode() == table.version
        for field, column in zip(schema, table.columns, strict=True):
            labels = {key.decode(): value.decode() for key, value in field.metadata.items()}
            labels.pop("PARQUET:field_id", None)
            assert labels.pop("title") == column.title
            assert labels.pop("description") == column.description
            assert labels.pop("unit", "") == column.unit
            assert labels == {}
        for group in range(pq.ParquetFile(path).metadata.num_row_groups):
            chunk = pq.ParquetFile(path).metadata.row_group(group).column(0)
            assert chunk.compression == "ZSTD"


def test_every_published_row_is_valid_by_its_model(released):
    for path, table in tables_of(released.warehouse.current).items():
        rows = pl.read_parquet(path)
        assert table.model.validate(rows, lazy=True).equals(rows)


def test_rows_are_sorted_by_the_grain_and_the_grain_is_a_key(released):
    for path, table in tables_of(released.warehouse.current).items():
        grain = list(table.grain)
        rows = pl.read_parquet(path)
        assert rows.select(grain).is_unique().all(), path
        assert rows.equals(rows.sort(grain)), path
        if "month" in grain:
            assert set(rows["month"]) <= {path.stem}


def test_the_package_describes_every_file(released):
    folder = released.warehouse.current.resolve()
    package = json.loads((folder / "datapackage.json").read_bytes())
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet")}
    assert {each["path"] for each in package["resources"]} == found
    assert len({each["name"] for each in package["resources"]}) == len(found)
    assert package["cutoff"] == "2023-02-02T00:00:00+08:00"
    for each in package["resources"]:
        path = folder / each["path"]
        table = FACTS[each["table"]]
        assert each["hash"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert each["bytes"] == path.stat().st_size
        assert each["rows"] == pq.read_metadata(path).num_rows
        assert each["contract"] == table.version
        assert each["month"] in ("", path.stem)
        assert (each["title"], each["description"]) == (table.title, table.description)
        fields = each["schema"]["fields"]
        assert [field["name"] for field in fields] == [column.name for column in table.columns]
        for field, column in zip(fields, table.columns, strict=True):
            assert (field["title"], field["description"]) == (column.title, column.description)
            assert field.get("unit", "") == column.unit
            assert field.get("constraints", {}).get("required", False) == column.required


def test_frictionless_types():
    types = {field["name"]: field["type"] for field in table_schema(FACTS["kpi_monthly"])["fields"]}
    assert types == {
        "month": "yearmonth",
        "metric": "string",
        "numerator": "integer",
        "denominator": "integer",
        "value": "number",
        "display": "string",
        "unit": "string",
        "target": "number",
        "met": "boolean",
        "basis": "string",
        "complete": "boolean",
        "cutoff": "datetime",
    }
    assert table_schema(FACTS["calls"])["primaryKey"] == ["month", "date", "hour", "line"]
    assert "primaryKey" not in table_schema(FACTS["tickets"])


def test_a_fact_file_has_the_same_bytes_whatever_the_order_of_its_rows():
    table = FACTS["staff"]
    rows = pl.DataFrame(
        {
            "passed": [1, 2, 3],
            "month": ["2023-01"] * 3,
            "position": ["管理", "后台", "话务员"],
            "on_duty": [1, 2, 3],
            "assessed": [1, 2, 3],
        }
    )
    assert parquet_bytes(rows, table) == parquet_bytes(rows.reverse(), table)
    assert fact_table(rows, table).schema.equals(arrow_schema(table), check_metadata=True)


def test_a_missing_value_of_a_required_column_is_never_published():
    class Units(Fact, name="t", title="表", description="For this test.", grain=("unit",)):
        """……"""

        unit: str = label("单位", "Unit.")
        n: int = count("数", "个", "Count.")

    with pytest.raises(ValueError, match=r"t\.n"):
        fact_table(pl.DataFrame({"unit": ["a"], "n": [None]}), Units.table())
