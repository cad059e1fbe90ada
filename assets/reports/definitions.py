"""The reports as Dagster assets, one for each kind.

Dagster is told of an issue where its files are, whether it was in time, and what its first page
looks like. What there is to issue is decided in `assets.reports.issue`.
"""

import base64
from collections.abc import Collection, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote

import dagster as dg

from assets.core import HotlineError, error_sentence
from assets.graph import (
    Event,
    Partitions,
    StepEvent,
    evaluation,
    materialization,
    run_step,
    with_absent,
)
from assets.installation import Installation
from assets.releases.definitions import KEY as RELEASE
from assets.reports.content import period_of
from assets.reports.issue import Issued, Issuer, NoReport, write_index
from schemas.reports import KINDS, TITLES, ReportKind

GROUP = "reports"
_DESCRIPTIONS: dict[ReportKind, str] = {
    "daily": "日报：一天的话务和工单，次日早上印发。",
    "weekly": "周报：一周与上一周的对比，星期三印发。",
    "monthly": "月报：指标、排名和更正，次月5日前印发。",
    "annual": "年报：十二个月的评价表格，次年1月31日前印发。",
}
_FORMS = {"docx": "Word", "xlsx": "Excel", "html": "网页", "pdf": "PDF"}
# A picture takes half a megabyte of the event log: one a day would be most of it.
_PICTURED: tuple[ReportKind, ...] = ("weekly", "monthly", "annual")


def report_key(kind: ReportKind) -> dg.AssetKey:
    """Asset key of the reports of a kind."""
    return dg.AssetKey([GROUP, kind])


def report_assets(partitions: Partitions) -> list[dg.AssetsDefinition]:
    """One asset for each kind of report."""
    return [_report_asset(kind, partitions) for kind in KINDS]


def issue_reports(
    installation: Installation, kind: ReportKind, keys: Collection[str]
) -> Iterator[Event]:
    """Issue the reports of some periods, or look at them again: an event each, then the check.

    One that fails does not stop the others.

    Args:
        installation: the installation.
        kind: kind of report.
        keys: of the periods.
    """
    key, issuer = report_key(kind), Issuer(installation)
    late: list[str] = []
    failed: list[str] = []
    without: list[str] = []
    backfilled = 0
    for number, period in enumerate(sorted(keys), 1):
        begun = perf_counter()
        try:
            issued = issuer.issue(period_of(kind, period, installation.reports.week_start))
        except NoReport as error:
            without.append(str(error))
            continue
        except (HotlineError, OSError) as error:
            failed.append(f"{period}：{error_sentence(error)}")
            installation.progress.problem(f"{TITLES[kind]} {period}", error_sentence(error))
            continue
        entry = issued.entry
        backfilled += entry.backfilled
        late += [entry.period] * (not entry.in_time and not entry.backfilled)
        metadata = _metadata(installation, issued)
        metadata["秒数"] = dg.MetadataValue.float(round(perf_counter() - begun, 3))
        if issued.stamp and number == len(keys) and kind in _PICTURED:
            png = base64.b64encode(issuer.preview(issued)).decode()
            metadata["首页"] = dg.MetadataValue.md(f"![首页](data:image/png;base64,{png})")
        yield materialization(
            key,
            metadata,
            version=f"{entry.number}/{entry.revision}",
            partition=entry.period,
            inputs=[RELEASE],
        )
    write_index(installation)
    said = [*failed, *without, *([f"迟发：{'、'.join(late)}"] if late else [])]
    yield evaluation(
        key,
        "in_time",
        "\n".join(said) or "都在期限之内。",
        {
            "检查份数": len(keys) - len(failed) - len(without),
            "补发份数": backfilled,
            "迟发的期间": "、".join(late) or "无",
            "没有报告的期间": "\n".join(without) or "无",
        },
        passed=not said,
        warn=not failed,
    )


def _report_asset(kind: ReportKind, partitions: Partitions) -> dg.AssetsDefinition:
    key = report_key(kind)

    @dg.asset(
        key=key,
        description=_DESCRIPTIONS[kind],
        deps=[RELEASE],
        partitions_def=partitions.reports[kind],
        backfill_policy=dg.BackfillPolicy.single_run(),
        kinds={"word", "excel", "html", "pdf"},
        check_specs=[
            dg.AssetCheckSpec(
                "in_time", asset=key, description="最近一次运行所印发的报告都在期限之内"
            )
        ],
    )
    def report(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[StepEvent]:
        keys = context.partition_keys
        events = issue_reports(installation, kind, keys)
        whole = with_absent(events, key, keys, "这一期没有报告，原因见检查。", [RELEASE])
        yield from run_step(context, installation, whole)

    return report


def _metadata(installation: Installation, issued: Issued) -> dict[str, dg.MetadataValue[Any]]:
    """What the interface shows of an issue."""
    entry = issued.entry
    return {
        "期号": dg.MetadataValue.int(entry.number),
        "版次": dg.MetadataValue.int(entry.revision),
        "新印发": dg.MetadataValue.bool(issued.stamp is not None),
        "是否按时": dg.MetadataValue.text(entry.state),
        "印发时间": dg.MetadataValue.timestamp(entry.issued_at),
        "所用发布": dg.MetadataValue.text(entry.release),
        "改动": dg.MetadataValue.md("\n".join(f"- {each}" for each in issued.changes) or "无"),
        "全部报告": _link(installation, installation.warehouse.reports_index),
        **{_FORMS[form]: _link(installation, path) for form, path in issued.files.items()},
    }


def _link(installation: Installation, path: Path) -> dg.MetadataValue[Any]:
    """A file of the reports, as a link where they are served."""
    if installation.operations.reports_url is None:
        return dg.MetadataValue.path(path)
    below = path.relative_to(installation.warehouse.reports).as_posix()
    return dg.MetadataValue.url(f"{installation.operations.reports_url.rstrip('/')}/{quote(below)}")
