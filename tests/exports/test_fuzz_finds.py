"""What fuzzing has found, each by the smallest file that shows it."""

import io
import os
import zipfile

import pytest

from assets.exports.decode import decode
from assets.exports.discover import list_exports
from assets.exports.parsed_file import FileRefused
from assets.exports.xlsx import read_workbook
from tests.driver import account, bring_up_to_date, deliver, details, ledger
from tests.samples import csv_text, header_line, row, xlsx_bytes


@pytest.mark.parametrize(
    "moment", ["-2023-01-05 08:00:00", "10000-01-01 00:00:00", "0001-01-01 00:00:00"]
)
def test_a_year_that_python_does_not_know_costs_its_row_and_not_the_night(installation, moment):
    """Pandera raised over the value that it wanted to report."""
    rows = [row("calls", call_id=f"C{number}") for number in range(3)]
    rows[1]["offered_at"] = moment
    deliver(installation, "calls_20230105.csv", rows)
    bring_up_to_date(installation)
    assert account(installation).select("accepted", "quarantined").rows() == [(2, 1)]


def test_a_byte_order_mark_before_a_quoted_header_below_a_banner(installation):
    """Two files copied into one, or a mark written twice: the quotes became a part of the name."""
    quoted = ",".join(f'"{name}"' for name in header_line("calls").split(","))
    body = csv_text("calls", [row("calls")]).split("\n", 1)[1]
    deliver(installation, "calls_20230105.csv", f"\ufeff热线\n\ufeff{quoted}\n{body}")
    deliver(installation, "calls_20230105_b.csv", f"\ufeff\ufeff{quoted}\n{body}")
    bring_up_to_date(installation)
    assert ledger(installation, "calls").select("state", "read").rows() == [("taken", 1)] * 2


def test_a_row_that_quotes_a_header_in_the_other_encoding_does_not_decide():
    expected = ["知识编号", "标题", "报送单位"]
    header, line = "知识编号,标题,报送单位\n", "1,标题,医保局\n"
    text = header.encode("gb18030") + line.encode("utf-8")
    assert decode(text, expected=expected).encoding == "gb18030"
    text = header.encode("utf-8") + line.encode("gb18030")
    assert decode(text, expected=expected).encoding == "utf-8"


def read(raw):
    return read_workbook(
        raw, is_header=lambda cells: len(cells) > 3, unpacked=1 << 24, memory=1 << 24
    )


def test_a_changed_byte_in_a_workbook_is_no_changed_value():
    """The reader stopped at the last row, before it had compared the checksum."""
    raw = xlsx_bytes("calls", [row("calls")])
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stored, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name), zipfile.ZIP_STORED)
    content = stored.getvalue()
    assert content.count(b"13800138000") == 1
    for changed, fine in ((content, True), (content.replace(b"138001380", b"138001381"), False)):
        if fine:
            (sheet,) = read(changed).sheets
            assert sheet.parsed.rows.height == 1
        else:
            with pytest.raises(FileRefused, match="workbook_damaged"):
                read(changed)


def test_a_workbook_that_lies_about_its_cells_does_not_stop_the_night(installation):
    """A cell that claims to stand at the far end: an earlier reader asked for all memory."""
    raw = xlsx_bytes("calls", [row("calls")])
    lying = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(lying, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'r="B2"', b'r="XFD1048576"'))
    deliver(installation, "calls_20230105.xlsx", lying.getvalue())
    deliver(installation, "calls_20230105_b.xlsx", raw)
    bring_up_to_date(installation)
    states = ledger(installation, "calls").select("path", "state", "rule").rows()
    assert states == [
        ("calls_20230105.xlsx", "refused", "workbook_damaged"),
        ("calls_20230105_b.xlsx", "taken", ""),
    ]
    assert details(installation, "calls", "2023-01").height == 1


def test_a_pipe_and_a_linked_folder_with_the_name_of_an_export_stop_nothing(installation):
    """Opening the one never returned, opening the other raised."""
    (installation.landing / "folder").mkdir()
    (installation.landing / "calls_20230106.csv").symlink_to(installation.landing / "folder")
    os.mkfifo(installation.landing / "calls_20230107.csv")
    deliver(installation, "calls_20230105.csv", [row("calls")])
    assert list_exports(installation).unknown == ("calls_20230106.csv", "calls_20230107.csv")
    bring_up_to_date(installation)
    (file,) = account(installation)["file"]
    assert file == "calls_20230105.csv"
