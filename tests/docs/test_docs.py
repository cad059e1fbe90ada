"""The documents hold what the code holds: commands, rules, settings, targets, samples, links."""

import os
import re
import subprocess
import sys
import tomllib
from dataclasses import MISSING, fields
from datetime import time
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path
from typing import get_type_hints

import pytest
import typer
from pydantic.fields import FieldInfo
from python_calamine import CalamineWorkbook

from assets.core import errors
from assets.core.warehouse import Warehouse
from assets.deadlines.calendar import load_calendar
from assets.deadlines.due import load_deadlines
from assets.evaluation.comparison import TABLES
from assets.exports.protect import KEY_VARIABLE
from assets.exports.quarantine import QUARANTINE
from assets.graph.stages import STAGES
from assets.installation.settings import (
    Channel,
    CitySettings,
    ClusterSettings,
    NoticeSettings,
    Operations,
    Postgres,
    ReportSettings,
    Settings,
)
from assets.notifications.events import EVENTS
from assets.profiles.profile import BUILT_IN, DatasetProfile, Profile, load_profile
from assets.releases.checks import verify
from assets.sources.settings import (
    VARIABLES,
    FolderSettings,
    Query,
    S3Settings,
    SftpSettings,
    SqlSettings,
)
from pipelines import config
from pipelines.cli import app
from pipelines.cli.show import show_full
from pipelines.cli.state import state
from schemas import EXPORTS, FACTS
from schemas.file_rules import FILE_RULES, FINDING_RULES
from schemas.kpis import KPIS
from tests.driver import bring_up_to_date, change, deliver, facts
from tests.pipelines.test_dagster import code_location
from tests.samples import row

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
# The README and the pages that it leads to.
README = "\n\n".join(
    (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "README.md",
        "docs/settings.md",
        "docs/commands.md",
        "docs/facts.md",
        "docs/machines.md",
        "docs/reports.md",
        "docs/development.md",
        "docs/architecture.md",
    )
)
HANDBOOK, GLOSSARY, DEPENDENCIES, PROFILES = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in (
        "docs/handbook.md",
        "docs/glossary.md",
        "docs/dependencies.md",
        "docs/profiles.md",
    )
)

# Section of hotline.toml -> what it may say, and the head of its table in the handbook.
SECTIONS = {
    "reports": (ReportSettings, "报告项"),
    "postgres": (Postgres, "PostgreSQL 项"),
    "operations": (Operations, "运维项"),
    "notify": (NoticeSettings, "通知项"),
    "cluster": (ClusterSettings, "多机项"),
}


def blocks(text: str, language: str = r"\w*") -> list[str]:
    """Fenced blocks, indented or not."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, flags=re.DOTALL | re.MULTILINE)


def code(text: str) -> list[str]:
    """Everything that is set as code: fenced blocks, and spans outside of them."""
    prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [*blocks(text), *re.findall(r"`([^`\n]+)`", prose)]


def rows(text: str) -> list[list[str]]:
    """Cells of every line of every table."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def table(text: str, *head: str) -> dict[str, list[str]]:
    """First cell -> the other cells of the table with this head."""
    start = text.index(f"| {' | '.join(head)} |\n")
    body = rows(text[start:].partition("\n\n")[0])[2:]
    assert len({cells[0] for cells in body}) == len(body)
    return {cells[0].strip("`"): cells[1:] for cells in body}


def declared(section: type) -> dict[str, str]:
    """Key in hotline.toml -> its default as the documents write it."""
    hints, found = get_type_hints(section, include_extras=True), {}
    for each in fields(section):
        extras = getattr(hints[each.name], "__metadata__", ())
        alias = next((x.validation_alias for x in extras if isinstance(x, FieldInfo)), None)
        default = each.default
        if each.name == "memory":
            default >>= 20
        elif isinstance(default, time):
            default = f"{default:%H:%M}"
        found[alias or each.name] = "无" if default in (None, MISSING, "") else str(default)
    return found


def settings(text: str, *head: str) -> set[str]:
    """First cells of a table with this head."""
    return set(table(text, *head))


# --- commands and targets -----------------------------------------------------------------------


@pytest.mark.parametrize("text", [README, HANDBOOK], ids=["README", "handbook"])
def test_every_command_named_exists_and_every_command_is_named(text):
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    named = {name for each in code(text) for name in re.findall(r"\bhotline ([a-z][a-z-]*)", each)}
    assert named - {"demo"} == commands.keys() - {"demo"}
    used = {
        (command, option)
        for each in code(text)
        for command, option in re.findall(r"\bhotline ([a-z][a-z-]*) (--[a-z-]+)", each)
    }
    options = {
        (name, opt) for name, each in commands.items() for p in each.params for opt in p.opts
    }
    assert used <= options


