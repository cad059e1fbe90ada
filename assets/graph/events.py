"""What a step tells Dagster, event by event: partitions that were made, and results of checks.

A room's `definitions` gives these as it works; the same events come of one asset materialized from
the interface and of a whole night, which is one step. Versions are those of the content: what lies
below a partition that was made again with the same content is not out of date.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import dagster as dg

from assets.core import NOTE, CheckResult

Event = dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation
INPUT = "dagster/input_data_version/"
# The version of whatever is not partitioned: a report is out of date when its own ledger says so,
# and not with every release.
CURRENT = "current"
_SHOWN = 50


def materialization(
    key: dg.AssetKey,
    metadata: Mapping[str, Any],
    *,
    version: str = CURRENT,
    partition: str | None = None,
    inputs: Iterable[dg.AssetKey] = (),
) -> dg.AssetMaterialization:
    """A partition that was made.

    Args:
        key: of the asset.
        metadata: shown beside it; numbers are plotted.
        version: fingerprint of the content.
        partition: unless the asset has none.
        inputs: the assets that it was made of.
    """
    tags = {"dagster/data_version": version, "dagster/code_version": "1"}
    tags |= {f"{INPUT}{each.to_user_string()}": CURRENT for each in inputs}
    return dg.AssetMaterialization(key, partition=partition, metadata=metadata, tags=tags)


def with_absent(
    events: Iterable[Event],
    key: dg.AssetKey,
    partitions: Collection[str],
    reason: str,
    inputs: Iterable[dg.AssetKey] = (),
) -> Iterator[Event]:
    """Events of a step that somebody asked for, with those partitions that there is nothing for.

    A partition that was asked for and has no event is one that failed, for Dagster: a backfill
    would go no further. Those that did fail are left out.

    Args:
        events: of the step.
        key: of its asset.
        partitions: that were asked for.
        reason: why there is nothing for a partition, in Chinese.
        inputs: the assets that it would be made of.
    """
    left, failed = set(partitions), False
    for event in events:
        if isinstance(event, dg.AssetMaterialization) and event.asset_key == key:
            left.discard(event.partition or "")
        failed = failed or is_wrong(event)
        yield event
    for partition in sorted(left if not failed else ()):
        metadata = {"files": 0, "dagster/row_count": 0, "说明": reason}
        yield materialization(key, metadata, version="absent", partition=partition, inputs=inputs)


def evaluation(
    key: dg.AssetKey,
    name: str,
    sentence: str,
    metadata: Mapping[str, Any],
    *,
    passed: bool,
    warn: bool = False,
) -> dg.AssetCheckEvaluation:
    """The result of a check.

    Args:
        key: of the asset.
        name: of the check.
        sentence: what was found, in Chinese.
        metadata: how much was examined.
        passed: whether nothing is wrong.
        warn: whether a failure is shown in yellow and fails no run.
    """
    severity = dg.AssetCheckSeverity.WARN if warn else dg.AssetCheckSeverity.ERROR
    return dg.AssetCheckEvaluation(
        asset_key=key,
        check_name=name,
        passed=passed,
        severity=severity,
        description=sentence,
        metadata={name: _value(value) for name, value in metadata.items()},
    )


def result_event(result: CheckResult, key: dg.AssetKey) -> dg.AssetCheckEvaluation:
    """A result of ours as an asset check: what was examined, not only whether it passed."""
    metadata: dict[str, int | str] = {"检查数": result.examined}
    if not result.sentence:
        metadata["规则数"] = result.rules
        metadata["问题"] = "\n".join(result.faults[:_SHOWN]) or "无"
    return evaluation(
        key,
        result.name,
        result.sentence or result.title,
        metadata,
        passed=result.passed,
        warn=result.level == NOTE and not result.urgent,
    )


def is_wrong(event: Event) -> bool:
    """Whether an event is a failed check that fails its run."""
    return (
        isinstance(event, dg.AssetCheckEvaluation)
        and not event.passed
        and event.severity is dg.AssetCheckSeverity.ERROR
    )


def _value(value: Any) -> dg.MetadataValue[Any]:  # noqa: ANN401 Whatever Dagster can show.
    if isinstance(value, dg.MetadataValue):
        return value
    if isinstance(value, int):
        return dg.MetadataValue.int(value)
    return dg.MetadataValue.text(str(value))
