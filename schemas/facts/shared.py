"""Column constructors of published tables: a count, a sum of seconds, a label, a moment."""

from schemas.columns import Column, Kind

MONTH = Column(name="month", title="月份", kind=Kind.MONTH, description="Month, YYYY-MM.")
HOUR = Column(
    name="hour",
    title="小时",
    kind=Kind.INTEGER,
    description="Hour of the day, 0 to 23.",
    minimum=0,
    maximum=23,
)


def count(name: str, title: str, unit: str, description: str) -> Column:
    """A count; adds up over any slice."""
    return Column(
        name=name, title=title, kind=Kind.INTEGER, unit=unit, description=description, minimum=0
    )


def seconds(name: str, title: str, description: str) -> Column:
    """A sum of seconds; divide by its count for an average."""
    return count(name, title, "秒", description)


def date(description: str) -> Column:
    """The local calendar day."""
    return Column(name="date", title="日期", kind=Kind.DATE, description=description)


def label(name: str, title: str, description: str, *, required: bool = True) -> Column:
    """A Chinese term that rows are grouped by; empty where the export leaves it empty."""
    return Column(
        name=name, title=title, kind=Kind.TEXT, description=description, required=required
    )


def identifier(name: str, title: str, description: str) -> Column:
    """An id of the platform, as text."""
    return Column(name=name, title=title, kind=Kind.IDENTIFIER, description=description)


def moment(name: str, title: str, description: str, *, required: bool = True) -> Column:
    """A point in time of a single ticket; empty where it has not come or there is none."""
    return Column(
        name=name, title=title, kind=Kind.TIMESTAMP, description=description, required=required
    )
