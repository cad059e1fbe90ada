"""The night: ingest what has arrived, update what depends on it, publish, issue reports, look.

A night gives events, one for each partition it made and one for each check; what is to be done is
asked of the warehouse before each stage, so an interrupted night is continued by the next one.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from itertools import chain
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
from pydantic import Field

from assets.core import make_folder, remove_folder
from assets.details import details_plans, stale_details
from assets.details.definitions import update_details
from assets.exports import PendingExports, pending_exports
from assets.exports.definitions import take_exports
from assets.facts import FROM_DETAILS, MONTHLY, FactsPlan
from assets.facts.definitions import update_facts
from assets.graph import Event, chapter_link, evaluation, is_wrong, materialization
from assets.health.definitions import standing_events
from assets.indicators import YEARLY, IndicatorsPlan
from assets.indicators.definitions import update_indicators
from assets.installation import Installation
from assets.quarantine import update_history
from assets.releases import current_release, needs_publishing, pending_approval, stale_tables
from assets.releases.definitions import publish_release
from assets.reports.definitions import issue_reports
from assets.reports.issue import due_reports, refresh_index
from assets.scoring.definitions import score_release
from schemas.wall_clock import TIME_ZONE

KEY = dg.AssetKey(["operations", "night"])
CHECK = "up_to_date"
# How many files there are to take, observed at the beginning.
PENDING = "待接收文件数"
WHAT = "接收新到的导出，重算受影响的月份，检查并发布，印发到期的报告，最后查看现状。"
_STAGES = {
    "exports": "接收",
    "details": "整理",
    "facts": "统计",
    "indicators": "年度指标",
    "release": "发布",
    "scoring": "计分",
    "reports": "报告",
}
_SHOWN = 20


class NightRequest(dg.Config):
    """What is asked of a night; unless anything is said, everything.

    Attributes:
        first: first export date to take, ISO; empty for no bound. Whatever is stale is rebuilt.
        last: last one, likewise.
        days: export dates to take; empty for all.
        as_of: the night after this day, ISO; no report is issued and nobody told in its name.
        archive_only: whether nothing is taken from the source: the archive is all there is.
    """

    first: str = ""
    last: str = ""
    days: list[str] = Field(default_factory=list)
    as_of: str = ""
    archive_only: bool = False

    def wants(self, day: date) -> bool:
        """Whether the export of a day is to be taken."""
        between = (self.first or "0") <= day.isoformat() <= (self.last or "9")
        return between and (not self.days or day.isoformat() in self.days)

    def seen_from(self, installation: Installation) -> Installation:
        """The installation in the night that is asked for."""
        if not self.as_of:
            return installation
        after = date.fromisoformat(self.as_of) + timedelta(days=1)
        night = datetime.combine(after, time(2), ZoneInfo(TIME_ZONE))
        return replace(installation, now=lambda: night)


@dataclass
class Stage:
    """What one stage of a night came to.

    Attributes:
        made: partitions.
        rows: rows of them.
        seconds: that it took.
        failed: checks that failed it.
    """

    made: int = 0
    rows: int = 0
    seconds: float = 0
    failed: int = 0


@dataclass
class Outcome:
    """What a night came to.

    Attributes:
        files: files that were new or stale.
        rebuilt: months whose facts were built.
        failed: what failed, a sentence each.
        stale: what is still not up to date: "table month".
        release: id of the current release.
        published: whether it is a new one.
        unreachable: why the source could not be listed; empty where it could.
        held: id of a release that waits for a person because a past month moved; a pinned release
            is one that a person decided on, and nothing is left undone.
        reports: reports that were due, or looked at because their exports changed.
        attention: what needs somebody today although the night did its work, a sentence each.
        assets: the assets that these sentences are about.
        stages: what each stage came to.
    """

    files: int = 0
    rebuilt: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    release: str | None = None
    published: bool = False
    unreachable: str = ""
    held: str | None = None
    reports: int = 0
    attention: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    stages: dict[str, Stage] = field(default_factory=dict)

    @property
    def idle(self) -> bool:
        """Whether there was nothing to do."""
        return not (
            self.files
            or self.rebuilt
            or self.published
            or self.reports
            or self.failed
            or self.unreachable
        )

    @property
    def good(self) -> bool:
        """Whether everything is up to date and published."""
        return not (self.undone or self.held)

    @property
    def undone(self) -> str:
        """What is left undone, in Chinese; a release that waits for a person is not."""
        left = [*self.failed, *([self.unreachable] if self.unreachable else [])]
        left += self.stale[:_SHOWN]
        if not left and self.release is None:
            left.append("没有可发布的内容")
        return f"仍未完成：{'、'.join(left)}。请运行 hotline status 查看。" if left else ""

    @property
    def needs_somebody(self) -> list[str]:
        """Everything that somebody has to see to; nothing after a good night."""
        waits = f"{self.held} 等待确认：请用 hotline status 查看，用 hotline approve 确认。"
        found = [self.undone, waits if self.held else "", *self.attention]
        return [each for each in found if each]

    def note(self, event: Event) -> None:
        """Enter an event of the night."""
        if isinstance(event, dg.AssetObservation):
            return
        group = event.asset_key.path[0]
        stage = self.stages.setdefault(group, Stage())
        if isinstance(event, dg.AssetMaterialization):
            stage.made += 1
            rows = event.metadata.get("dagster/row_count")
            stage.rows += (rows.value or 0) if isinstance(rows, dg.IntMetadataValue) else 0
            self.reports += group == "reports"
            if group == "facts" and event.partition and event.partition not in self.rebuilt:
                self.rebuilt.append(event.partition)
        elif isinstance(event, dg.AssetCheckEvaluation) and not event.passed:
            if is_wrong(event):
                stage.failed += 1
                self.failed.append(event.description or event.check_name)
                self._about(event)
            elif event.check_name == "files_taken":
                self.attention.append(event.description or "")
                self._about(event)

    def note_standing(self, event: Event) -> None:
        """Enter how things stand after the night; what failed in it is not said twice."""
        if is_wrong(event) and not self.undone:
            self.attention.append(event.description or "")
            self._about(event)

    def _about(self, event: Event) -> None:
        if (key := event.asset_key.to_user_string()) not in self.assets:
            self.assets.append(key)

    @classmethod
    def of_event(cls, event: dg.AssetCheckEvaluation) -> "Outcome":
        """The outcome that the check of a night was recorded with."""
        stored: Any = event.metadata["outcome"].value
        known = {each.name for each in fields(cls)}
        outcome = cls(**{name: value for name, value in stored.items() if name in known})
        outcome.stages = {name: Stage(**each) for name, each in stored["stages"].items()}
        return outcome


class Night:
    """One night of an installation.

    Args:
        installation: the installation; hold its warehouse for writing.
        request: what is asked.
        why: what led to it, for the journal.
    """

    def __init__(
        self, installation: Installation, request: NightRequest | None = None, why: str = "night"
    ) -> None:
        self.request = request or NightRequest()
        self.outcome = Outcome()
        self._installation = self.request.seen_from(installation)
        self._why = why
        self._nothing = installation.warehouse.root / ".tmp-landing"

    def events(self) -> Iterator[Event]:
        """Do everything that is missing or stale, look at how things stand, and say how it went."""
        if self.request.archive_only:
            make_folder(self._nothing)
            self._installation = replace(self._installation, stand_in=self._nothing)
        try:
            for event in self._work():
                self.outcome.note(event)
                yield event
            self._close()
            for event in standing_events(self._installation):
                self.outcome.note_standing(event)
                yield event
        finally:
            if self.request.archive_only:
                remove_folder(self._nothing)
        yield from _verdict(self._installation, self.outcome)

    def _work(self) -> Iterator[Event]:
        found = pending_exports(self._installation)
        yield from self._timed("exports", self._take(found))
        untaken = bool(self.outcome.failed or found.unreachable)
        plans = details_plans(self._installation)
        yield from self._timed("details", update_details(self._installation, plans))
        missing = stale_details(plans)
        # The warehouse is held: details and ledgers are as they are now until the end.
        plan = FactsPlan(self._installation.warehouse)
        # The account of rows cannot balance while details are missing: what follows from it waits,
        # and the months that can be built are.
        tables = FROM_DETAILS if missing else MONTHLY
        yield from self._timed("facts", update_facts(self._installation, plan, tables))
        yield from self._timed("indicators", update_indicators(self._installation, plan))
        warehouse = self._installation.warehouse
        before = current_release(warehouse)
        # What could not be taken is missing without anybody knowing: the last release stays.
        if not untaken and needs_publishing(warehouse, plan, self._installation.keep_releases):
            yield from self._timed("release", publish_release(self._installation, why=self._why))
            if current_release(warehouse):
                yield from self._timed("scoring", score_release(self._installation))
        update_history(warehouse, at=self._installation.now())
        self.outcome.published = current_release(warehouse) != before
        self.outcome.stale = (
            [*missing, *stale_tables(warehouse, plan)] if missing else self._left(plan, tables)
        )
        if not self.request.as_of:
            # An issue bears the time at which it was made: never one that somebody chose.
            due = due_reports(self._installation)
            events = chain.from_iterable(
                issue_reports(self._installation, kind, keys) for kind, keys in due.items() if keys
            )
            yield from self._timed("reports", events)
            refresh_index(self._installation)

    def _take(self, found: PendingExports) -> Iterator[Event]:
        wants, start = self.request.wants, self._installation.start
        if found.unreachable:
            self.outcome.unreachable = found.unreachable
            self._installation.progress.problem("", found.unreachable)
        if early := found.count(lambda day: wants(day) and day < start):
            self._installation.progress.problem(
                "",
                f"{early} 个文件的日期早于起始日 {start}，未处理：请核对 hotline.toml 的 start。",
            )

        def wanted(day: date) -> bool:
            return wants(day) and day >= start

        self.outcome.files = found.count(wanted)
        if self.outcome.files:
            yield dg.AssetObservation(KEY, metadata={PENDING: self.outcome.files})
        for name, days in found.dates.items():
            if any(map(wanted, days)):
                yield from take_exports(self._installation, name, wanted)

    def _left(self, plan: FactsPlan, tables: tuple[str, ...]) -> list[str]:
        """What could not be built: "table period"."""
        years = IndicatorsPlan(self._installation.warehouse, plan)
        return [
            *(f"{name} {month}" for name in tables for month in plan.stale(name)),
            *(f"{name} {year}" for name in YEARLY for year in years.stale(name)),
        ]

    def _timed(self, name: str, events: Iterator[Event]) -> Iterator[Event]:
        begun = perf_counter()
        yield from events
        if stage := self.outcome.stages.get(name):
            stage.seconds = round(perf_counter() - begun, 3)

    def _close(self) -> None:
        warehouse = self._installation.warehouse
        self.outcome.rebuilt.sort()
        self.outcome.release = current_release(warehouse)
        held = pending_approval(warehouse)
        self.outcome.held = held.release if held and not held.pinned else None


def _verdict(installation: Installation, outcome: Outcome) -> Iterator[Event]:
    """What the page of the night shows: whether somebody is needed, and the figures."""
    said = outcome.needs_somebody
    about: dict[str, Any] = {
        f"见 {each}": dg.MetadataValue.asset(dg.AssetKey.from_user_string(each))
        for each in outcome.assets
    }
    handbook = installation.operations.handbook_url
    if said:
        about["操作手册"] = chapter_link("12. 出错时的提示与处理", handbook)
    figures: dict[str, Any] = {
        "文件数": outcome.files,
        "重算月数": len(outcome.rebuilt),
        "报告份数": outcome.reports,
        "当前发布": outcome.release or "（尚无）",
    }
    if outcome.good:
        by_stage = {
            f"{_STAGES[name]}{title}": value
            for name, stage in outcome.stages.items()
            for title, value in (("行数", stage.rows), ("秒数", stage.seconds))
        }
        shown = {**figures, "各步": dg.MetadataValue.md(_stages(outcome)), **by_stage}
        yield materialization(KEY, shown)
    yield evaluation(
        KEY,
        CHECK,
        "\n".join(said) or "没有未完成的工作，没有需要处理的事。",
        {
            **figures,
            "各步": dg.MetadataValue.md(_stages(outcome)),
            **about,
            "outcome": dg.MetadataValue.json(asdict(outcome)),
        },
        passed=not said,
    )


def _stages(outcome: Outcome) -> str:
    """What each stage came to, as a Markdown table."""
    lines = ["| 步骤 | 期数 | 行数 | 秒 | 结果 |", "|---|---:|---:|---:|---|"]
    for name, stage in outcome.stages.items():
        result = "未完成" if stage.failed else "完成"
        lines.append(
            f"| {_STAGES[name]} | {stage.made} | {stage.rows} | {stage.seconds:.1f} | {result} |"
        )
    return "\n".join(lines)
