"""expectations: what was to be expected of days and hours, and what was unusual."""

from schemas.fields import Day, day, integer, label
from schemas.table import Fact

FORECAST_KINDS = ("day", "hour", "seats", "year")


class Expectations(
    Fact,
    name="expectations",
    title="预期与实际",
    description=(
        "What was to be expected, by the days up to `made_on` alone, in whole numbers with the"
        " band that holds four of five; where there was no basis, the numbers are empty and"
        " `verdict` says why. Kinds: day (calls and tickets of a day), hour (the same of an hour),"
        " seats (seats that an hour needs), year (all days after `made_on` up to `date`), alarm"
        " (a slice of tickets with more than usual from `since` to `date`)."
    ),
    grain=("kind", "dataset", "slice", "date", "made_on", "hour"),
    path="expectations/{table}.parquet",
):
    """每日、每时段的预期与实际，以及明显多于往常的诉求。"""

    kind: str = label("种类", "day, hour, seats, year or alarm.")
    dataset: str = label("数据集", "calls or tickets.")
    slice: str = label(
        "范围", "Empty for all; of an alarm the columns and their values, such as region=汉台区."
    )
    date: Day = day("日期", "Day that is expected, or the last of several.")
    made_on: Day = day("依据截至", "Last day that the expectation knows.")
    hour: int = integer(
        "小时", "Hour of the day, 0 to 23; empty for a day.", minimum=0, maximum=23, required=False
    )
    since: Day = day("起始日期", "First of several days; empty for one day.", required=False)
    expected: int = integer(
        "预期", "Expected number of calls, tickets or seats.", unit="个", required=False
    )
    low: int = integer("下限", "Lowest number of the band.", unit="个", required=False)
    high: int = integer("上限", "Highest number of the band.", unit="个", required=False)
    found: int = integer("实际", "Number found; empty where unknown.", unit="个", required=False)
    verdict: str = label("结论", "正常, 偏低 or 偏高, or why nothing is expected.", required=False)
    tickets: str = label(
        "工单编号", "Of an alarm: numbers of its tickets, separated by spaces.", required=False
    )