def test_every_make_target_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    named = {name for each in code(README) for name in re.findall(r"\bmake ([a-z]+)", each)}
    assert named == targets
    assert {n for each in code(HANDBOOK) for n in re.findall(r"\bmake ([a-z]+)", each)} <= targets


# --- rules, settings, figures -------------------------------------------------------------------


def test_every_file_rule_is_in_the_handbook_with_its_sentence_and_a_remedy():
    found = table(HANDBOOK, "规则", "提示", "处理办法")
    assert {name: cells[0] for name, cells in found.items()} == {
        name: rule.zh for name, rule in FILE_RULES.items()
    }
    held = table(HANDBOOK, "暂扣原因", "提示", "先核对什么")
    assert {name: cells[0] for name, cells in held.items()} == {
        name: rule.zh for name, rule in FINDING_RULES.items()
    }
    assert all(cells[1] for cells in (*found.values(), *held.values()))


def test_every_setting_is_documented():
    keys = declared(Settings).keys() - set(SECTIONS)
    assert settings(README, "key", "default", "meaning") == keys
    assert settings(HANDBOOK, "项", "默认值", "含义") == keys
    for section, (model, head) in SECTIONS.items():
        keys = declared(model).keys() - {"channels"}
        assert settings(README, f"key in `[{section}]`", "default", "meaning") == keys
        assert settings(HANDBOOK, head, "默认值", "含义") == keys
    keys = declared(Channel).keys()
    assert settings(README, "key in `[[notify.channels]]`", "default", "meaning") == keys
    assert settings(HANDBOOK, "通道项", "默认值", "含义") == keys
    keys = declared(CitySettings).keys() - declared(Settings).keys() | {"landing"}
    assert settings(README, "key in `[cities.<name>]`", "default", "meaning") == keys
    variables = {
        *(config.FILE_VARIABLE, config.CITY_VARIABLE, KEY_VARIABLE, "DAGSTER_HOME", config.BROKER),
        config.POSTGRES_PASSWORD,
        *config.OVERRIDES,
    }
    assert settings(README, "environment variable", "overrides") == variables
    assert settings(HANDBOOK, "变量", "含义") == variables
    sources = (FolderSettings, SftpSettings, S3Settings, SqlSettings)
    keys = {name for each in sources for name in each.model_fields}
    assert settings(README, "key in `[source]`", "kind", "default", "meaning") == keys
    keys = set(Query.model_fields)
    head = ("key in `[source.queries.<dataset>]`", "default", "meaning")
    assert settings(PROFILES, *head) == keys
    secrets = {name for each in VARIABLES.values() for name in each}
    assert settings(README, "secret", "kind", "meaning") == secrets
    assert settings(HANDBOOK, "口令或密钥", "用于") == secrets
    profile = {*Profile.model_fields, *DatasetProfile.model_fields}
    assert settings(HANDBOOK, "项", "含义") == profile


@pytest.mark.parametrize(
    ("model", "english", "chinese"),
    [
        (Settings, "key", "项"),
        *((model, f"key in `[{name}]`", head) for name, (model, head) in SECTIONS.items()),
    ],
)
def test_defaults_are_as_documented(model, english, chinese):
    shown = {
        name: default
        for name, default in declared(model).items()
        if name not in {*SECTIONS, "channels"}
    }
    found = table(HANDBOOK, chinese, "默认值", "含义")
    assert {name: cells[0].strip("`") for name, cells in found.items()} == shown
    found = table(README, english, "default", "meaning")
    in_readme = {name: cells[0].strip("`") for name, cells in found.items()}
    assert in_readme == {n: "none" if v == "无" else v for n, v in shown.items()}


def test_every_event_is_in_the_handbook_with_what_to_do():
    found = table(HANDBOOK, "事件", "标题", "什么时候", "怎么办")
    assert {name: cells[0] for name, cells in found.items()} == {
        name: event.title for name, event in EVENTS.items()
    }
    assert all(all(cells) for cells in found.values())


def test_every_kpi_is_in_the_handbook():
    found = table(HANDBOOK, "指标", "名称", "口径", "单位", "目标")
    assert found == {
        kpi.id: [kpi.title, kpi.basis, kpi.unit, str(kpi.target or "")] for kpi in KPIS
    }


def test_the_number_of_printed_figures_is_the_one_of_the_tables():
    tables = tomllib.loads(TABLES.read_text(encoding="utf-8"))["table"]
    columns = [column for each in tables for column in each["column"]]
    figures = sum(len(each["months"]) + ("total" in each) for each in columns)
    assert len(tables) == 7
    assert "the seven tables" in README
    assert f"{figures} 个公布的数字全部一致" in README
    assert f"{figures} 个公布的数字全部一致" in HANDBOOK


