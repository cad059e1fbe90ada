"""The wiring: definitions load, the graph is as reviewed, and a run records what happened."""

import re
from pathlib import Path

import dagster as dg
import pytest

from assets.graph.partitions import Partitions
from assets.health.definitions import STANDING_CHECKS
from assets.installation.installation import Installation
from pipelines.definitions import installation_definitions
from pipelines.operations import NIGHT
from pipelines.outcome import CHECK, Outcome
from tests.samples import row, write

GRAPH = Path(__file__).parent / "asset_graph.txt"


def code_location(installation: Installation) -> dg.Definitions:
    """What Dagster loads, for an installation of the test."""
    return installation_definitions(installation)


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def run_of_night(installation: Installation, instance: dg.DagsterInstance):
    """The night as the schedule runs it."""
    job = code_location(installation).resolve_job_def(NIGHT)
    return job.execute_in_process(instance=instance, raise_on_error=False)


def night(installation: Installation, instance: dg.DagsterInstance) -> Outcome:
    """What a night came to."""
    evaluations = run_of_night(installation, instance).get_asset_check_evaluations()
    [verdict] = [each for each in evaluations if each.check_name == CHECK]
    return Outcome.of_event(verdict)


def test_the_asset_graph_is_the_reviewed_one(installation):
    graph = code_location(installation).resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys(), key=lambda each: each.path):
        node = graph.get(key)
        parents = ", ".join(sorted(each.to_user_string() for each in node.parent_keys))
        kind = type(node.partitions_def).__name__ if node.partitions_def else "unpartitioned"
        checks = ", ".join(sorted(each.name for each in node.check_keys)) or "-"
        lines.append(
            f"{node.group_name}: {key.to_user_string()} [{kind}] <- {parents or '-'} | {checks}"
        )
        lines.append(f"    {node.description}")
    assert "\n".join(lines) + "\n" == GRAPH.read_text(encoding="utf-8")


def test_the_picture_in_the_readme_has_every_group_and_the_edges_between_them(installation):
    graph = code_location(installation).resolve_asset_graph()
    text = (GRAPH.parents[2] / "README.md").read_text(encoding="utf-8")
    drawn = text.partition("```mermaid")[2].partition("```")[0]
    names = dict(re.findall(r'(\w+)\["(\d_\w+) ', drawn))
    edges = {(names[a], names[b]) for a, b in re.findall(r"(\w+)(?:\[[^]]*\])? --> (\w+)", drawn)}
    found, groups = set(), set()
    for key in graph.get_all_asset_keys():
        group = graph.get(key).group_name
        groups.add(group)
        found |= {(graph.get(each).group_name, group) for each in graph.get(key).parent_keys}
    assert set(names.values()) == groups
    assert edges == {(a, b) for a, b in found if a != b}


def test_partitions_are_local_days_months_and_years(installation):
    partitions = Partitions.since(installation.start)
    at = installation.now()
    assert partitions.daily.get_partition_keys(current_time=at)[-1] == "2024-02-29"
    assert partitions.monthly.get_partition_keys(current_time=at)[-1] == "2024-03"
    assert partitions.monthly.get_partition_keys(current_time=at)[0] == "2023-01"
    assert partitions.yearly.get_partition_keys(current_time=at) == ["2023", "2024"]


