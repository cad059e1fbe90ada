"""Column schemas, and steps: how work of ours runs in Dagster, and how it is stopped.

An error of ours becomes a failed step whose text is our sentence and nothing else.
"""

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

import dagster as dg
from dagster._core.definitions.source_asset import SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION

from assets.core import HotlineError, error_sentence
from assets.graph.events import INPUT, Event, is_wrong
from assets.installation import Installation
from schemas.fields import Column

_POINTER = "dagster/input_event_pointer/"
StepEvent = Event | dg.AssetCheckResult | dg.MaterializeResult  # type: ignore[type-arg]


def column_schema(columns: tuple[Column, ...]) -> dg.TableSchema:
    """Columns as the Dagster UI shows them: Chinese title, unit, constraints."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.stored_name,
                type=str(column.arrow_type),
                description=column.title + (f"（{column.unit}）" if column.unit else ""),
                constraints=dg.TableColumnConstraints(
                    nullable=not column.required, other=list(column.codes)
                ),
            )
            for column in columns
        ]
    )


@contextmanager
def warehouse_step(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, installation: Installation
) -> Iterator[None]:
    """Hold the warehouse during a step; let it fail with our sentence where we have one."""
    try:
        with installation.held(context.log.info):
            yield
    except (HotlineError, OSError) as error:
        again = isinstance(error, OSError)
        raise dg.Failure(description=error_sentence(error), allow_retries=again) from None


def run_step(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext,
    installation: Installation,
    events: Iterable[Event],
    *,
    may_fail: bool = True,
) -> Iterator[StepEvent]:
    """Do the work of a step, and give Dagster each event as it comes; each is stored at once.

    Args:
        context: of the step.
        installation: whose warehouse is held meanwhile.
        events: what the work gives.
        may_fail: whether a check that failed in red fails the step.

    Raises:
        dg.Failure: a check failed that fails its run; what was made is recorded as made. Or a
            partition was asked for that there is not yet.
    """
    own, wrong = context.selected_asset_check_keys, []
    with warehouse_step(context, installation):
        _check_partitions(context, installation)
        for event in _stoppable(events):
            if is_wrong(event):
                wrong.append(event.description or "")
            if isinstance(event, dg.AssetMaterialization):
                yield _with_pointers(event, context.instance)
            elif isinstance(event, dg.AssetCheckEvaluation) and event.asset_check_key in own:
                yield _result(event)
            else:
                yield event
    if wrong and may_fail:
        raise dg.Failure(description="\n".join(dict.fromkeys(wrong)), allow_retries=False)
    if isinstance(context, dg.AssetExecutionContext):
        # Steps below wait for an output. Dagster would add a materialization of every partition of
        # the run to it, with no word on the content; those that were made have been given above.
        yield dg.MaterializeResult(metadata={SYSTEM_METADATA_KEY_SOURCE_ASSET_OBSERVATION: True})


def _check_partitions(
    context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext, installation: Installation
) -> None:
    """See that every partition of a run is one by now.

    Raises:
        HotlineError: one is not; the interface offers none of these, its API takes them.
    """
    if not isinstance(context, dg.AssetExecutionContext):
        return
    partitions = context.assets_def.partitions_def
    if partitions is None:
        return
    ends = {min(context.partition_keys), max(context.partition_keys)}
    with dg.partition_loading_context(installation.now()):
        unknown = sorted(each for each in ends if not partitions.has_partition_key(each))
    if unknown:
        raise HotlineError(
            f"没有 {'、'.join(unknown)} 这一期：它还没有结束，或早于起始日。请另选。"
        )


def _stoppable(events: Iterable[Event]) -> Iterator[Event]:
    """The events, until the process is interrupted (Terminate, Ctrl-C, SIGTERM).

    That is an exception wherever the main thread is. Whoever calls us back may swallow it, or wrap
    it in one of its own (Polars does): then the work ends before its next event all the same.
    """
    stopped = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        raise dg.DagsterExecutionInterruptedError

    iterator = iter(events)
    while True:
        try:
            with _interrupted_by(stop):
                event = next(iterator)
        except StopIteration:
            return
        except Exception:
            if stopped:
                raise dg.DagsterExecutionInterruptedError from None
            raise
        if stopped:
            raise dg.DagsterExecutionInterruptedError
        yield event


@contextmanager
def _interrupted_by(stop: object) -> Iterator[None]:
    """Call a function where the process is to stop; Dagster's own handler comes back afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, stop)  # type: ignore[arg-type]
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _with_pointers(
    event: dg.AssetMaterialization, instance: dg.DagsterInstance
) -> dg.AssetMaterialization:
    """A materialization that says as of which event it was made, beside each of its inputs.

    Whatever was recorded of them until now went into it: the warehouse is held.
    """
    inputs = [tag.removeprefix(INPUT) for tag in event.tags or {} if tag.startswith(INPUT)]
    if not inputs:
        return event
    last = str(instance.event_log_storage.get_maximum_record_id() or "NULL")
    return event._replace(tags={**(event.tags or {}), **{_POINTER + each: last for each in inputs}})


def _result(event: dg.AssetCheckEvaluation) -> dg.AssetCheckResult:
    """The result of a check that the step declares."""
    return dg.AssetCheckResult(
        asset_key=event.asset_key,
        check_name=event.check_name,
        passed=event.passed,
        severity=event.severity,
        description=event.description,
        metadata=event.metadata,
    )