def test_every_dataset_and_file_name_is_in_the_handbook():
    found = table(HANDBOOK, "数据集", "文件名", "周期")
    assert set(found) == {f"{name} {each.title}" for name, each in EXPORTS.items()}
    profile = load_profile("hanzhong")
    for shown, (pattern, *_) in found.items():
        stem = pattern.strip("`").removesuffix("*")
        assert profile.datasets[shown.split()[0]].names.date_of(stem)


def test_what_status_and_verify_show_is_explained(installation, capsys):
    deliver(installation, "calls_20230105.csv", [row("calls")])
    bring_up_to_date(installation)
    show_full(state(installation))
    shown = capsys.readouterr().out.split()
    columns = list(table(HANDBOOK, "列", "含义", "怎么办"))
    start = shown.index(columns[0])
    assert shown[start : start + len(columns)] == columns
    titles = {each.title for each in verify(installation.warehouse)}
    assert settings(HANDBOOK, "检查", "含义") == titles


def test_every_system_error_is_explained():
    hints = settings(HANDBOOK, "提示中有", "处理")
    for sentence in errors._DISK.values():
        assert any(hint in sentence for hint in hints), sentence


def test_chapters_are_numbered_and_every_reference_leads_to_one():
    titles = re.findall(r"^## (\d+)\. (.*)$", HANDBOOK, flags=re.MULTILINE)
    assert [int(number) for number, _ in titles] == list(range(1, len(titles) + 1))
    named = {int(number) for number in re.findall(r"“(\d+)\.”", HANDBOOK)}
    assert named <= {int(number) for number, _ in titles}
    listed = re.findall(r"\[(\d+\. [^]]*)\]\(#([^)]*)\)", HANDBOOK)
    assert [title for title, _ in listed] == [f"{number}. {title}" for number, title in titles]


def test_every_room_of_the_warehouse_is_in_the_handbook():
    warehouse = Warehouse(ROOT)
    rooms = [
        *(
            warehouse.archive,
            warehouse.ledgers.parent,
            warehouse.staged("", ""),
            warehouse.releases,
            warehouse.reports,
        ),
        *(warehouse.quarantine(""), warehouse.details(""), warehouse.built(""), warehouse.current),
    ]
    names = {path.relative_to(ROOT).as_posix() for path in rooms}
    found = settings(HANDBOOK, "目录", "内容", "私密")
    assert found == {*names, warehouse.caller_key.name, warehouse.layout.name, "dagster"}


def test_the_columns_of_the_quarantine_are_explained():
    assert list(table(HANDBOOK, "列", "含义")) == list(QUARANTINE)


def test_the_glossary_is_complete():
    cells = [each for each in rows(GLOSSARY) if each[0] not in ("English", "---")]
    assert all(len(each) == 3 and all(each) for each in cells)
    terms = {term for english, *_ in cells for term in english.split(", ")}
    assert {*EXPORTS, *FACTS} - terms == set()


def test_every_dependency_is_documented_with_its_range():
    project = PROJECT["project"]
    wanted = chain(project["dependencies"], *project["optional-dependencies"].values())
    parts = [re.match(r"([\w\[\]-]+)(.*)", each) for each in wanted]
    head = ("package", "range", "what for", "why this one", "licence")
    sections = DEPENDENCIES.split("\n## To ")[1:]
    found = {name: cells for part in sections for name, cells in table(part, *head).items()}
    assert {name: cells[0] for name, cells in found.items()} == {
        each[1]: f"`{each[2]}`" for each in parts if each
    }
    assert all(all(cells) for cells in found.values())
    assert PROJECT["build-system"]["requires"][0] in DEPENDENCIES


def test_every_extra_that_somebody_is_told_to_install_exists():
    told = [path for path in committed() if path.suffix in {".md", ".py", ""}]
    texts = [path.read_text(encoding="utf-8") for path in told if path.name != "test_docs.py"]
    named = {each for text in texts for each in re.findall(r"-e '\.\[([\w,]+)\]'", text)}
    extras = {extra for each in named for extra in each.split(",")}
    assert extras == set(PROJECT["project"]["optional-dependencies"])


# --- samples in the documents -------------------------------------------------------------------


