"""The reports as Dagster assets, one for each kind.

Dagster is told of an issue where its files are, whether it was in time, and what its first page
looks like. What there is to issue is decided in `assets.reports.issue`.
"""

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dagster as dg

from assets.core import HotlineError
from assets.graph import Partitions, warehouse_step
from assets.installation import Installation
from assets.releases.definitions import KEY as RELEASE
from assets.reports.content import period_of
from assets.reports.issue import Entry, Issued, Issuer, NoReport, write_index
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


def _report_asset(kind: ReportKind, partitions: Partitions) -> dg.AssetsDefinition:
    key = report_key(kind)

    @dg.asset(
        key=key,
        description=_DESCRIPTIONS[kind],
        deps=[RELEASE],
        partitions_def=partitions.reports[kind],
        backfill_policy=dg.BackfillPolicy.single_run(),
        # Only periods that have a report are materialized, by the events below.
        output_required=False,
        kinds={"word", "excel", "html", "pdf"},
        check_specs=[
            dg.AssetCheckSpec(
                "in_time", asset=key, description="最近一次运行所印发的报告都在期限之内"
            )
        ],
    )
    def report(
        context: dg.AssetExecutionContext, installation: dg.ResourceParam[Installation]
    ) -> Iterator[dg.AssetCheckResult]:
        with warehouse_step(context, installation):
            issuer = Issuer(installation)
            issued, without, failed = _issue_each(context, installation, issuer, kind)
            write_index(installation)
            new = [each for each in issued if each.stamp]
            newest = max(new, key=lambda each: each.entry.last, default=None)
            for each in issued:
                metadata = _metadata(installation, each)
                if each is newest and kind in _PICTURED:
                    png = base64.b64encode(issuer.preview(each)).decode()
                    picture = f"![首页](data:image/png;base64,{png})"
                    metadata["首页"] = dg.MetadataValue.md(picture)
                context.log_event(
                    dg.AssetMaterialization(key, partition=each.entry.period, metadata=metadata)
                )
            if failed:
                raise dg.Failure(description="\n".join(failed), allow_retries=False)
            if without and not issued:
                # Whoever asks for a single report wants to know why there is none.
                raise without[0]
        yield _in_time(key, [each.entry for each in issued])

    return report


def _issue_each(
    context: dg.AssetExecutionContext, installation: Installation, issuer: Issuer, kind: ReportKind
) -> tuple[list[Issued], list[NoReport], list[str]]:
    """Issue the periods of a run; one that fails does not stop the others.

    Returns:
        What was issued, why others have no report, and what failed.
    """
    issued, without, failed = [], [], []
    for key in context.partition_keys:
        try:
            issued.append(issuer.issue(period_of(kind, key, installation.reports.week_start)))
        except NoReport as error:
            context.log.info(str(error))
            without.append(error)
        except HotlineError as error:
            failed.append(f"{key}：{error}")
            installation.progress.problem(f"{TITLES[kind]} {key}", str(error))
        installation.progress.advance(GROUP, 1)
    return issued, without, failed


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


def _in_time(key: dg.AssetKey, entries: Sequence[Entry]) -> dg.AssetCheckResult:
    late = [each.period for each in entries if not each.in_time and not each.backfilled]
    return dg.AssetCheckResult(
        asset_key=key,
        check_name="in_time",
        passed=not late,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "检查份数": len(entries),
            "补发份数": sum(each.backfilled for each in entries),
            "迟发的期间": "、".join(late) or "无",
        },
    )