def test_a_night_materializes_what_arrived_and_nothing_else(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls"), row("calls", call_id="")])
    write(installation.landing, "tickets_20230107.csv", [row("tickets")])
    outcome = night(installation, instance)
    assert outcome.good
    assert outcome.published
    calls = dg.AssetKey(["exports", "calls"])
    assert instance.get_materialized_partitions(calls) == {"2023-01-05"}
    event = instance.get_latest_materialization_event(calls)
    metadata = event.asset_materialization.metadata
    assert metadata["读取行数"].value == 2
    assert metadata["隔离行数"].value == 1
    tickets = dg.AssetKey(["facts", "tickets"])
    assert instance.get_materialized_partitions(tickets) == {"2023-01"}
    scored = instance.get_latest_materialization_event(dg.AssetKey(["scoring", "scorecard"]))
    metadata = scored.asset_materialization.metadata
    assert metadata["发布编号"].value == outcome.release
    assert "| 电话接通率 | 3 | 3 |" in metadata["2023年计分表"].value
    assert metadata["2023年缺数指标"].value > 0


def test_the_first_night_may_bring_changes_of_older_tickets(installation, instance):
    old = {
        "accepted_at": "2022-11-30 08:05:00",
        "dispatched_at": "2022-11-30 08:10:00",
        "updated_at": "2023-01-01 09:00:00",
    }
    write(installation.landing, "tickets_20230101.csv", [row("tickets", **old)])
    outcome = night(installation, instance)
    assert outcome.good
    assert (installation.warehouse.current / "facts/tickets/2022-11.parquet").exists()
    # Loaded again, the interface lists that month, and none before it.
    monthly = Partitions.of_installation(installation).monthly
    assert monthly.get_partition_keys(current_time=installation.now())[:2] == ["2022-11", "2022-12"]


def test_files_from_before_the_first_day_are_named_and_left(installation, instance):
    write(installation.landing, "calls_20221231.csv", [row("calls")])
    outcome = night(installation, instance)
    assert outcome.files == 0
    assert "2023-01-01" in installation.progress.problems[0][1]


def test_a_night_ends_with_a_look_at_how_things_stand(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    evaluated = [
        each.asset_check_key
        for each in run_of_night(installation, instance).get_asset_check_evaluations()
    ]
    assert evaluated[-1].name == CHECK
    looked = [each for each in evaluated if each in STANDING_CHECKS]
    assert len(looked) == len(STANDING_CHECKS)
    assert evaluated.index(dg.AssetCheckKey(dg.AssetKey("release"), "complete")) < evaluated.index(
        looked[0]
    )


def check(instance: dg.DagsterInstance, asset: list[str], name: str):
    """The latest evaluation of an asset check."""
    key = dg.AssetCheckKey(dg.AssetKey(asset), name)
    records = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
    return records[0].event.dagster_event.event_specific_data


def test_checks_say_how_much_was_examined(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    (installation.landing / "calls_20230106.xls").write_bytes(b"old")
    night(installation, instance)
    rules = check(instance, ["exports", "calls"], "rows_accepted")
    assert rules.passed
    assert rules.metadata["检查行数"].value == 1
    assert rules.metadata["规则数"].value > 20
    files = check(instance, ["exports", "calls"], "files_taken")
    assert not files.passed
    assert "另存为.xlsx" in files.metadata["拒收原因"].value
    conservation = check(instance, ["release"], "conservation")
    assert conservation.passed
    assert conservation.metadata["检查数"].value == 2


def test_a_closed_gate_is_a_failed_check_and_a_failed_run(installation, instance, monkeypatch):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    first = night(installation, instance)
    write(installation.landing, "calls_20230205.csv", [row("calls", call_id="2", **_february())])
    # Whatever is not built: no input that we know of stops the gate any more.
    monkeypatch.setattr("pipelines.night.update_facts", lambda *_: iter(()))
    second = night(installation, instance)
    assert second.failed
    assert second.release == first.release
    assert not check(instance, ["release"], "freshness").passed
    assert not check(instance, ["release"], "nothing_held").passed


def test_a_built_file_that_rotted_is_built_again(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    night(installation, instance)
    built = next(installation.warehouse.built("calls").glob("*.parquet"))
    content = built.read_bytes()
    built.unlink()
    built.write_bytes(b"rotten")
    write(installation.landing, "calls_20230205.csv", [row("calls", call_id="2", **_february())])
    second = night(installation, instance)
    assert (second.good, second.published, second.rebuilt) == (True, True, ["2023-02"])
    assert built.read_bytes() == content
    assert check(instance, ["release"], "checksums").passed
    assert check(instance, ["release"], "nothing_held").metadata["检查数"].value == 11


def _february() -> dict[str, str]:
    names = ("offered", "answered", "ended")
    return {f"{name}_at": f"2023-02-05 08:00:0{n}" for n, name in enumerate(names)}


def test_the_schedule_runs_the_whole_night(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    defs = code_location(installation)
    schedule = defs.resolve_schedule_def("night")
    assert schedule.cron_schedule == "0 2 * * *"
    assert schedule.execution_timezone == "Asia/Shanghai"
    done = defs.resolve_job_def("night").execute_in_process(instance=instance)
    assert done.success
    assert installation.warehouse.current.exists()


def test_one_asset_can_be_materialized_on_its_own(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    write(installation.landing, "calls_20230106.csv", [row("calls", call_id="2")])
    job = code_location(installation).resolve_job_def("__ASSET_JOB")
    done = job.execute_in_process(
        instance=instance,
        partition_key="2023-01-06",
        asset_selection=[dg.AssetKey(["exports", "calls"])],
    )
    assert done.success
    taken = instance.get_materialized_partitions(dg.AssetKey(["exports", "calls"]))
    assert taken == {"2023-01-06"}


def test_a_failure_is_our_sentence_and_no_personal_datum(installation, instance):
    installation.landing.rmdir()
    job = code_location(installation).resolve_job_def("__ASSET_JOB")
    done = job.execute_in_process(
        instance=instance,
        partition_key="2023-01-06",
        asset_selection=[dg.AssetKey(["exports", "calls"])],
        raise_on_error=False,
    )
    failure = next(event for event in done.all_events if event.is_step_failure)
    assert "不存在" in failure.step_failure_data.user_failure_data.description


def materialize(installation, instance, *assets: dg.AssetKey, partition: str | None = None):
    """What the button of the interface does."""
    job = code_location(installation).resolve_job_def("__ASSET_JOB")
    chosen = {"partition_key": partition} if partition else {}
    return job.execute_in_process(
        instance=instance, asset_selection=list(assets), raise_on_error=False, **chosen
    )


def partition_event(instance, key: dg.AssetKey, partition: str) -> dg.AssetMaterialization:
    """The latest materialization of a partition."""
    records = dg.AssetRecordsFilter(key, asset_partitions=[partition])
    return instance.fetch_materializations(records, limit=1).records[0].asset_materialization


def test_a_day_that_is_held_and_one_without_a_file_are_materialized_on_demand(
    installation, instance
):
    calls = dg.AssetKey(["exports", "calls"])
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    night(installation, instance)
    first = partition_event(instance, calls, "2023-01-05")
    assert materialize(installation, instance, calls, partition="2023-01-05").success
    again = partition_event(instance, calls, "2023-01-05")
    assert again.metadata["files"].value == 1
    assert check(instance, ["exports", "calls"], "files_present").passed
    # The same content: nothing below it is out of date.
    assert again.tags["dagster/data_version"] == first.tags["dagster/data_version"]
    assert materialize(installation, instance, calls, partition="2023-01-06").success
    assert partition_event(instance, calls, "2023-01-06").metadata["files"].value == 0
    absent = check(instance, ["exports", "calls"], "files_present")
    assert (absent.passed, absent.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "2023-01-06" in absent.description


def test_steps_of_one_run_go_on_below_one_another_also_where_there_is_nothing(
    installation, instance
):
    write(installation.landing, "staff_202301.csv", [row("staff")])
    chosen = [dg.AssetKey([group, "staff"]) for group in ("exports", "details", "facts")]
    for month, files in (("2023-01", None), ("2023-02", 0)):
        assert materialize(installation, instance, *chosen, partition=month).success
        for each in chosen[1:]:
            files_of = partition_event(instance, each, month).metadata.get("files")
            assert (files_of.value if files_of else None) == files


def test_a_fact_alone_first_builds_the_details_that_are_stale(installation, instance):
    calls = [dg.AssetKey([group, "calls"]) for group in ("exports", "details", "facts")]
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    assert materialize(installation, instance, calls[0], partition="2023-01-05").success
    assert materialize(installation, instance, calls[2], partition="2023-01").success
    assert instance.get_materialized_partitions(calls[1]) == {"2023-01"}
    assert partition_event(instance, calls[2], "2023-01").metadata["明细行数"].value == 1


def test_the_release_alone_first_builds_all_that_is_stale(installation, instance):
    calls = [dg.AssetKey([group, "calls"]) for group in ("exports", "details", "facts")]
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    assert materialize(installation, instance, calls[0], partition="2023-01-05").success
    assert materialize(installation, instance, dg.AssetKey("release")).success
    assert installation.warehouse.current.exists()
    assert instance.get_materialized_partitions(calls[2]) == {"2023-01"}


def test_a_refused_file_makes_the_night_red_and_its_page_says_why(installation, instance):
    write(installation.landing, "calls_20230105.csv", [row("calls")])
    (installation.landing / "calls_20230106.xls").write_bytes(b"old")
    done = run_of_night(installation, instance)
    assert not done.success
    verdict = check(instance, ["operations", "night"], CHECK)
    assert (verdict.passed, verdict.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "另存为.xlsx" in verdict.description
    assert verdict.metadata["见 exports/calls"].value == dg.AssetKey(["exports", "calls"])
    # Its work is done all the same.
    assert Outcome.of_event(verdict).good
    assert run_of_night(installation, instance).success
