"""Repeated requests."""

from datetime import date

from tests.reports.said import cells, section, table
from tests.reports.small import Small, weekly


def test_repeated_requests(tmp_path):
    small = Small().taken("2023-05-15", "2023-05-28")
    small.add("tickets", "2023-05-22", accepted=40, merged=3)
    small.add("tickets", "2023-05-15", accepted=40, merged=6)

    def repeat(number, day, first, sequence, **values):
        small.add("repeats", day, ticket_id=number, first_ticket_id=first, sequence=sequence,
                  first_date=date(2023, 5, 2), **values)  # fmt: skip

    repeat("R1", "2023-05-22", "A", 3, unit=None)
    repeat("R2", "2023-05-26", "A", 4)
    repeat("R3", "2023-05-26", "B", 2, category="噪声")
    repeat("R4", "2023-05-15", "C", 2)
    told = weekly(small.release(tmp_path))
    assert cells(table(told, "repeat_totals")) == [
        ["重复诉求", "3", "7.50%", "1", "▲200.0%"],
        ["其中第三次及以上", "2", "5.00%", "0", "—"],
        ["并单", "3", "7.50%", "6", "▼50.0%"],
    ]
    assert cells(table(told, "repeat_chains")) == [["A", "供水", "汉台区", "水务局", "5月2日", "4"]]
    assert cells(table(told, "repeat_topics"))[0] == ["供水", "2", "40", "5.00%"]
    assert section(told, "repeats").headline == (
        "群众再次来电反映同类诉求3件，占接单数的7.50%；最多的是“供水”（2件）"
    )
