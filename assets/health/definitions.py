"""The standing questions as asset checks, one step for all of them.

Belongs here: the declarations: beside which asset each answer is shown, and its colour. Red is what
the pipeline owes, yellow what people owe.
"""

from collections.abc import Iterator

import dagster as dg

from assets.core import HotlineError
from assets.exports.definitions import export_key
from assets.facts.definitions import fact_key
from assets.health.built import nothing_stale
from assets.health.course import knowledge_on_course
from assets.health.days import DAILY, expected_days
from assets.health.finding import Finding
from assets.health.issues import issued_when_due
from assets.health.quarantine import worked_off
from assets.installation import Installation
from assets.releases.definitions import KEY as RELEASE
from assets.reports.definitions import report_key
from schemas import EXPORTS
from schemas.reports import KINDS

_DAYS = "expected_days_present"
_QUARANTINE = "quarantine_worked_off"
_STALE = "nothing_stale"
_COURSE = "on_course"
_ISSUED = "issued_by_due_date"
_TITLES = {
    _DAYS: "现状：从第一天到现在，每天的导出都到了",
    _QUARANTINE: "现状：没有长期未处理的隔离行",
    _STALE: "现状：各期都已按现有数据算出，没有过期或失败的",
    _COURSE: "现状：按目前进度，本月知识库更新能够达标",
    _ISSUED: "现状：到期的报告都已印发",
}
_SHOWN_BESIDE = [
    *((_DAYS, export_key(name)) for name in DAILY),
    *((_QUARANTINE, export_key(name)) for name in EXPORTS),
    (_STALE, RELEASE),
    (_COURSE, fact_key("knowledge")),
    *((_ISSUED, report_key(kind)) for kind in KINDS),
]
STANDING = [dg.AssetCheckKey(asset, name) for name, asset in _SHOWN_BESIDE]


def findings(installation: Installation) -> Iterator[tuple[dg.AssetCheckKey, Finding]]:
    """Every standing question that the profile of a site lets one ask, and its answer."""
    for name, finding in expected_days(installation).items():
        yield dg.AssetCheckKey(export_key(name), _DAYS), finding
    for name, finding in worked_off(installation).items():
        yield dg.AssetCheckKey(export_key(name), _QUARANTINE), finding
    yield dg.AssetCheckKey(RELEASE, _STALE), nothing_stale(installation)
    yield dg.AssetCheckKey(fact_key("knowledge"), _COURSE), knowledge_on_course(installation)
    for kind, finding in issued_when_due(installation).items():
        yield dg.AssetCheckKey(report_key(kind), _ISSUED), finding


def _result(key: dg.AssetCheckKey, finding: Finding) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.ERROR if finding.ours else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=finding.good,
        severity=severity,
        description=finding.sentence,
        metadata={"检查数": finding.examined},
    )


def standing_checks() -> dg.AssetChecksDefinition:
    """All standing checks; any of them can be run alone."""

    @dg.multi_asset_check(
        name="standing_checks",
        description="现在还有什么不对：只看台账和当前发布，不改变任何东西。",
        specs=[
            dg.AssetCheckSpec(name, asset=asset, description=_TITLES[name])
            for name, asset in _SHOWN_BESIDE
        ],
        can_subset=True,
    )
    def checks(
        context: dg.AssetCheckExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[dg.AssetCheckResult]:
        try:
            answers = dict(findings(installation))
        except HotlineError as error:
            raise dg.Failure(description=str(error), allow_retries=False) from None
        absent = Finding(True, 0, "来源配置里没有这种导出。")
        for key in context.selected_asset_check_keys:
            yield _result(key, answers.get(key, absent))

    return checks
