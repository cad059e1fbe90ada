"""Column schemas, steps and checks as Dagster's own values.

An error of ours becomes a failed step whose text is our sentence and nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import dagster as dg

from assets.core import HotlineError, disk_sentence, map_in_order, polars_threads
from assets.installation import Installation
from schemas.fields import Column


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
def warehouse_step(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[None]:
    """Hold the warehouse during a step; let it fail with our sentence where we have one."""
    try:
        with installation.held(context.log.info):
            yield
    except HotlineError as error:
        installation.progress.problem("", str(error))
        raise dg.Failure(description=str(error), allow_retries=False) from None
    except OSError as error:
        sentence = disk_sentence(error)
        installation.progress.problem("", sentence)
        raise dg.Failure(description=sentence, allow_retries=True) from None


def build_each(
    context: dg.AssetExecutionContext,
    installation: Installation,
    periods: Sequence[str],
    build: Callable[[str], Mapping[str, int | str]],
    *,
    check: str,
    rules: int,
) -> dg.MaterializeResult:  # type: ignore[type-arg]
    """Build the periods of a run; one that fails does not stop the others.

    Args:
        context: of the step.
        installation: told of progress and problems.
        periods: those of the run's partitions that there is anything for.
        build: builds one and returns its metadata; called in threads.
        check: name of the asset check that reports the outcome.
        rules: rules evaluated for each period.

    Raises:
        dg.Failure: at least one could not be built; the others are recorded as materialized.
    """
    key, group = context.asset_key, context.asset_key.path[0]
    done: dict[str, Mapping[str, int | str]] = {}
    failed: list[str] = []

    def attempt(period: str) -> tuple[str, Mapping[str, int | str] | HotlineError]:
        try:
            return period, build(period)
        except HotlineError as error:
            return period, error

    for period, outcome in map_in_order(attempt, periods, threads=polars_threads()):
        if isinstance(outcome, HotlineError):
            failed.append(f"{period}：{outcome}")
            installation.progress.problem(f"{key.path[-1]} {period}", str(outcome))
        else:
            done[period] = outcome
        installation.progress.advance(group, 1)
    if failed:
        for period, metadata in done.items():
            context.log_event(dg.AssetMaterialization(key, partition=period, metadata=metadata))
        raise dg.Failure(description="\n".join(failed), allow_retries=False)
    for period, metadata in done.items():
        context.add_asset_metadata(metadata, partition_key=period)
    examined = sum(int(metadata["dagster/row_count"]) for metadata in done.values())
    return dg.MaterializeResult(
        check_results=[
            dg.AssetCheckResult(
                check_name=check,
                passed=True,
                metadata={
                    "检查期数": len(done),
                    "检查行数": examined,
                    "规则数": rules * len(done),
                },
            )
        ]
    )
