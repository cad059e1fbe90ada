"""The night: ingest what has arrived, update what depends on it, publish, issue reports, look.

A night gives events, one for each partition it made and one for each check; what is to be done is
asked of the warehouse before each stage, so an interrupted night is continued by the next one.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from time import perf_counter

import dagster as dg
from pydantic import Field

from assets.core import DamagedFile, HotlineError, error_sentence, make_folder, remove_folder
from assets.details import stale_details
from assets.details.definitions import examined_plans, update_details
from assets.erasure import finish_erasure
from assets.exports import PendingExports, pending_exports
from assets.exports.definitions import take_exports
from assets.facts import FROM_DETAILS, MONTHLY, FactsPlan
from assets.facts.definitions import update_facts
from assets.graph import Event
from assets.health import log_events, write_metrics
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
from assets.scrub import forget_damaged
from pipelines.outcome import KEY, PENDING, Outcome, verdict

WHAT = "接收新到的导出，重算受影响的月份，检查并发布，印发到期的报告，最后查看现状。"


class NightRequest(dg.Config):
    """What is asked of a night; unless anything is said, everything.

    Attributes:
        first: first export date to take, ISO; empty for no bound. Whatever is stale is rebuilt.
        last: last one, likewise.
        days: export dates to take; empty for all.
        as_of: last export date to take, ISO, as in the night after it; the clock stays the real
            one. No report is issued and nobody told.
        archive_only: whether nothing is taken from the source: the archive is all there is.
    """

    first: str = ""
    last: str = ""
    days: list[str] = Field(default_factory=list)
    as_of: str = ""
    archive_only: bool = False

    def wants(self, day: date) -> bool:
        """Whether the export of a day is to be taken."""
        last = min(self.last or "9", self.as_of or "9")
        between = (self.first or "0") <= day.isoformat() <= last
        return between and (not self.days or day.isoformat() in self.days)


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
        self._installation = installation
        self._why = why
        self._nothing = installation.warehouse.root / ".tmp-landing"

    def events(self) -> Iterator[Event]:
        """Do everything that is missing or stale, look at how things stand, and say how it went.

        Raises:
            HotlineError: the work could not go on; how far it went is said before.
            OSError: the disk did not let it, likewise.
        """
        begun = perf_counter()
        if self.request.archive_only:
            make_folder(self._nothing)
            self._installation = replace(self._installation, stand_in=self._nothing)
        try:
            for event in self._mended_work():
                self.outcome.note(event)
                yield event
            self._close()
            for event in standing_events(self._installation):
                self.outcome.note_standing(event)
                yield event
        except (HotlineError, OSError) as error:
            # Whoever looks at the page of the night in the morning reads why it broke off.
            self.outcome.failed.append(error_sentence(error).removesuffix("。"))
            yield from self._ended(perf_counter() - begun)
            raise
        finally:
            if self.request.archive_only:
                remove_folder(self._nothing)
        yield from self._ended(perf_counter() - begun)

    def _ended(self, seconds: float) -> Iterator[Event]:
        """Say how it went, to log and metrics, too, where there are any."""
        said = self.outcome.needs_somebody
        night = {
            "event": "night",
            "why": self._why,
            "seconds": round(seconds, 1),
            "in_order": not said,
            "files": self.outcome.files,
            "months": self.outcome.rebuilt,
            "release": self.outcome.release,
            "published": self.outcome.published,
            "reports": self.outcome.reports,
            "needs_somebody": said,
        }
        problems = self._installation.progress.problems
        told = [{"event": "problem", "where": at, "sentence": text} for at, text in problems]
        log_events(self._installation, [*told, night])
        write_metrics(self._installation, {"seconds": seconds, "in_order": not said})
        yield from verdict(self._installation, self.outcome)

    def _mended_work(self) -> Iterator[Event]:
        """The work; where it met a damaged file that can be made again, once more without it."""
        try:
            yield from self._work()
        except DamagedFile:
            if not self._forget_damaged():
                raise
        else:
            if not (self.outcome.failed and self._forget_damaged()):
                return
        self.outcome = Outcome()
        yield from self._work()

    def _forget_damaged(self) -> bool:
        found = forget_damaged(self._installation.warehouse)
        for each in found:
            said = f"{each.title}已损坏，现由存档重新算出。"
            self._installation.progress.problem(each.path, said)
        return bool(found)

    def _work(self) -> Iterator[Event]:
        finish_erasure(self._installation)
        found = pending_exports(self._installation)
        yield from self._timed("exports", self._take(found))
        untaken = bool(self.outcome.failed or found.unreachable)
        plans = examined_plans(self._installation)
        yield from self._timed("details", update_details(self._installation, plans))
        missing = stale_details(plans)
        # The warehouse is held: details and ledgers are as they are now until the end.
        plan = FactsPlan(self._installation)
        # The account of rows cannot balance while details are missing: what follows from it waits,
        # and the months that can be built are.
        tables = FROM_DETAILS if missing else MONTHLY
        yield from self._timed("facts", update_facts(self._installation, plan, tables))
        yield from self._timed("indicators", update_indicators(self._installation, plan))
        warehouse = self._installation.warehouse
        before = current_release(warehouse)
        self.outcome.empty = not found.unreachable and plan.inputs.files.is_empty()
        if self.outcome.empty:
            return
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
