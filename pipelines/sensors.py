"""Files that arrive in the day: when they start the night's job.

A look is cheap: names, sizes and times of files against the catalogue of the archive. What the job
does is the same as at night (`pipelines.night`).
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import dagster as dg

from assets.core import HotlineError, fingerprint
from assets.exports import pending_deliveries
from assets.graph import OWNERS
from assets.health import write_metrics
from assets.installation import Installation
from assets.releases.definitions import REASON_TAG
from pipelines.operations import NIGHT

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dataclass(frozen=True)
class _Seen:
    """What the sensor keeps between two looks.

    Attributes:
        state: fingerprint of the files that were waiting at the last look.
        started: the state that a night was last started for.
    """

    state: str = ""
    started: str = ""


def arrival_sensor(every_seconds: int) -> dg.SensorDefinition:
    """The sensor that starts the night's job in the day.

    Args:
        every_seconds: seconds between two looks.
    """

    @dg.sensor(
        name="arrivals",
        job_name=NIGHT,
        minimum_interval_seconds=every_seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=description(every_seconds, "夜间任务"),
        owners=OWNERS,
    )
    def arrivals(
        context: dg.SensorEvaluationContext, installation: dg.ResourceParam[Installation]
    ) -> dg.SensorResult:
        return look(context, installation, NIGHT)

    return arrivals


def description(every_seconds: int, what: str) -> str:
    """What a sensor for arriving files does, in Chinese.

    Args:
        every_seconds: seconds between two looks.
        what: what it starts.
    """
    return (
        f"每{every_seconds}秒看一次接收目录：有新文件，而且两次看到的都一样（已传完），"
        f"就运行{what}。没有新文件就什么也不做。"
    )


def look(
    context: dg.SensorEvaluationContext,
    installation: Installation,
    job: str,
    selection: Sequence[dg.AssetKey] | None = None,
) -> dg.SensorResult:
    """Look once at what waits in a landing folder.

    Args:
        context: with what the last look left.
        installation: whose landing folder it is.
        job: the job of the night.
        selection: the assets of it that are wanted; all unless given.
    """
    write_metrics(installation)
    seen = _Seen(**json.loads(context.cursor)) if context.cursor else _Seen()
    try:
        files = pending_deliveries(installation)
    except HotlineError as error:
        # Said by the night, too, which fails: the folder may be back by then.
        return dg.SensorResult(skip_reason=str(error))
    state = fingerprint([(each.path, each.item.size, each.item.modified) for each in files])

    def wait(reason: str) -> dg.SensorResult:
        kept = _Seen(state, seen.started)
        return dg.SensorResult(skip_reason=reason, cursor=json.dumps(asdict(kept)))

    if not files:
        return wait("没有新到的文件。")
    if state == seen.started:
        return wait(f"有 {len(files)} 个文件处理过一次仍未能接收：请用 hotline status 查看原因。")
    if state != seen.state:
        return wait(f"有 {len(files)} 个新文件，下一次看时没有变化就开始处理。")
    if context.instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=_UNDER_WAY)):
        return wait("夜间任务正在运行，等它结束后再看。")
    # The key: files that come and go around one that cannot be read start no night twice.
    request = dg.RunRequest(run_key=state, tags={REASON_TAG: "arrivals"}, asset_selection=selection)
    return dg.SensorResult(run_requests=[request], cursor=json.dumps(asdict(_Seen(state, state))))
