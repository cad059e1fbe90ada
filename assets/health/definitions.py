"""The questions of this room as Dagster asset checks, one step for all of them.

Red, which fails the run, is what needs somebody today; yellow is what people owe in time.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from assets.core import GOOD, CheckResult
from assets.exports.definitions import export_key
from assets.facts.definitions import fact_key
from assets.graph import Event, StepEvent, result_event, run_step
from assets.health.exports import (
    DAILY,
    EXPECTED_DAYS,
    HELD,
    QUARANTINE,
    check_expected_days,
    check_held,
    check_quarantine,
)
from assets.health.results import (
    KNOWLEDGE,
    REPORTS,
    STALE,
    check_knowledge,
    check_reports,
    check_stale,
)
from assets.installation import Installation
from assets.releases.definitions import KEY as RELEASE
from assets.reports.definitions import report_key
from schemas import EXPORTS
from schemas.reports import KINDS

# Name and title of each question, and the assets beside which its answers are shown.
_BESIDE: list[tuple[tuple[str, str], list[dg.AssetKey]]] = [
    (EXPECTED_DAYS, [export_key(name) for name in DAILY]),
    (HELD, [export_key(name) for name in EXPORTS]),
    (QUARANTINE, [export_key(name) for name in EXPORTS]),
    (STALE, [RELEASE]),
    (KNOWLEDGE, [fact_key("knowledge")]),
    (REPORTS, [report_key(kind) for kind in KINDS]),
]
STANDING_CHECKS = [
    dg.AssetCheckKey(asset, name) for (name, _), assets in _BESIDE for asset in assets
]


def standing_results(installation: Installation) -> Iterator[tuple[dg.AssetCheckKey, CheckResult]]:
    """The answer to every question that the profile of an installation lets one ask."""
    results: list[tuple[dg.AssetKey, CheckResult]] = [
        *((export_key(name), each) for name, each in check_expected_days(installation).items()),
        *((export_key(name), each) for name, each in check_held(installation).items()),
        *((export_key(name), each) for name, each in check_quarantine(installation).items()),
        (RELEASE, check_stale(installation)),
        (fact_key("knowledge"), check_knowledge(installation)),
        *((report_key(kind), each) for kind, each in check_reports(installation).items()),
    ]
    for key, result in results:
        yield dg.AssetCheckKey(key, result.name), result


def standing_events(
    installation: Installation, wanted: Collection[dg.AssetCheckKey] = tuple(STANDING_CHECKS)
) -> Iterator[Event]:
    """The answers to some questions; of an export that the platform does not have, a good one."""
    answers = dict(standing_results(installation))
    for key in wanted:
        absent = CheckResult(key.name, "", GOOD, "来源配置里没有这种导出。")
        yield result_event(answers.get(key, absent), key.asset_key)


def standing_checks() -> dg.AssetChecksDefinition:
    """All standing checks; any of them can be run alone."""

    @dg.multi_asset_check(
        name="standing_checks",
        description="现在还有什么不对：只看台账和当前发布，不改变任何东西。",
        specs=[
            dg.AssetCheckSpec(name, asset=asset, description=title)
            for (name, title), assets in _BESIDE
            for asset in assets
        ],
        can_subset=True,
    )
    def checks(
        context: dg.AssetCheckExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[StepEvent]:
        wanted = context.selected_asset_check_keys
        # Beside assets that somebody materializes it only shows; looked at alone, or after a night,
        # red is red.
        alone = not context.run.asset_selection
        events = standing_events(installation, wanted)
        yield from run_step(context, installation, events, may_fail=alone)

    return checks
