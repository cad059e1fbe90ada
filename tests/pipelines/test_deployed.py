"""Code server, daemon and web server as deployed, and the calls that the interface sends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from tests.samples import row, write

pytestmark = pytest.mark.proof
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
# What waiting may take on a busy machine; an idle one needs a tenth of it.
_PATIENCE = 300
T = TypeVar("T")
_LAUNCH = """mutation($p: ExecutionParams!) { launchRun(executionParams: $p) {
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_AGAIN = """mutation($p: ReexecutionParams) { launchRunReexecution(reexecutionParams: $p) {
  ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }"""
_TERMINATE = """mutation($r: String!) { terminateRun(runId: $r) { __typename } }"""
_STATUS = "query($r: ID!) { runOrError(runId: $r) { ... on Run { status } } }"
_BACKFILL = """mutation($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) {
  ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_BACKFILLED = """query($b: String!) { partitionBackfillOrError(backfillId: $b) {
  ... on PartitionBackfill { status assetBackfillData { assetBackfillStatuses {
    ... on AssetPartitionsStatusCounts { assetKey { path } numPartitionsFailed
      numPartitionsMaterialized numPartitionsTargeted }
    ... on UnpartitionedAssetStatus { assetKey { path } materialized failed } } } } } }"""
_RUNS = "{ runsOrError(limit: 5) { ... on Runs { results { runId status jobName } } } }"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(found: Callable[[], T]) -> T:
    """What is found in the end."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            if value := found():
                return value
        except OSError:
            pass  # It does not listen yet.
        time.sleep(0.2)
    raise AssertionError("nothing came of it")


class Deployment:
    """An installation with its three servers."""

    def __init__(self, folder: Path, environment: dict[str, str], port: int) -> None:
        self.folder, self.environment, self._port = folder, environment, port

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The answer of the web server."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}/graphql", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            data = json.load(answer)
        assert not data.get("errors"), data
        return data["data"]

    def launch(self, job: str) -> str:
        selector = {
            "repositoryName": "__repository__",
            "repositoryLocationName": "hotline",
            "pipelineName": job,
        }
        asked = {"selector": selector, "mode": "default", "runConfigData": {}}
        return self.ask(_LAUNCH, p=asked)["launchRun"]["run"]["runId"]

    def again(self, run: str) -> str:
        asked = {"parentRunId": run, "strategy": "FROM_FAILURE"}
        return self.ask(_AGAIN, p=asked)["launchRunReexecution"]["run"]["runId"]

    def status(self, run: str) -> str:
        return self.ask(_STATUS, r=run)["runOrError"]["status"]

    def ended(self, run: str) -> str:
        return until(lambda: (s := self.status(run)) in ("SUCCESS", "FAILURE", "CANCELED") and s)

    def started(self) -> str:
        """A run that has started and not ended."""

        def found() -> str | None:
            runs = self.ask(_RUNS)["runsOrError"]["results"]
            return next((each["runId"] for each in runs if each["status"] == "STARTED"), None)

        return until(found)

    def command(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [BIN / "hotline", "run"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def deployment(tmp_path) -> Iterator[Deployment]:
    (tmp_path / "landing").mkdir()
    settings = 'landing = "landing"\nwarehouse = "warehouse"\n'
    (tmp_path / "hotline.toml").write_text(settings)
    environment = {
        **os.environ,
        "HOTLINE_CONFIG": str(tmp_path / "hotline.toml"),
        "DAGSTER_HOME": str(tmp_path / "home"),
        "HOTLINE_CODE_SERVER": "127.0.0.1",
    }
    subprocess.run([BIN / "hotline", "home"], env=environment, check=True, capture_output=True)
    workspace = yaml.safe_load((ROOT / "deploy/workspace.yaml").read_text())
    code, web = free_port(), free_port()
    workspace["load_from"][0]["grpc_server"]["port"] = code
    path = tmp_path / "workspace.yaml"
    path.write_text(yaml.safe_dump(workspace))
    commands = (
        "dagster code-server start -m pipelines.definitions --location-name hotline"
        f" -h 127.0.0.1 -p {code}",
        f"dagster-daemon run -w {path}",
        f"dagster-webserver -w {path} -h 127.0.0.1 -p {web}",
    )
    servers = []
    try:
        for name, *words in map(str.split, commands):
            with (tmp_path / f"{name}.log").open("wb") as log:
                servers.append(
                    subprocess.Popen([BIN / name, *words], env=environment, stdout=log, stderr=log)
                )
        made = Deployment(tmp_path, environment, web)
        loaded = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
        until(lambda: made.ask(loaded)["repositoriesOrError"].get("nodes"))
        yield made
    finally:
        for each in reversed(servers):
            each.terminate()
        for each in servers:
            each.wait(60)


def test_a_month_is_backfilled_from_exports_to_reports_with_days_that_have_no_file(deployment):
    write(deployment.folder / "landing", "calls_20230105.csv", [row("calls")])
    write(deployment.folder / "landing", "staff_202301.csv", [row("staff")])
    days, month = {"start": "2023-01-01", "end": "2023-01-31"}, {"start": "2023-01"}
    month["end"] = month["start"]
    asked = [
        *(([group, "calls"], span) for group, span in (("exports", days), ("details", month))),
        *(([group, "staff"], month) for group in ("exports", "details", "facts")),
        (["facts", "calls"], month),
        (["release"], None),
        (["reports", "daily"], days),
    ]
    partitions = [
        {"assetKey": {"path": path}} | ({"partitions": {"range": span}} if span else {})
        for path, span in asked
    ]
    started = deployment.ask(_BACKFILL, p={"partitionsByAssets": partitions, "tags": []})
    backfill = started["launchPartitionBackfill"]["backfillId"]

    def ended() -> dict[str, Any] | None:
        found = deployment.ask(_BACKFILLED, b=backfill)["partitionBackfillOrError"]
        return found if found["status"].startswith("COMPLETED") else None

    done = until(ended)
    assert done["status"] == "COMPLETED_SUCCESS"
    for each in done["assetBackfillData"]["assetBackfillStatuses"]:
        if "materialized" in each:
            assert each["materialized"]
        else:
            assert each["numPartitionsFailed"] == 0
            assert each["numPartitionsMaterialized"] >= each["numPartitionsTargeted"]
    assert (deployment.folder / "warehouse/current").exists()


def test_a_command_is_ended_from_the_interface_found_when_killed_and_executed_again(deployment):
    for day in range(1, 29):
        for name in ("calls", "tickets", "callbacks"):
            write(deployment.folder / "landing", f"{name}_202301{day:02d}.csv", [row(name)])
    with deployment.command() as command:
        run = deployment.started()
        deployment.ask(_TERMINATE, r=run)
        assert command.wait(30) == 128 + signal.SIGTERM
        assert command.stderr.read() == "已中断；再运行一次即可从中断处继续。\n"
    assert deployment.status(run) == "CANCELED"
    assert not (deployment.folder / "warehouse/current").exists()
    with deployment.command() as command:
        killed = deployment.started()
        command.kill()
    assert deployment.ended(killed) == "FAILURE"
    assert deployment.ended(deployment.again(killed)) == "SUCCESS"
    assert (deployment.folder / "warehouse/current").exists()


def test_a_night_that_the_interface_launched_is_ended_and_goes_on_from_there(deployment):
    for day in range(1, 29):
        for name in ("calls", "tickets", "callbacks"):
            write(deployment.folder / "landing", f"{name}_202301{day:02d}.csv", [row(name)])
    run = deployment.launch("night")
    until(lambda: deployment.status(run) == "STARTED")
    deployment.ask(_TERMINATE, r=run)
    assert deployment.ended(run) == "CANCELED"
    assert deployment.ended(deployment.again(run)) == "SUCCESS"
