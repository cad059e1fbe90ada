"""What every report says of itself: period, publisher, release, cutoff, completeness.

Belongs here: what is the same for all kinds of reports. Their sections are in their own modules.
"""

from assets.installation import ReportSettings
from assets.reports.content.data_quality import completeness
from assets.reports.content.definitions import RATE_NOTE
from assets.reports.content.model import Period, Report, Section
from assets.reports.content.periods import span_of
from assets.reports.content.reading import Facts


def report_of(
    facts: Facts,
    period: Period,
    settings: ReportSettings,
    title: str,
    sections: tuple[Section, ...],
) -> Report:
    """A report from its sections.

    Args:
        facts: the release.
        period: what it is about.
        settings: what the installation decides.
        title: its title, without the period.
        sections: what it says, in order.
    """
    return Report(
        period=period,
        title=title,
        organisation=settings.organisation,
        release=facts.release,
        cutoff=facts.cutoff,
        completeness=completeness(facts, span_of(period)),
        rate_note=RATE_NOTE,
        sections=sections,
    )