def test_the_settings_shown_are_read(tmp_path, monkeypatch):
    for variable in (*config.OVERRIDES, config.FILE_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    shipped = (ROOT / "hotline.toml").read_text(encoding="utf-8")
    shown = [each for text in (README, HANDBOOK) for each in blocks(text, "toml")]
    samples = [each for each in shown if each.startswith(("landing", "calendar"))]
    assert len(samples) == 3
    for sample in [shipped, *samples]:
        (tmp_path / "hotline.toml").write_text(sample, encoding="utf-8")
        config.load_top_level()
    assert tomllib.loads(samples[0]) == tomllib.loads(shipped)


def test_the_profile_shown_takes_a_file(installation, tmp_path):
    (sample,) = [each for each in blocks(README, "toml") if "[datasets." in each]
    path = tmp_path / "city.toml"
    path.write_text(sample, encoding="utf-8")
    change(installation, profile_name=str(path))
    header = "流水号,来电,热线,进线时间,应答时间,结束,结果,技能组\n"
    answered = "001,13800138000,12345,20240115080000,20240115080010,20240115080100,已接,甲\n"
    lost = "002,13800138000,12345,2024-01-15 09:00:00,-,2024-01-15 09:00:20,放弃,甲\n"
    deliver(installation, "话单_20240115_1.csv", header + answered + lost)
    bring_up_to_date(installation)
    found = facts(installation, "calls", "2024-01")
    assert found.select("hour", "answered", "hung_up").rows() == [(8, 1, 0), (9, 0, 1)]
    section = README.partition("## A profile")[2].partition("\n## ")[0]
    assert {name for name in Profile.model_fields if f"`{name}`" in section} == {
        *("settle_seconds", "max_file_bytes", "max_unpacked_bytes", "refuse_above_rows")
    }


def test_the_calendar_and_the_deadlines_shown_are_read(tmp_path):
    (sample,) = blocks(HANDBOOK, "csv")
    (tmp_path / "days.csv").write_text(sample, encoding="utf-8-sig")
    assert load_calendar(tmp_path / "days.csv") == load_calendar()
    (sample,) = [each for each in blocks(HANDBOOK, "toml") if "[[rule]]" in each]
    (tmp_path / "deadlines.toml").write_text(sample, encoding="utf-8")
    calendar = load_calendar()
    assert load_deadlines(calendar, tmp_path / "deadlines.toml") == load_deadlines(calendar)


@pytest.mark.parametrize("file", ["月度指标.xlsx"])
def test_the_commands_that_write_workbooks_work(installation, tmp_path, file):
    deliver(
        installation,
        "calls_20230105.csv",
        [row("calls"), row("calls", call_id="", outcome="占线", answered_at="")],
    )
    bring_up_to_date(installation)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "warehouse").symlink_to(installation.root)
    (script,) = [each for each in blocks(HANDBOOK, "bash") if file in each]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["bash", "-ec", script], cwd=tmp_path, env=os.environ | {"PATH": path}, check=True
    )
    head, *lines = CalamineWorkbook.from_path(tmp_path / file).get_sheet_by_index(0).to_python()
    assert "metric" in head
    assert lines


# --- links and machines -------------------------------------------------------------------------


def test_every_link_leads_somewhere():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def committed() -> list[Path]:
    """Files of the project, without what .gitignore leaves out."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    ignored = [".git", *(line.rstrip("/") for line in lines)]
    found = []
    for folder, folders, names in os.walk(ROOT):
        for each in (folders, names):
            each[:] = [name for name in each if not any(fnmatch(name, line) for line in ignored)]
        found += [Path(folder, name) for name in names]
    return found


def test_no_committed_text_names_a_machine_or_a_registry():
    # Written so that this file does not hold what it looks for.
    machine = r"(?<![\w.$}>])/(?:hom[e]|Users|roo[t]|wor[k]|tm[p]|mn[t]|op[t]|sr[v])/[\w.-]+"
    registry = r"pyp[i]\.|pythonhoste[d]|index-ur[l]|/simpl[e]\b|trusted-hos[t]"
    files = committed()
    assert len(files) > 100
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = re.search(f"{machine}|{registry}", text)
        assert found is None, f"{path.relative_to(ROOT)}: {found and found[0]}"


def test_every_built_in_profile_is_named():
    for path in BUILT_IN.glob("*.toml"):
        assert f"`{path.stem}`" in README
        assert f"`{path.stem}`" in HANDBOOK


def test_every_chapter_that_the_interface_points_to_is_there():
    headings = {line.lstrip("# ") for line in HANDBOOK.splitlines() if line.startswith("#")}
    assert {each.chapter for each in STAGES.values()} <= headings


def test_every_asset_check_is_explained(installation):
    graph = code_location(installation).resolve_asset_graph()
    names = {key.name for key in graph.asset_check_keys}
    assert settings(HANDBOOK, "检查项", "保证什么", "不正常时怎么办") == names
