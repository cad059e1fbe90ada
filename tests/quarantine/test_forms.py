"""The form of the quarantine and its way back, and the commands around it."""

import io
import json

import polars as pl
import pytest
import python_calamine
import xlsxwriter

from assets.core.errors import HotlineError
from assets.exports import line_text
from assets.quarantine.fates import CORRECTED, OPEN, ROW_FATE, with_fates
from assets.quarantine.forms import PRIVATE, correction_file_name, correction_form
from schemas import EXPORTS
from schemas.table import CORRECTION
from tests.driver import NIGHT, bring_up_to_date, deliver, details, facts
from tests.pipelines.test_cli import Machine
from tests.quarantine.test_fates import bad_calls, holds, profiled
from tests.samples import row, write

CREATED = NIGHT.replace(tzinfo=None)
MOBILE = "13800138000"
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "@SUM(1)",
    "-2+3",
    "http://example.org",
    "007",
    "202301050000000001",
    "_x0041_",
    "<a>&amp;\"'",
)


def exported(installation, dataset="calls") -> bytes:
    rows = with_fates(installation.warehouse, dataset).filter(pl.col(ROW_FATE) == OPEN)
    (sha256,) = rows["sha256"].unique()
    content = installation.warehouse.archived(sha256).read_bytes()
    return correction_form(rows, content, EXPORTS[dataset], installation.profile, created=CREATED)


def sheet(book: bytes, number: int = 0) -> list[list[object]]:
    """Rows of a sheet of the form from its header on."""
    page = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(number)
    lines = page.to_python()
    assert lines[0][0] == PRIVATE
    return lines[2:]


def filled_in(book: bytes, changes: dict[int, dict[str, str]], more=()) -> bytes:
    """The form with cells of some rows changed, as whoever corrects it hands it back.

    Args:
        changes: line of the quarantined row -> title -> text; rows not named are removed.
        more: further rows, by title.
    """
    header, *lines = sheet(book)
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    kept = [
        each | changes[int(each["隔离行号"])] for each in rows if int(each["隔离行号"]) in changes
    ]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet("更正")
        page.write_string(0, 0, PRIVATE)
        for number, each in enumerate([dict(zip(header, header, strict=True)), *kept, *more], 2):
            for column, title in enumerate(header):
                page.write_string(number, column, str(each.get(title, "")))
    return out.getvalue()


