"""Every file rule, by example, on the way from the landing folder to the release."""

import ast
import gzip
import re
import string
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import assets.exports.delimited_text
from assets.exports.decode import Decoded
from assets.exports.parsed_file import FileRefused
from assets.exports.sentences import refusal_sentence
from assets.exports.states import REFUSED, TAKEN, State
from assets.installation.installation import Installation
from schemas import EXPORTS
from schemas.file_rules import FILE_RULES
from tests.driver import (
    account,
    bring_up_to_date,
    deliver,
    details,
    digests,
    ledger,
    make_installation,
    sentences,
    set_profile,
    take_all,
)
from tests.samples import csv_line, csv_text, header_line, row, xlsx_bytes
from tests.workbooks.raw_book import raw_book

LIMIT = 100_000
UNPACKED_LIMIT = 200_000
OLE2 = bytes.fromhex("D0CF11E0A1B11AE1")
PHONE = "13912345678"


def calls(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Valid calls of 5 January with ids of their own."""
    return [row("calls", call_id=f"C{number:06d}", **changes) for number in range(count)]


def text(rows: list[dict[str, Any]]) -> bytes:
    return csv_text("calls", rows).encode()


def with_header(change: Callable[[list[str]], list[str]], line: str | None = None) -> bytes:
    """A file whose header row is changed; its row too, where the width changes."""
    names = change(header_line("calls").split(","))
    cells = csv_line("calls", row("calls")).split(",")
    cells = [*cells, *["x"] * (len(names) - len(cells))][: len(names)]
    return f"{','.join(names)}\n{line or ','.join(cells)}\n".encode()


LONG = f"<si><t>{'x' * 32_000}</t></si>"
BOOK = xlsx_bytes("calls", calls(3))
DAMAGED = "A damaged line of five,fields,in,all,here"
SAME_ID = [
    row("calls", call_id="123456789", ended_at=f"2023-01-05 08:03:{n}") for n in (10, 11, 12)
]


@dataclass(frozen=True)
class Case:
    """A file that a rule refuses, and one like it that is taken.

    Attributes:
        rule: the rule.
        bad: ending of the name and content of the file that is refused.
        good: the same for one that is taken.
        name: tells cases of one rule apart.
    """

    rule: str
    bad: tuple[str, bytes]
    good: tuple[str, bytes] = (".csv", text(calls(3)))
    name: str = ""

    @property
    def id(self) -> str:
        return f"{self.rule}-{self.name}".rstrip("-")


HEADER_ONLY = (".csv", text([]))
CASES = [
    Case("empty_file", (".csv", b""), HEADER_ONLY),
    Case("empty_file", (".csv", b"\xef\xbb\xbf\r\n  \n"), HEADER_ONLY, "white space"),
    Case(
        "empty_file",
        (".csv.gz", gzip.compress(b"")),
        (".csv.gz", gzip.compress(text([]), mtime=0)),
        "gzip",
    ),
    Case(
        "header_unknown",
        (".csv", b"\n".join([b"banner"] * 20) + b"\n" + text(calls(3))),
        (".csv", b"\n".join([b"banner"] * 19) + b"\n" + text(calls(3))),
    ),
    Case("header_unknown", (".csv", csv_text("knowledge", []).encode()), name="another table"),
    Case(
        "header_extra",
        (".csv", with_header(lambda names: [*names, f"备注{PHONE}"])),
        (
            ".csv",
            with_header(
                lambda names: [" 呼 入\u3000时间" if each == "呼入时间" else each for each in names]
            ),
        ),
    ),
    Case(
        "header_missing",
        (".csv", with_header(lambda names: [each for each in names if each != "主叫号码"])),
        (
            ".csv",
            (
                "话单编号,主叫号码,接入热线,呼入时间,挂断时间,呼叫结果\n"
                "C1,13800138000,12345,2023-01-05 08:00:00,2023-01-05 08:00:09,用户挂断\n"
            ).encode(),
        ),
    ),
    Case("header_doubled", (".csv", with_header(lambda names: [*names, "接入热线"]))),
    Case(
        "header_doubled",
        (".csv", with_header(lambda names: [*names, "来电号码"])),
        (
            ".csv",
            with_header(
                lambda names: ["来电号码" if each == "主叫号码" else each for each in names]
            ),
        ),
        "under an alias",
    ),
    Case(
        "no_valid_line",
        (".csv", f"{header_line('calls')}\n{DAMAGED}\n{DAMAGED}\n".encode()),
        (".csv", text(calls(1)) + f"{DAMAGED}\n".encode()),
    ),
    Case(
        "encoding",
        (".csv", b"\x81\xff\xff,abc\n\xff\xff\n"),
        (".csv", text(calls(3)).decode().encode("gb18030")),
    ),
    Case(
        "encoding_utf16",
        (".csv", text(calls(3)).decode().encode("utf-16")),
        (".csv", b"\xef\xbb\xbf" + text(calls(3))),
    ),
    Case("too_large", (".csv", text(calls(1500)))),
    Case(
        "too_large",
        (".csv.gz", gzip.compress(text(calls(2500)))),
        (".csv.gz", gzip.compress(text(calls(1500)))),
        "unpacked",
    ),
    Case(
        "too_large",
        (".xlsx", xlsx_bytes("calls", calls(1500))),
        (".xlsx", BOOK),
        "unpacked workbook",
    ),
    Case(
        "gzip_damaged",
        (".csv.gz", gzip.compress(text(calls(20)))[:-12]),
        (".csv.gz", gzip.compress(text(calls(20)))),
    ),
    Case("gzip_damaged", (".csv.gz", text(calls(3))), name="no gzip at all"),
    Case("xls_format", (".xls", OLE2 + bytes(512)), (".xlsx", BOOK)),
    Case("xls_format", (".xlsx", OLE2 + bytes(512)), (".xlsx", BOOK), "under another name"),
    Case("workbook_damaged", (".xlsx", BOOK[: len(BOOK) // 2]), (".xlsx", BOOK)),
    Case("workbook_damaged", (".xlsx", text(calls(3))), (".xlsx", BOOK), "text"),
    Case(
        "workbook_encrypted",
        (".xlsx", OLE2 + bytes(512) + "EncryptedPackage".encode("utf-16-le")),
        (".xlsx", BOOK),
    ),
    Case("over_memory", (".xlsx", raw_book([['<c t="s"><v>0</v></c>']] * 200, shared=[LONG]))),
    Case(
        "too_many_columns",
        (".csv", with_header(lambda names: [*names, *[""] * 1000])),
        (".csv", with_header(lambda names: [*names, ""])),
    ),
    Case("reader_disagrees", (".csv", text(calls(3)))),
    Case("format_unknown", (".txt", text(calls(3)))),
    Case("format_unknown", (".pdf", b"%PDF-1.7")),
    Case(
        "quarantined_share",
        (".csv", text([*calls(56), *calls(3, outcome="占线")])),
        (".csv", text([*calls(57), *calls(3, outcome="占线")])),
    ),
    Case(
        "quarantined_share",
        (".csv", text([row("calls", line=""), row("calls", outcome="")]) + f"{DAMAGED}\n".encode()),
        (".csv", text([*calls(1), row("calls", line="")]) + f"{DAMAGED}\n".encode()),
        "few rows",
    ),
    Case(
        "key_unusable",
        (".csv", text([*calls(3), *SAME_ID])),
        (".csv", text([*calls(3), *SAME_ID[:2]])),
    ),
    Case("unreadable", (".csv", text(calls(3)))),
    Case("outside_landing", (".csv", text(calls(3)))),
]
NUMBERS = range(len(CASES))
IDS = [case.id for case in CASES]


def bad_name(number: int) -> str:
    return f"calls_20230105_bad_{number}{CASES[number].bad[0]}"


def good_name(number: int) -> str:
    return f"calls_20230106_good_{number}{CASES[number].good[0]}"


@dataclass
class Refused:
    """An installation before and after files of every kind were refused, and others taken."""

    installation: Installation
    facts_before: dict[str, str]
    account_before: list[tuple[Any, ...]]
    facts_refused: dict[str, str]
    account_refused: list[tuple[Any, ...]]
    rules: dict[str, dict[str, Any]]
    states: dict[str, dict[str, Any]]


def patch_everywhere(patch: pytest.MonkeyPatch, name: str, value: object) -> None:
    """Replace a function in every module that has imported it."""
    for module in [each for each in sys.modules.values() if hasattr(each, "__name__")]:
        if module.__name__.startswith("assets.exports") and name in vars(module):
            patch.setattr(module, name, value)


@pytest.fixture(scope="module")
def refused(tmp_path_factory) -> Refused:
    """Deliver a good day, then every bad file at once, then every good one."""
    folder = tmp_path_factory.mktemp("file_rules")
    installation = make_installation(folder)
    set_profile(installation, max_file_bytes=LIMIT, max_unpacked_bytes=UNPACKED_LIMIT)
    opened, read = Path.open, assets.exports.delimited_text.find_header

    def open_unless_forbidden(path: Path, *how: Any, **more: Any) -> Any:
        if how == ("rb",) and path.name == bad_name(IDS.index("unreadable")):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how, **more)

    disagreeing = {CASES[IDS.index("reader_disagrees")].bad[1]}

    def read_or_disagree(content: Decoded, **how: Any) -> Any:
        if content.text in disagreeing:
            raise FileRefused("reader_disagrees", lines=3, rows=2)
        return read(content, **how)

    with pytest.MonkeyPatch.context() as patch:
        # These two have causes that a test cannot bring about: it may run as root.
        patch.setattr(Path, "open", open_unless_forbidden)
        patch_everywhere(patch, "find_header", read_or_disagree)
        patch_everywhere(patch, "file_budget", lambda: 1 << 22)
        patch_everywhere(patch, "refusal", lambda row: (row["path"], row["rule"]))
        deliver(
            installation, "calls_20230104.csv", [row("calls", call_id="first", **at("2023-01-04"))]
        )
        bring_up_to_date(installation)
        before = digests(installation, without=["data_quality"]), account(installation).rows()
        for number, case in enumerate(CASES):
            deliver(installation, bad_name(number), case.bad[1])
        link = installation.landing / bad_name(IDS.index("outside_landing"))
        link.rename(folder / "outside.csv")
        link.symlink_to(folder / "outside.csv")
        bring_up_to_date(installation)
        after = digests(installation, without=["data_quality"]), account(installation).rows()
        rules = {each["path"]: each for each in ledger(installation, "calls").to_dicts()}
        disagreeing.clear()
        for number, case in enumerate(CASES):
            deliver(installation, good_name(number), case.good[1])
        bring_up_to_date(installation)
    states = {each["path"]: each for each in ledger(installation, "calls").to_dicts()}
    return Refused(installation, *before, *after, rules, states)


def at(day: str) -> dict[str, str]:
    """The times of a valid call, on another day."""
    return {
        f"{each}_at": f"{day} {row('calls')[f'{each}_at'][11:]}"
        for each in ("offered", "answered", "ended")
    }


@pytest.mark.parametrize("number", NUMBERS, ids=IDS)
def test_the_bad_file_is_refused_for_this_reason(refused, number):
    found = refused.rules[bad_name(number)]
    assert (found["state"], found["rule"]) == (REFUSED, CASES[number].rule)
    counts = [found[name] for name in ("read", "quarantined", "clipped", "ignored", "periods")]
    assert counts == [0, 0, 0, 0, []]


@pytest.mark.parametrize(
    "number",
    [pytest.param(number, id=case.id) for number, case in enumerate(CASES)],
)
def test_the_operator_is_told_what_and_what_to_do(refused, number):
    found = refused.rules[bad_name(number)]
    name, sentence = refusal_sentence(found)
    assert name == bad_name(number)
    assert sentence.endswith("。")
    assert not re.search(r"[{}]|None", sentence)
    assert PHONE not in sentence
    assert len(sentence) > 10


def test_sentences_name_counts_and_headers(refused):
    told = {
        rule: refusal_sentence(refused.rules[bad_name(IDS.index(rule))])[1]
        for rule in (
            "header_extra",
            "header_missing",
            "header_doubled",
            "quarantined_share",
            "key_unusable",
        )
    }
    assert "备注" in told["header_extra"]
    assert "主叫号码" in told["header_missing"]
    assert "接入热线" in told["header_doubled"]
    assert "59行中有3行" in told["quarantined_share"]
    assert "5%" in told["quarantined_share"]
    assert "3行的编号相同" in told["key_unusable"]


@pytest.mark.parametrize("number", NUMBERS, ids=IDS)
def test_the_good_file_is_taken(refused, number):
    found = refused.states[good_name(number)]
    # Some cases share their good file.
    assert found["state"] in (TAKEN, State.REPEAT)
    assert found["rule"] == ""
    assert found["read"] > 0 or CASES[number].good in (
        HEADER_ONLY,
        (".csv.gz", gzip.compress(text([]), mtime=0)),
    )


def test_refused_files_change_nothing_but_the_account_of_files(refused):
    assert refused.facts_refused == refused.facts_before
    unchanged = [each for each in refused.account_refused if REFUSED not in each]
    assert unchanged == refused.account_before
    # A content counts once.
    contents = {row["content"] for path, row in refused.rules.items() if "bad" in path}
    assert len(refused.account_refused) == len(refused.account_before) + len(contents)
    assert {sum(each[7:]) for each in refused.account_refused if REFUSED in each} == {0}


def test_a_bad_file_is_archived_all_the_same(refused):
    barred = {"too_large", "unreadable", "outside_landing"}
    for number, case in enumerate(CASES):
        if case.rule in barred and "unpacked" not in case.name:
            continue
        sha256 = refused.rules[bad_name(number)]["sha256"]
        assert refused.installation.warehouse.archived(sha256).read_bytes() == case.bad[1]


def test_a_corrected_file_of_the_same_name_is_taken(installation):
    deliver(installation, "calls_20230104.csv", [row("calls", call_id="first", **at("2023-01-04"))])
    deliver(installation, "calls_20230105.csv", b"")
    bring_up_to_date(installation)
    deliver(installation, "calls_20230105.csv", calls(3))
    bring_up_to_date(installation)
    assert ledger(installation, "calls")["state"].to_list() == [TAKEN, REFUSED, TAKEN]
    assert details(installation, "calls", "2023-01").height == 4


def test_a_threshold_is_settable_for_a_dataset(installation):
    own = installation.profile.datasets["calls"].model_copy(update={"quarantine_share": 0.5})
    set_profile(installation, datasets=installation.profile.datasets | {"calls": own})
    deliver(installation, "calls_20230105.csv", [*calls(4), *calls(4, outcome="占线")])
    deliver(installation, "calls_20230106.csv", [*calls(4), *calls(5, outcome="占线")])
    deliver(
        installation, "knowledge_20230105.csv", [row("knowledge")] + [row("knowledge", unit="")] * 3
    )
    bring_up_to_date(installation)
    assert ledger(installation, "calls")["state"].to_list() == [TAKEN, REFUSED]
    assert ledger(installation, "knowledge")["rule"].to_list() == ["quarantined_share"]


def test_tickets_whose_ids_were_cut_off_are_refused(installation):
    rows = [
        row(
            "tickets",
            ticket_id="HZ2023010",
            title=f"第{number}件",
            updated_at=f"2023-01-05 09:{number:02d}:00",
        )
        for number in range(20)
    ]
    deliver(installation, "tickets_20230105.csv", rows)
    take_all(installation)
    assert ledger(installation, "tickets")["rule"].to_list() == ["key_unusable"]


def test_a_limit_below_one_percent_is_told_as_it_is(installation):
    own = installation.profile.datasets["calls"].model_copy(update={"quarantine_share": 0.005})
    set_profile(installation, datasets=installation.profile.datasets | {"calls": own})
    deliver(installation, "calls_20230105.csv", [*calls(97), *calls(3, outcome="占线")])
    take_all(installation)
    (sentence,) = sentences(installation)
    assert "0.5%" in sentence


def test_every_file_rule_has_an_example():
    # No file is erased by itself: tests/erasure.
    assert {case.rule for case in CASES} == set(FILE_RULES) - {"erased"}


def _refusals_in_the_code() -> dict[str, set[str]]:
    """Rule -> facts that every place which raises it gives."""
    found: dict[str, set[str]] = {}
    for path in Path(assets.exports.delimited_text.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FileRefused"):
                continue
            facts = {keyword.arg or "" for keyword in node.keywords}
            for rule in ast.walk(node.args[0]):
                if isinstance(rule, ast.Constant):
                    found[rule.value] = found.get(rule.value, facts) & facts
    return found


def test_every_refusal_in_the_code_has_a_sentence_and_the_facts_for_it():
    raised = _refusals_in_the_code()
    assert len(raised) > 8
    for rule, facts in raised.items():
        for sentence in (FILE_RULES[rule].zh, FILE_RULES[rule].en):
            assert {name for _, name, _, _ in string.Formatter().parse(sentence) if name} <= facts


def test_every_dataset_is_refused_and_taken_alike(installation):
    """One file of each dataset with a header that lacks a required column, one without any row."""
    for name, table in EXPORTS.items():
        titles = header_line(name).split(",")
        stem = {"daily": "20230105", "monthly": "202301", "yearly": "2023"}[table.cadence]
        needed = next(c.title for c in table.columns if c.required)
        without = ",".join(each for each in titles if each != needed)
        deliver(installation, f"{name}_{stem}_a.csv", f"{without}\n")
        deliver(installation, f"{name}_{stem}_b.csv", [])
    bring_up_to_date(installation)
    for name in EXPORTS:
        assert ledger(installation, name)["rule"].to_list() == ["header_missing", ""]
