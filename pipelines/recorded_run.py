"""A run that a command executes itself, in its own process, recorded as those of the interface are.

It belongs to the code location: the interface shows it in the timeline of its job, can end it, and
can execute it again. No daemon and no server are needed for it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.definitions.job_base import InMemoryJob
from dagster._core.execution.api import execute_run_iterator
from dagster._core.execution.plan.objects import ErrorSource
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from assets.core import HotlineError
from assets.installation import Installation
from assets.releases.definitions import REASON_TAG
from pipelines.dagster_instance import prepare_home, recording
from pipelines.dagster_launcher import this_process
from pipelines.night import NightRequest
from pipelines.operations import NIGHT, night_asset, night_job
from pipelines.outcome import CHECK, Outcome

LOCATION = "hotline"
_MODULE = "pipelines.definitions"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_night(
    installation: Installation,
    request: NightRequest,
    *,
    why: str,
    watch: Callable[[dg.DagsterEvent], None] = lambda _: None,
) -> Outcome:
    """Run the night and record it.

    Args:
        installation: the installation; hold its warehouse for writing.
        request: what is asked of the night.
        why: what led to it, for the journal.
        watch: told of each event.

    Raises:
        HotlineError: the record cannot be opened, or the work not carried out as asked.
        KeyboardInterrupt: the night was stopped (Terminate, Ctrl-C, SIGTERM).
    """
    config = {"ops": {"operations__night": {"config": request.model_dump()}}}
    events = run_job(
        installation,
        dg.Definitions(assets=[night_asset()], jobs=[night_job()]),
        NIGHT,
        tags={REASON_TAG: why},
        config=config,
        watch=watch,
    )
    evaluated = (
        event.asset_check_evaluation_data
        for event in events
        if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION
    )
    return Outcome.of_event(next(each for each in evaluated if each.check_name == CHECK))


def run_job(
    installation: Installation,
    definitions: dg.Definitions,
    name: str,
    *,
    tags: Mapping[str, str],
    config: Mapping[str, Any] | None = None,
    assets: Sequence[dg.AssetKey] | None = None,
    watch: Callable[[dg.DagsterEvent], None] = lambda _: None,
) -> list[dg.DagsterEvent]:
    """Execute a job of the code location here; returns what happened.

    Args:
        installation: the resource of the job.
        definitions: as much of the code location as the job needs.
        name: of the job.
        tags: of the run.
        config: of the run.
        assets: of the job; all unless given.
        watch: told of each event.

    Raises:
        HotlineError: the record cannot be opened, or the work not carried out as asked.
        KeyboardInterrupt: the run was stopped (Terminate, Ctrl-C, SIGTERM).
    """
    whole = dg.Definitions.merge(
        definitions,
        dg.Definitions(resources={"installation": installation}, executor=dg.in_process_executor),
    )
    job = whole.resolve_job_def(name)
    if assets:
        job = job.get_subset(asset_selection=set(assets))
    origin = ManagedGrpcPythonEnvCodeLocationOrigin(
        LoadableTargetOrigin(module_name=_MODULE), LOCATION
    )
    with recording(prepare_home(installation), installation.postgres) as instance:
        run = instance.create_run_for_job(
            job,
            run_config={**QUIET, **(config or {})},
            # Where it fails or its process dies, the next night goes on.
            tags={**this_process(), "dagster/max_retries": "0", **tags},
            asset_selection=frozenset(assets) if assets else None,
            remote_job_origin=RemoteRepositoryOrigin(origin, "__repository__").get_job_origin(name),
        )
        events, stopped = [], False
        for event in execute_run_iterator(InMemoryJob(job), run, instance):
            if event.is_step_failure and (
                event.step_failure_data.error_source is ErrorSource.INTERRUPT
            ):
                # What the interface does before it interrupts: canceled, and not failed.
                instance.report_run_canceling(run)
                stopped = True
            watch(event)
            events.append(event)
    if stopped:
        raise KeyboardInterrupt
    _check_carried_out(events)
    return events


def _check_carried_out(events: Sequence[dg.DagsterEvent]) -> None:
    """See that a step that failed did so because of checks, which say what is left undone.

    Raises:
        HotlineError: it could not be carried out to its end.
    """
    told = {
        line
        for event in events
        if event.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION
        for line in (event.asset_check_evaluation_data.description or "").splitlines()
    }
    for failure in (event.step_failure_data for event in events if event.is_step_failure):
        said = failure.user_failure_data
        if said is None:
            kind = failure.error.cause.cls_name if failure.error and failure.error.cause else "?"
            raise HotlineError(f"这是程序的错误（{kind}），请联系维护人员；详情见 make ui。")
        description = said.description or "没有完成。"
        if not told.issuperset(description.splitlines()):
            raise HotlineError(description)