def test_the_form_shows_each_row_with_its_reasons(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    book = exported(installation)
    header, *lines = sheet(book)
    titles = [column.title for column in EXPORTS["calls"].columns]
    assert header == [*titles, *CORRECTION]
    first, second = (dict(zip(header, line, strict=True)) for line in lines)
    assert (first["隔离文件"], first["隔离行号"]) == ("calls_20230105.csv", "3")
    assert (first["话单编号"], first["主叫号码"], first["坐席工号"]) == ("", MOBILE, "0007")
    assert first["隔离原因"] == "话单编号为空，请补填。"
    assert second["呼叫结果"] == "占线"
    assert "代码表" in second["隔离原因"]
    head, unsplit = sheet(book, 1)
    assert head == ["原文", *CORRECTION]
    assert (unsplit[0], unsplit[2]) == ("4,x", "5")
    assert exported(installation) == book


def test_a_form_given_back_corrects_its_rows(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    book = exported(installation)
    helping = dict(zip(*sheet(book, 1), strict=True)) | {"原文": ""}
    whole = {EXPORTS["calls"].by_name[name].title: text for name, text in row("calls").items()}
    back = filled_in(
        book,
        {3: {"话单编号": "2"}, 4: {"呼叫结果": "接通"}},
        [whole | {"话单编号": "4"} | helping],
    )
    name = correction_file_name("calls_20230105.csv", {"calls_20230105.csv"}, installation.profile)
    assert name == "calls_20230105_更正01.xlsx"
    deliver(installation, name, back)
    bring_up_to_date(installation)
    assert set(details(installation, "calls", "2023-01")["call_id"]) == {"1", "2", "3", "4"}
    assert facts(installation, "calls", "2023-01")["answered"].sum() == 4
    rows = with_fates(installation.warehouse, "calls")
    assert rows.select("line", ROW_FATE, "by_line").rows() == [
        (3, CORRECTED, 4),
        (4, CORRECTED, 5),
        (5, CORRECTED, 6),
    ]
    holds(installation)


def test_a_row_given_back_wrong_stays_open_until_its_own_correction_is_right(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    deliver(installation, "calls_20230105_更正01.xlsx", filled_in(exported(installation), {3: {}}))
    bring_up_to_date(installation)
    rows = with_fates(installation.warehouse, "calls")
    own = rows.filter(pl.col("file").str.contains("更正"))
    assert own[ROW_FATE].to_list() == [OPEN]
    assert rows.filter(line=3)[ROW_FATE].to_list() == [OPEN]
    content = installation.warehouse.archived(own["sha256"].item()).read_bytes()
    second = correction_form(own, content, EXPORTS["calls"], installation.profile, created=CREATED)
    assert sheet(second)[0].count("隔离编号") == 1
    name = correction_file_name(own["file"].item(), {own["file"].item()}, installation.profile)
    assert name == "calls_20230105_更正02.xlsx"
    deliver(installation, name, filled_in(second, {own["line"].item(): {"话单编号": "2"}}))
    bring_up_to_date(installation)
    assert with_fates(installation.warehouse, "calls").filter(pl.col(ROW_FATE) == OPEN)[
        "line"
    ].to_list() == [
        4,
        5,
    ]
    holds(installation)


def test_forms_that_name_each_other_or_nothing_correct_nothing(installation):
    bad_calls(installation)
    bring_up_to_date(installation)
    back = filled_in(exported(installation), {3: {"话单编号": "2", "隔离行号": "99"}})
    deliver(installation, "calls_20230105_a.xlsx", back)
    strange = {"话单编号": "9", "隔离行号": "三", "隔离编号": "-"}
    deliver(installation, "calls_20230105_b.xlsx", filled_in(exported(installation), {3: strange}))
    bring_up_to_date(installation)
    assert with_fates(installation.warehouse, "calls")[ROW_FATE].to_list() == [OPEN] * 3
    holds(installation)


@pytest.mark.parametrize("text", HOSTILE)
def test_cells_are_texts_and_come_back_as_they_were(installation, text):
    profiled(installation)
    deliver(
        installation,
        "knowledge_20230105.csv",
        [row("knowledge"), row("knowledge", title=text, action="")],
    )
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    book = exported(installation, "knowledge")
    header, line = sheet(book)
    assert dict(zip(header, line, strict=True))["标题"] == text
    out = io.BytesIO(book)
    import zipfile

    with zipfile.ZipFile(out) as parts:
        pages = [parts.read(name) for name in parts.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in page or b"hyperlink" in page for page in pages)


def test_texts_that_no_workbook_holds_are_cut_or_replaced(installation):
    profiled(installation)
    long = "长" * 40_000
    rows = [row("knowledge", title=long), row("knowledge", title="a\ufffe\u0001b", unit="")]
    deliver(installation, "knowledge_20230105.csv", rows)
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    header, first, second = sheet(exported(installation, "knowledge"))
    assert str(first[header.index("标题")]).endswith("（过长，已截断）")
    assert str(second[header.index("标题")]).startswith("a\ufffd")


def test_a_name_that_would_not_come_back_is_refused(installation):
    datasets = installation.profile.datasets
    calls = datasets["calls"].model_copy(update={"files": "calls_{YYYYMMDD}"})
    profiled(installation, datasets=datasets | {"calls": calls})
    with pytest.raises(HotlineError, match="files"):
        correction_file_name("calls_20230105.csv", set(), installation.profile)


# --- commands -----------------------------------------------------------------------------------


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    rows = [row("calls"), row("calls", call_id=""), row("calls", call_id="3", outcome="占线")]
    write(made.landing, "calls_20230105.csv", rows)
    write(made.landing, "tickets_20230105.csv", [row("tickets")])
    assert made.hotline("run").returncode == 0
    return made


def quarantine(machine: Machine, *words: str) -> str:
    done = machine.hotline("quarantine", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def test_list_show_and_status_agree_and_show_no_personal_data(machine):
    listed = quarantine(machine, "list")
    assert "待处理 2 行，已更正 0 行，已作废 0 行" in listed
    assert "话单编号为空 1" in listed
    shown = quarantine(machine, "show", "calls_20230105.csv")
    assert "话单编号为空，请补填。" in shown
    assert MOBILE not in listed + shown
    assert MOBILE in quarantine(machine, "show", "calls_20230105.csv", "--raw")
    assert "隔离的行：待处理 2" in machine.hotline("status", "--full").stdout
    assert "calls_20230105" not in quarantine(machine, "list", "--month", "2023-02")
    assert "calls_20230105" not in quarantine(machine, "list", "--dataset", "tickets")


def test_export_and_the_way_back(machine):
    said = quarantine(machine, "export", "calls_20230105.csv", "--to", "forms")
    assert "calls_20230105_更正01.xlsx：2 行" in said
    path = machine.folder / "forms" / "calls_20230105_更正01.xlsx"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert "已存在" in machine.refuses("quarantine", "export", "--all", "--to", "forms")
    back = filled_in(path.read_bytes(), {3: {"话单编号": "2"}})
    (machine.landing / path.name).write_bytes(back)
    assert machine.hotline("run").returncode == 0
    assert "待处理 1 行，已更正 1 行" in quarantine(machine, "list")
    assert "已更正：calls_20230105_更正01.xlsx 行号 4" in quarantine(
        machine, "show", "calls_20230105.csv"
    )


def test_discard_and_what_it_refuses(machine):
    name = "calls_20230105.csv"
    assert "理由" in machine.refuses("quarantine", "discard", name)
    assert "行号 9" in machine.refuses(
        "quarantine", "discard", name, "--line", "9", "--reason", "x"
    )
    said = quarantine(machine, "discard", name, "--line", "3", "--reason", f"无主 {MOBILE}")
    assert "作废 1 行" in said
    assert "1 行早已作废" in quarantine(machine, "discard", name, "--line", "3", "--reason", "x")
    shown = quarantine(machine, "show", name)
    assert "已作废：无主 ▇" in shown
    assert MOBILE not in shown
    assert "待处理 1 行，已更正 0 行，已作废 1 行" in quarantine(machine, "list")


def test_replay_after_a_code_was_mapped(machine):
    assert "没有一行离开" in quarantine(machine, "replay")
    from assets.profiles.profile import BUILT_IN

    text = (BUILT_IN / "hanzhong.toml").read_text(encoding="utf-8")
    mapped = text + '[datasets.calls.codes.outcome]\n"占线" = "接通"\n'
    (machine.folder / "own.toml").write_text(mapped.replace('"hanzhong"', '"own"'))
    (machine.folder / "hotline.toml").write_text(f"profile = {json.dumps('own.toml')}\n")
    assert "1 行离开了隔离" in quarantine(machine, "replay")
    assert "待处理 1 行" in quarantine(machine, "list")
    assert "已离开：重新读取后合格" in quarantine(machine, "show", "calls_20230105.csv")


def test_what_cannot_be_carried_out_is_one_sentence(machine):
    assert "没有文件" in machine.refuses("quarantine", "show", "nothing.csv")
    assert "没有“call”" in machine.refuses("quarantine", "list", "--dataset", "call")
    assert "只能选一" in machine.refuses("quarantine", "export")
    assert "接收目录" in machine.refuses("quarantine", "export", "--all", "--to", "landing/x")
    assert not (machine.landing / "x").exists()


def test_a_line_of_a_further_sheet_is_named_with_its_sheet(installation):
    titles = [each.title for each in EXPORTS["calls"].columns]
    good = [*row("calls").values()]
    bad = [*row("calls", call_id="2", outcome="占线").values()]
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for rows in ([titles, good], [titles, bad]):
            sheet_of_book = book.add_worksheet()
            for at, cells in enumerate(rows):
                sheet_of_book.write_row(at, 0, cells)
    deliver(installation, "calls_20230105.xlsx", out.getvalue())
    bring_up_to_date(installation)
    header, line = sheet(exported(installation))
    found = dict(zip(header, line, strict=True))
    assert found["隔离行号"] == "10000002"
    assert found["隔离原因"].startswith("10000002（第2张工作表第2行）\n呼叫结果")
    assert line_text(2) == "2"
