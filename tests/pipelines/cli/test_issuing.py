"""`hotline report` and `hotline reports` as processes: what they say, and what they refuse."""

from pathlib import Path

import pytest

from tests.pipelines.test_cli import Machine
from tests.samples import row, write

FORMS = ("docx", "xlsx", "html", "pdf")


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Machine:
    """An installation after its first night, with the exports of one day."""
    made = Machine(tmp_path_factory.mktemp("office"))
    write(made.landing, "calls_20230105.csv", [row("calls")])
    write(made.landing, "tickets_20230105.csv", [row("tickets")])
    done = made.hotline("run")
    assert done.returncode == 0, done.stderr
    assert "印发或核对报告 1 份" in done.stdout
    return made


def folder(machine: Machine) -> Path:
    return machine.warehouse / "reports" / "daily" / "2023-01-05"


def test_the_night_has_issued_what_was_due(machine):
    assert {path.suffix[1:] for path in (folder(machine) / "r1").iterdir()} == {*FORMS, "json"}
    page = (machine.warehouse / "reports" / "index.html").read_text(encoding="utf-8")
    for form in FORMS:
        assert f"daily/2023-01-05/r1/2023-01-05_%E6%97%A5%E6%8A%A5.{form}" in page
    listed = machine.hotline("reports")
    assert listed.returncode == 0, listed.stderr
    assert [word for word in listed.stdout.split() if word in ("日报", "补发", "5")] == [
        "日报", "5", "补发",
    ]  # fmt: skip
    assert "待印发" not in listed.stdout


def test_asking_again_changes_nothing_and_a_damaged_form_is_issued_anew(machine):
    again = machine.hotline("report", "daily", "2023-01-05")
    assert again.returncode == 0, again.stderr
    assert "第5期没有变化，仍为第1版" in again.stdout
    assert [path.name for path in folder(machine).iterdir()] == ["r1"]
    pdf = folder(machine) / "r1" / "2023-01-05_日报.pdf"
    pdf.unlink()
    done = machine.hotline("report", "daily", "2023-01-05")
    assert done.returncode == 0, done.stderr
    assert "第5期，第2版，补发" in done.stdout
    assert not pdf.exists()
    for form in FORMS:
        path = folder(machine) / "r2" / f"2023-01-05_日报.{form}"
        assert path.exists()
        assert str(path) in done.stdout


@pytest.mark.parametrize(
    ("kind", "period", "said"),
    [
        ("daily", "../x", "写法不对"),
        ("daily", "2023-01-05/../../x", "写法不对"),
        ("daily", "2023-02-30", "没有这一天"),
        ("weekly", "9999-12-31", "没有这一天"),
        ("weekly", "2023-01-05", "2023-01-02"),
        ("monthly", "2023-1", "写法不对"),
        ("annual", "二〇二三", "写法不对"),
        ("hourly", "2023", "没有“hourly”"),
        ("daily", "2023-01-06", "不足整个期间"),
        ("daily", "2022-12-31", "早于起始日"),
        ("daily", "2023-01-04", "没有数据"),
        ("daily", "2999-01-01", "尚未结束"),
    ],
)
def test_what_cannot_be_issued_is_one_sentence(machine, kind, period, said):
    before = sorted(machine.warehouse.joinpath("reports").rglob("*"))
    assert said in machine.refuses("report", kind, period)
    assert sorted(machine.warehouse.joinpath("reports").rglob("*")) == before


def test_the_list_can_be_narrowed(machine):
    assert "2023-01-05" in machine.hotline("reports", "--kind", "daily", "--year", "2023").stdout
    assert "2023-01-05" not in machine.hotline("reports", "--kind", "weekly").stdout
    assert "2023-01-05" not in machine.hotline("reports", "--year", "2022").stdout
    assert "hourly" in machine.refuses("reports", "--kind", "hourly")


def test_a_chosen_clock_issues_nothing(machine):
    """An issue bears the time at which it was made."""
    write(machine.landing, "calls_20230106.csv", [row("calls", call_id="6", **_on("2023-01-06"))])
    done = machine.hotline("run", "--date", "2023-01-06")
    assert done.returncode == 0, done.stderr
    assert not (folder(machine).parent / "2023-01-06").exists()
    assert "待印发或核对：1 份" in machine.hotline("reports").stdout
    assert machine.hotline("run").returncode == 0
    assert (folder(machine).parent / "2023-01-06" / "r1").exists()


def _on(day: str) -> dict[str, str]:
    names = ("offered", "answered", "ended")
    return {f"{name}_at": f"{day} 08:00:0{n}" for n, name in enumerate(names)}


def test_before_anything_was_published(tmp_path):
    machine = Machine(tmp_path)
    assert "还没有发布过数据" in machine.refuses("report", "daily", "2023-01-05")
    listed = machine.hotline("reports")
    assert listed.returncode == 0, listed.stderr
