"""What the interface shows of every definition is Chinese, and in the order of the work."""

import os
import re
import subprocess
import sys

import dagster as dg
import pytest

from assets.graph.partitions import Partitions
from assets.graph.stages import OWNERS, STAGES
from pipelines.jobs import all_assets
from tests.pipelines.test_dagster import code_location

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def location(installation) -> dg.Definitions:
    return code_location(installation)


def test_groups_sort_in_the_order_of_the_work(location):
    graph = location.resolve_asset_graph()
    groups = [stage.group for stage in STAGES.values()]
    assert groups == sorted(groups)
    for key in graph.get_all_asset_keys():
        for parent in graph.get(key).parent_keys:
            assert graph.get(parent).group_name <= graph.get(key).group_name


def test_every_asset_says_in_chinese_what_it_is_and_who_looks_after_it(location):
    graph = location.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert CHINESE.search(node.description), key
        assert node.owners == OWNERS, key
        assert node.kinds, key
        assert node.metadata["操作手册"].value, key


def test_tables_show_their_columns_in_chinese(location):
    graph = location.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        if key.path[0] in ("exports", "details", "facts", "indicators"):
            schema = graph.get(key).metadata["dagster/column_schema"]
            assert all(CHINESE.search(column.description) for column in schema.columns), key


def test_every_check_job_schedule_and_sensor_says_in_chinese_what_it_is_for(location):
    graph = location.resolve_asset_graph()
    for key in graph.asset_check_keys:
        assert CHINESE.search(graph.get_check_spec(key).description), key
    repository = location.get_repository_def()
    shown = [
        *(job for job in repository.get_all_jobs() if not job.name.startswith("__")),
        *repository.schedule_defs,
        *repository.sensor_defs,
    ]
    assert {each.name for each in shown} >= {"night", "standing", "arrivals"}
    for each in shown:
        assert CHINESE.search(each.description or ""), each.name
        # Dagster gives a sensor for failed runs no owners.
        if not isinstance(each, dg.RunStatusSensorDefinition):
            assert list(each.owners or []) == OWNERS, each.name


def test_the_handbook_is_a_link_where_it_has_an_address(installation):
    assets = all_assets(
        Partitions.since(installation.start), "https://hotline.example/handbook.html"
    )
    [exports] = [each for each in assets if each.key == dg.AssetKey(["exports", "calls"])]
    url = exports.specs_by_key[exports.key].metadata["操作手册"].value
    assert url.startswith("https://hotline.example/handbook.html#5-%E6%96%87%E4%BB%B6")


def test_the_code_location_loads_no_renderer_and_no_other_engine(tmp_path):
    heavy = ("assets.reports.render.pdf", "typst", "docx", "xlsxwriter", "fontTools", "duckdb")
    code = (
        "import sys, pipelines.definitions\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "HOTLINE_WAREHOUSE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "[]"
