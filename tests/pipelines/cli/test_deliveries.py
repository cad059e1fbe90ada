"""Held files on the command line: named, released or rejected by a person, and what follows."""

import json

import pytest

from tests.pipelines.test_cli import Machine
from tests.samples import row, write


@pytest.fixture
def machine(tmp_path) -> Machine:
    machine = Machine(tmp_path)
    write(machine.landing, "calls_20230105.csv", [row("calls")])
    write(machine.landing, "tickets_20230105.csv", [row("tickets")])
    later = {"updated_at": "2023-01-06 09:00:00"}
    write(machine.landing, "tickets_20230106.csv", [row("tickets", **later)])
    # Yesterday's file again, under today's name.
    write(machine.landing, "calls_20230106.csv", [row("calls")])
    return machine


def test_a_held_file_is_named_until_a_person_decides(machine):
    assert "暂不计入" in machine.hotline("run").stderr
    release = (machine.warehouse / "current").readlink()
    listed = machine.hotline("deliveries")
    assert listed.returncode == 1
    assert "暂扣 话务 2023-01-06 calls_20230106.csv" in listed.stdout
    assert "内容与 2023-01-05 的文件完全相同" in listed.stdout
    status = machine.hotline("status", "--full")
    assert "内容与 2023-01-05 的文件完全相同" in status.stderr
    assert "1 个文件因可疑暂扣" in machine.hotline("doctor").stdout

    assert "--by" in machine.refuses(
        "deliveries", "release", "calls_20230106.csv", "--by", " ", "--why", "x"
    )
    assert "没有原因“same”" in machine.refuses(
        "deliveries", "release", "--kind", "same", "--by", "张三", "--why", "核对过"
    )
    assert "没有可以放行或退回的文件" in machine.refuses(
        "deliveries", "reject", "calls_20230199.csv", "--by", "张三", "--why", "核对过"
    )

    done = machine.hotline(
        "deliveries",
        "release",
        "--kind",
        "same_content",
        "--by",
        "张三",
        "--why",
        "电话13800138000核对过",
    )
    assert done.returncode == 0, done.stderr
    journal = (machine.warehouse / "ledger/decisions.jsonl").read_text("utf-8")
    assert json.loads(journal)["by"] == "张三"
    assert "13800138000" not in journal
    assert "calls_20230106" not in journal
    assert "新发布" in machine.hotline("run").stdout
    assert (machine.warehouse / "current").readlink() != release
    assert machine.hotline("deliveries").returncode == 0

    by = ("--by", "李四", "--why", "导错了")
    assert machine.hotline("deliveries", "reject", "calls_20230106.csv", *by).returncode == 0
    machine.hotline("run")
    everything = machine.hotline("deliveries", "list", "--all").stdout
    assert "已退回 话务 2023-01-06 calls_20230106.csv" in everything
    assert "李四" in everything
    assert "导错了" in everything


def test_a_repeat_is_no_new_release_and_status_names_it(machine):
    machine.hotline("run")
    release = (machine.warehouse / "current").readlink()
    reports = sorted((machine.warehouse / "reports").rglob("*"))
    write(machine.landing, "calls_20230105 - 副本.csv", [row("calls")])
    assert machine.hotline("run").returncode == 0
    assert (machine.warehouse / "current").readlink() == release
    assert sorted((machine.warehouse / "reports").rglob("*")) == reports
    said = machine.hotline("status", "--full").stdout
    assert "内容重复、没有再计入的文件 1 个：calls_20230105 - 副本.csv" in said
