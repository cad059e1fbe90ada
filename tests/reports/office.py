"""A released installation and a renderer that composes what a test tells it: no real renderer."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from assets.installation.installation import Installation
from assets.reports.content.facts import Facts
from assets.reports.content.figures import count, rate
from assets.reports.content.model import (
    Card,
    Cards,
    Column,
    Period,
    Report,
    Row,
    Section,
    Stamp,
    Table,
    Text,
)
from assets.reports.content.periods import due_date, period_of
from assets.reports.issue.issuer import Issued, Issuer
from assets.reports.issue.ledger import Entry
from tests.driver import bring_up_to_date, change, deliver, make_installation
from tests.samples import row

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2024, 1, 1), date(2024, 2, 29)
NIGHT = "2024-03-01 02:00"


def moment(text: str) -> datetime:
    """A local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def at(installation: Installation, now: str) -> Installation:
    """An installation whose clock stands at a moment."""
    change(installation, now=lambda: moment(now))
    return installation


def calls_on(day: date, *, number: int = 1) -> dict[str, Any]:
    """A call of a day, and which one of it."""
    times = {name: f"{day} 08:0{n}:00" for n, name in enumerate(("offered", "answered", "ended"))}
    named = {f"{name}_at": text for name, text in times.items()}
    return row("calls", call_id=f"{day:%Y%m%d}{number:04d}", **named)


def deliver_calls(
    installation: Installation, first: date, last: date, *, calls: int = 1, suffix: str = ""
) -> None:
    """Exports of calls, one file a day."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        rows = [calls_on(day, number=n) for n in range(1, calls + 1)]
        deliver(installation, f"calls_{day:%Y%m%d}{suffix}.csv", rows)


def released(folder: Path, first: date, last: date, *, now: str, **settings: Any) -> Installation:
    """An installation whose release holds the calls of some days."""
    installation = make_installation(folder, now=moment(now), start=first, **settings)
    deliver_calls(installation, first, last)
    bring_up_to_date(installation)
    return installation


class FakeRenderer:
    """Composes reports of one figure.

    Attributes:
        calls: the figure.
        note: what the paragraph says.
        composed: keys of the reports composed.
        printed: keys of the reports rendered.
    """

    def __init__(self) -> None:
        self.calls = 100
        self.note = "平稳。"
        self.composed: list[str] = []
        self.printed: list[str] = []

    def __call__(self, facts: Facts, installation: Installation) -> "FakeRenderer":
        self._facts, self._installation = facts, installation
        return self

    def compose(self, period: Period) -> Report:
        self.composed.append(period.key)
        table = Table(
            "by_channel",
            "渠道",
            (Column("渠道"), Column("话务量", "通"), Column("接通率", "%")),
            (Row(("电话", count(self.calls), rate(9, 10))), Row(("网站", count(7), rate(1, 2)))),
        )
        cards = Cards("概况", (Card("话务量", "通", count(self.calls), (("环比", count(1)),)),))
        return Report(
            period=period,
            title="12345热线运行报告",
            organisation="热线办",
            release=self._facts.release,
            cutoff=self._facts.cutoff,
            completeness="应到1天，已到1天",
            rate_note="合计÷合计",
            sections=(Section("volume", "话务", "话务平稳", (cards, table, Text(self.note))),),
        )

    def forms(self, report: Report, stamp: Stamp) -> dict[str, bytes]:
        self.printed.append(report.period.key)
        text = f"{report.period} {self.calls} {self.note} {stamp}"
        return {form: f"{form} {text}".encode() for form in ("docx", "xlsx", "html", "pdf")}

    def preview(self, report: Report, stamp: Stamp) -> bytes:
        return b"\x89PNG"


def issue(
    installation: Installation, kind: str, key: str, renderer: FakeRenderer | None = None
) -> Issued:
    """Issue one report as a fresh process would."""
    period = period_of(kind, key, installation.reports.week_start)
    return Issuer(installation, renderer or FakeRenderer()).issue(period)


def entry(kind: str, key: str, **other: Any) -> Entry:
    """A row of the ledger."""
    period = period_of(kind, key)
    issued = datetime(2024, 2, 1, 8, 30, tzinfo=ZONE)
    revision = other.get("revision", 1)
    usual = {
        "kind": kind, "period": key, "revision": revision, "first": period.first,
        "last": period.last, "number": 1, "due": due_date(kind, period), "issued_at": issued,
        "in_time": True, "backfilled": False, "release": "x", "cutoff": issued, "content": "",
        "deliveries": "", "docx": "", "xlsx": "", "html": "", "pdf": "",
        "path": f"reports/{kind}/{key}/r{revision}",
    }  # fmt: skip
    return Entry(**usual | other)
