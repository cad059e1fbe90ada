"""Every row rule of every dataset, by example: what is quarantined for it, and what just passes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest

from assets.exports.batch import Batch, ingest_files
from assets.exports.deliveries import Delivery
from assets.exports.discover import recognise
from assets.profiles.profile import load_profile
from schemas import EXPORTS
from schemas.fields import Column, Kind, Protection
from schemas.rules import STRUCTURE_RULES
from schemas.table import rule_sentences
from tests.driver import account, bring_up_to_date, deliver
from tests.samples import FILE, VALID, csv_line, csv_text, header_line, row, xlsx_bytes
from tests.workbooks.raw_book import raw_book

# Through the driver, because it takes two files: see the test of this name.
FIXED = ("tickets", "fixed_changed", "accepted_at")


@dataclass(frozen=True)
class Example:
    """A file with one row that a rule must quarantine and one that it must let pass.

    Attributes:
        dataset: name of the dataset.
        rule: rule expected.
        column: column that is blamed; empty where the line itself is at fault.
        name: tells examples of one rule and column apart.
        suffix: ending of the file's name.
        content: the file.
        good_line: line of the row that passes.
        bad_line: line of the row that does not.
        bad_text: raw text of that line, where it is known.
        arrived: day on which the file arrived.
    """

    dataset: str
    rule: str
    column: str
    name: str
    suffix: str
    content: bytes
    good_line: int = 2
    bad_line: int = 3
    bad_text: str = ""
    arrived: date = date.max

    @property
    def pair(self) -> tuple[str, str, str]:
        return self.dataset, self.rule, self.column

    @property
    def id(self) -> str:
        return "-".join(filter(None, (*self.pair, self.name)))


def _rows(
    dataset: str,
    rule: str,
    column: str,
    name: str,
    bad: dict[str, Any],
    good: dict[str, Any] | None = None,
) -> Example:
    rows = [row(dataset, **(good or {})), row(dataset, **bad)]
    return Example(
        dataset,
        rule,
        column,
        name,
        ".csv",
        csv_text(dataset, rows).encode(),
        bad_text=csv_line(dataset, rows[1]),
    )


# Latest day that a timestamp may lie on, and the day after, by dataset: export date plus a day, and
# a year for deadlines and for the survey that is held about the year before.
_HORIZON = {
    "calls": ("2023-01-06", "2023-01-07"),
    "tickets": ("2023-01-06", "2023-01-07"),
    "callbacks": ("2023-01-07", "2023-01-08"),
    "quality": ("2023-01-07", "2023-01-08"),
    "knowledge": ("2023-01-06", "2023-01-07"),
    "survey": ("2024-12-31", "2025-01-01"),
}
_FAR_HORIZON = {("tickets", "extended_to"): ("2024-01-06", "2024-01-07")}
_CLOSED = {"status": "已办结", "closed_at": "2023-01-05 09:00:00"}


def _valid_at(dataset: str, column: str, moment: str) -> dict[str, Any]:
    """Changes that let a timestamp of a valid row be a moment without breaking another rule."""
    table = EXPORTS[dataset]
    changes = {column: moment}
    if column in table.order or (column == "extended_to" and moment < "2016"):
        changes |= {name: moment for name in table.order if VALID[dataset][name]}
    if column == "closed_at":
        changes |= {"status": "已办结"}
    return changes


def _timestamp_examples(dataset: str, column: Column) -> list[Example]:
    name = column.name
    last, after = _FAR_HORIZON.get((dataset, name), _HORIZON[dataset])
    rule = "timestamp_range"
    found = [
        _rows(
            dataset,
            rule,
            name,
            "early",
            {name: "2014-12-31 23:59:59"},
            _valid_at(dataset, name, "2015-01-01 00:00:00"),
        ),
        _rows(
            dataset,
            rule,
            name,
            "late",
            {name: f"{after} 00:00:00"},
            _valid_at(dataset, name, f"{last} 23:59:59"),
        ),
    ]
    if column.required:
        found.append(_rows(dataset, rule, name, "none", {name: "1900-01-01 00:00:00"}))
    day = (VALID[dataset][name] or "2023-01-05 09:00:00").replace("-", "/")
    found += [
        _rows(dataset, "timestamp", name, form, {name: bad}, _valid_at(dataset, name, day))
        for form, bad in {
            "no-such-day": "2023-02-30 08:00:00",
            "no-such-hour": "2023-01-05 24:30:00",
            "float": "000400.0",
            "words": "昨天上午",
        }.items()
    ]
    return found


def _number_examples(dataset: str, column: Column) -> list[Example]:
    name = column.name
    found = [
        _rows(dataset, "number", name, form, {name: bad}, {name: f" {VALID[dataset][name]}"})
        for form, bad in {"words": "约二十", "unit": "20分", "infinite": "1e999"}.items()
    ]
    if column.minimum is not None:
        low = int(column.minimum)
        bad, good = {name: str(low - 1)}, {name: str(low)}
        found.append(_rows(dataset, "number_range", name, "low", bad, good))
    if column.maximum is not None:
        high = int(column.maximum)
        bad, good = {name: str(high + 1)}, {name: str(high)}
        found.append(_rows(dataset, "number_range", name, "high", bad, good))
    return found


_PATTERN_EXAMPLES = {
    Kind.MONTH: (("2023-13", "2023-1", "202301", "2023年1月"), ("2023-12",)),
    Kind.PERIOD: (("2023-13", "23", "2023-1", "2023-01-01"), ("2023-12", "2023")),
}


# What else a row needs for a column that the valid row leaves empty.
_NEEDS = {"merged_into": {"status": "已并单", "closed_at": "2023-01-05 09:00:00"}}


def _identifier_examples(dataset: str, name: str) -> list[Example]:
    base = _NEEDS.get(name, {})
    bad, good = base | {name: "2.02504E+12"}, base | {name: "000123E"}
    found = [_rows(dataset, "scientific_id", name, "", bad, good)]
    # A caller's number loses whatever is no part of it.
    for sign in ("\u200b", "\x07", "\ufeff", "\u202e") if name != "caller" else ():
        bad, good = base | {name: f"A{sign}1"}, base | {name: " A1\u3000"}
        found.append(_rows(dataset, "control_character", name, f"u{ord(sign):04x}", bad, good))
    return found


def _code_and_length_examples(dataset: str, column: Column) -> list[Example]:
    name, base = column.name, _NEEDS.get(column.name, {})
    found = []
    if column.codes:
        good = {} if VALID[dataset][name] else {name: column.codes[0]}
        found.append(_rows(dataset, "code", name, "", {name: "不在表中"}, good))
    if column.max_length:
        longest = ("9" if name == "caller" else "测") * column.max_length
        good = {} if column.codes else base | {name: longest}
        found.append(_rows(dataset, "too_long", name, "", base | {name: longest + "长"}, good))
    if column.is_name:
        for sign in ("?", "\ufffd"):
            bad, good = {name: f"供{sign}水"}, {name: "供水"}
            found.append(_rows(dataset, "damaged_text", name, f"u{ord(sign):04x}", bad, good))
    return found


_PERSONAL = {
    "mobile": ("供水13912345678", "供水0916-2512345"),
    "mobile, dashes and country": ("+86 139-1234-5678", "12345"),
    "mobile, country without a sign": ("8613912345678号", "8612345678901号"),
    "mobile, full width": ("供水１３９１２３４５６７８", "供水２０２３０１"),
    "ID of 18": ("610702199003074518", "供水13912345"),
    "ID with X": ("61070219900307451X", "供水2023-01-05"),
    "ID of 15": ("610702 900307 451", "供水20230105"),
}


_NOT_NAMES = {
    ("personal_name", "whole"): ("张建国", "建国路小学"),
    ("personal_name", "title"): ("王女士", "女士之家"),
    ("personal_address", "door"): ("人民路88号3单元501室", "人民路街道"),
    ("bare_number", "seven"): ("2512345", "251234"),
}


def _personal_examples(dataset: str, column: Column) -> list[Example]:
    name = column.name
    found = [
        _rows(dataset, "personal_number", name, form, {name: bad}, {name: good})
        for form, (bad, good) in _PERSONAL.items()
    ]
    for (rule, form), (bad, good) in _NOT_NAMES.items() if column.is_name else ():
        if (rule, column.name) != ("bare_number", "line"):
            found.append(_rows(dataset, rule, name, form, {name: bad}, {name: good}))
    return found


def _column_examples(dataset: str, column: Column) -> list[Example]:
    name = column.name
    found = _code_and_length_examples(dataset, column)
    if column.required:
        for form, blank in {"empty": "", "spaces": " \u3000", "dash": "-", "null": "NULL"}.items():
            found.append(_rows(dataset, "required", name, form, {name: blank}))
    if column.kind is Kind.TIMESTAMP:
        found += _timestamp_examples(dataset, column)
    if column.kind in (Kind.INTEGER, Kind.NUMBER):
        found += _number_examples(dataset, column)
    if column.kind is Kind.IDENTIFIER:
        found += _identifier_examples(dataset, name)
    if column.kind is Kind.TEXT and column.protection is Protection.NONE:
        found += _personal_examples(dataset, column)
    for position, bad in enumerate(_PATTERN_EXAMPLES.get(column.kind, ((), ()))[0]):
        good = _PATTERN_EXAMPLES[column.kind][1]
        change = {name: good[position % len(good)]}
        found.append(_rows(dataset, "pattern", name, str(position), {name: bad}, change))
    return found


def _structure_examples(dataset: str) -> list[Example]:
    head, good = header_line(dataset), csv_line(dataset, VALID[dataset])
    broken = {
        "field_count": good + ",x",
        "quoting": '"' + good,
        "null_byte": good[:3] + "\0" + good[3:],
    }
    found = [
        Example(
            dataset, rule, "", "", ".csv", f"{head}\n{good}\n{bad}\n{good}\n".encode(), bad_text=bad
        )
        for rule, bad in broken.items()
    ]
    found.append(
        Example(
            dataset,
            "field_count",
            "",
            "short",
            ".csv",
            f"{head}\n{good}\n{good.rpartition(',')[0]}\n{good}\n".encode(),
        )
    )
    invalid = good[:3].encode() + b"\xff" + good[3:].encode()
    content = f"{head}\n{good}\n".encode() + invalid + f"\n{good}\n".encode()
    found.append(Example(dataset, "encoding", "", "", ".csv", content))
    cut = good.rpartition(",")[0]
    found.append(
        Example(
            dataset, "cut_off_line", "", "", ".csv", f"{head}\n{good}\n{cut}".encode(), bad_text=cut
        )
    )
    columns = EXPORTS[dataset].columns
    header = [column.title for column in columns]
    whole = [VALID[dataset][column.name] for column in columns]
    first = columns[0].name
    lost = xlsx_bytes(dataset, [VALID[dataset], row(dataset, **{first: 202301050000000001.0})])
    found.append(Example(dataset, "number_precision", "", "", ".xlsx", lost))
    found += [
        Example(
            dataset, rule, "", "", ".xlsx", raw_book([header, whole, [cell, *whole[1:]]], **more)
        )
        for rule, cell, more in (
            ("number_format", '<c s="1"><v>0.5</v></c>', {"formats": ["# ?/?"]}),
            ("cell_error", '<c t="e"><v>#N/A</v></c>', {}),
            ("formula_uncached", "<c><f>A1</f></c>", {}),
            ("merged_cells", whole[0], {"merged": ["A3:B3"]}),
        )
    ]
    return found


def _literal(
    rule: str,
    column: str,
    bad: dict[str, Any],
    good: dict[str, Any],
    name: str = "",
    dataset: str = "tickets",
) -> Example:
    return _rows(dataset, rule, column, name, bad, good)


_HUNG_UP = {"outcome": "用户挂断", "answered_at": ""}
_AHEAD = [
    replace(_rows(dataset, "period_ahead", column, "", {column: bad}, {column: good}), arrived=day)
    for dataset, column, day, good, bad in (
        ("staff", "month", date(2023, 1, 10), "2023-01", "2023-02"),
        ("annual", "year", date(2023, 2, 3), "2023", "2024"),
        ("declared", "period", date(2023, 2, 3), "2023-12", "2024-01"),
        ("survey", "submitted_at", date(2023, 2, 3), "2023-12-31 23:59:59", "2024-01-01 00:00:00"),
    )
]
_LITERAL = [
    _literal(
        "answered_at_before_offered_at",
        "answered_at",
        {"offered_at": "2023-01-05 08:00:13"},
        {"offered_at": "2023-01-05 08:00:12"},
        dataset="calls",
    ),
    _literal(
        "ended_at_before_answered_at",
        "ended_at",
        {"ended_at": "2023-01-05 08:00:07"},
        {"ended_at": "2023-01-05 08:00:08"},
        dataset="calls",
    ),
    _literal(
        "ended_at_before_answered_at",
        "ended_at",
        _HUNG_UP | {"ended_at": "2023-01-05 07:59:57"},
        _HUNG_UP | {"ended_at": "2023-01-05 07:59:58"},
        "lost call",
        dataset="calls",
    ),
    _literal(
        "call_too_long",
        "ended_at",
        {"ended_at": "2023-01-05 14:00:01"},
        {"ended_at": "2023-01-05 14:00:00"},
        dataset="calls",
    ),
    _literal(
        "outcome_answered",
        "outcome",
        {"answered_at": ""},
        {"outcome": "测试"},
        "answered without a time",
        dataset="calls",
    ),
    *(
        _literal(
            "outcome_answered",
            "outcome",
            {"outcome": outcome},
            {"outcome": outcome, "answered_at": ""},
            f"{outcome} with a time",
            dataset="calls",
        )
        for outcome in ("用户挂断", "振铃超时", "坐席拒接")
    ),
    _literal(
        "dispatched_at_before_accepted_at",
        "dispatched_at",
        {"dispatched_at": "2023-01-05 08:04:59"},
        {"dispatched_at": "2023-01-05 08:05:00"},
    ),
    _literal(
        "closed_at_before_dispatched_at",
        "closed_at",
        _CLOSED | {"closed_at": "2023-01-05 08:09:59"},
        _CLOSED | {"closed_at": "2023-01-05 08:10:00"},
    ),
    _literal(
        "closed_at_before_dispatched_at",
        "closed_at",
        _CLOSED | {"handling": "直接答复", "dispatched_at": "", "closed_at": "2023-01-05 08:04:59"},
        _CLOSED | {"handling": "直接答复", "dispatched_at": "", "closed_at": "2023-01-05 08:05:00"},
        "never dispatched",
    ),
    *(
        _literal(
            "closed_exactly_when_done",
            "closed_at",
            _CLOSED | {"status": status, "merged_into": merged},
            {"status": status, "closed_at": ""},
            f"{status} with a time",
        )
        for status, merged in (("受理", ""), ("办理中", ""), ("退回", ""), ("已作废", ""))
    ),
    *(
        _literal(
            "closed_exactly_when_done",
            "closed_at",
            {"status": status, "closed_at": "", "merged_into": merged},
            _CLOSED | {"status": status, "merged_into": merged},
            f"{status} without a time",
        )
        for status, merged in (("已办结", ""), ("已并单", "HZ1"))
    ),
    _literal(
        "dispatched_without_unit",
        "unit",
        {"unit": ""},
        _CLOSED | {"unit": "", "handling": "直接答复", "dispatched_at": ""},
    ),
    _literal(
        "merged_into",
        "merged_into",
        _CLOSED | {"status": "已并单"},
        _CLOSED | {"status": "已并单", "merged_into": "HZ1"},
        "merged into nothing",
    ),
    _literal(
        "merged_into",
        "merged_into",
        _CLOSED | {"merged_into": "HZ1"},
        _CLOSED,
        "not merged",
    ),
    _literal(
        "merged_into_itself",
        "merged_into",
        _CLOSED | {"status": "已并单", "merged_into": VALID["tickets"]["ticket_id"]},
        _CLOSED | {"status": "已并单", "merged_into": "HZ1"},
    ),
    _literal(
        "extended_before_accepted",
        "extended_to",
        {"extended_to": "2023-01-05 08:04:59"},
        {"extended_to": "2023-01-05 08:05:00"},
    ),
    *(
        _literal(
            "satisfaction_without_contact",
            "satisfaction",
            {"result": result, "satisfaction": "未评价"},
            {"result": result, "satisfaction": ""},
            result,
            dataset="callbacks",
        )
        for result in ("未接通", "拒访")
    ),
]

EXAMPLES = [
    *(
        example
        for dataset, table in EXPORTS.items()
        for column in table.columns
        for example in _column_examples(dataset, column)
    ),
    *(example for dataset in EXPORTS for example in _structure_examples(dataset)),
    *_AHEAD,
    *_LITERAL,
]


def ingested(
    dataset: str, files: dict[str, bytes], arrived: Mapping[str, date] | None = None
) -> Batch:
    """Ingest files of a dataset, each a delivery with its own name as id."""
    profile = load_profile("hanzhong")
    deliveries = []
    for name, content in files.items():
        found = recognise(name, profile)
        assert found is not None
        deliveries.append(
            Delivery(
                name,
                dataset,
                found[1],
                name,
                f"sha of {name}",
                len(content),
                modified=0,
                generation=0,
                barred="",
                arrived=(arrived or {}).get(name, date.max),
            )
        )
    return ingest_files(
        deliveries,
        lambda delivery: files[delivery.name],
        EXPORTS[dataset],
        profile,
        key="k",
        built_with="test",
        batch="b",
    )


def _file_name(number: int) -> str:
    return f"{FILE[EXAMPLES[number].dataset]}_{number}{EXAMPLES[number].suffix}"


@cache
def _outcomes(dataset: str) -> tuple[dict[str, Any], ...]:
    """Quarantined rows, good lines and ledger rows of all examples of a dataset, by file."""
    own = [number for number, example in enumerate(EXAMPLES) if example.dataset == dataset]
    batch = ingested(
        dataset,
        {_file_name(each): EXAMPLES[each].content for each in own},
        {_file_name(each): EXAMPLES[each].arrived for each in own},
    )
    quarantine = batch.quarantine.partition_by("delivery", as_dict=True)
    rows = batch.rows.partition_by("__delivery", as_dict=True)
    return (
        {name: frame.to_dicts() for (name,), frame in quarantine.items()},
        {name: frame["__line"].to_list() for (name,), frame in rows.items()},
        {outcome["delivery"]: outcome for outcome in batch.outcomes.to_dicts()},
    )


@pytest.mark.parametrize("number", range(len(EXAMPLES)), ids=[f"{each.id}" for each in EXAMPLES])
def test_the_bad_row_is_quarantined_for_this_reason_and_the_good_one_accepted(number):
    example, name = EXAMPLES[number], _file_name(number)
    quarantine, rows, outcomes = _outcomes(example.dataset)
    (bad,), good, outcome = quarantine[name], rows[name], outcomes[name]

    assert (example.rule, example.column) in set(zip(bad["rules"], bad["columns"], strict=True))
    assert (bad["line"], bad["file"], bad["sha256"]) == (example.bad_line, name, f"sha of {name}")
    assert example.bad_text in bad["raw"] if example.bad_text else bad["raw"]
    assert example.good_line in good
    assert example.bad_line not in good
    assert outcome["rule"] == ""
    assert (outcome["read"], outcome["quarantined"]) == (len(good) + 1, 1)


def test_the_acceptance_of_a_ticket_must_not_change_between_versions(installation):
    for day, accepted in {
        "20230105": "08:05:00",
        "20230106": "08:05:00",
        "20230107": "08:05:01",
    }.items():
        version = row(
            "tickets",
            accepted_at=f"2023-01-05 {accepted}",
            updated_at=f"{day[:4]}-{day[4:6]}-{day[6:]} 09:00:00",
        )
        deliver(installation, f"tickets_{day}.csv", [version])
    bring_up_to_date(installation)
    found = account(installation).select("accepted", "superseded", "quarantined").rows()
    assert found == [(0, 1, 0), (1, 0, 0), (0, 0, 1)]


def test_a_changed_acceptance_is_in_the_quarantine_like_every_other_bad_row(installation):
    deliver(installation, "tickets_20230105.csv", [row("tickets")])
    changed = row("tickets", accepted_at="2023-01-05 08:05:01", updated_at="2023-01-06 09:00:00")
    deliver(installation, "tickets_20230106.csv", [changed])
    bring_up_to_date(installation)
    found = [
        pl.read_parquet(path) for path in installation.warehouse.quarantine("tickets").glob("*")
    ]
    kept = [each for frame in found for each in frame.to_dicts()]
    assert [(each["rules"], each["raw"]) for each in kept] == [
        (["fixed_changed"], csv_line("tickets", changed))
    ]


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        (name, column.name)
        for name, table in EXPORTS.items()
        for column in table.columns
        if column.codes
    ],
)
def test_every_code_of_the_list_is_accepted(dataset, column):
    needs = {
        ("status", "已办结"): _CLOSED,
        ("status", "已并单"): _CLOSED | {"merged_into": "HZ1"},
        ("result", "未接通"): {"satisfaction": ""},
        ("result", "拒访"): {"satisfaction": ""},
        **{("outcome", lost): {"answered_at": ""} for lost in ("用户挂断", "振铃超时", "坐席拒接")},
    }
    codes = EXPORTS[dataset].by_name[column].codes
    key = next(name for name in EXPORTS[dataset].key if name.endswith(("_id", "source")))
    rows = [
        row(dataset, **(needs.get((column, code), {}) | {column: code, key: f"K{number}"}))
        for number, code in enumerate(codes)
    ]
    batch = ingested(dataset, {f"{FILE[dataset]}.csv": csv_text(dataset, rows).encode()})
    assert batch.quarantine.height == 0
    assert batch.rows[column].to_list() == list(codes)


def test_a_row_is_quarantined_with_every_reason_that_applies():
    bad = row(
        "calls",
        call_id="2.02504E+12",
        line="",
        offered_at="2014-01-01 00:00:00",
        outcome="占线",
    )
    batch = ingested("calls", {"calls_20230105.csv": csv_text("calls", [bad]).encode()})
    (found,) = batch.quarantine.iter_rows(named=True)
    assert set(zip(found["rules"], found["columns"], strict=True)) == {
        ("scientific_id", "call_id"),
        ("required", "line"),
        ("timestamp_range", "offered_at"),
        ("call_too_long", "ended_at"),
        ("code", "outcome"),
        ("outcome_answered", "outcome"),
    }


def test_a_value_that_cannot_be_cast_is_not_called_missing():
    bad = row("calls", offered_at="2023-02-30 08:00:00")
    batch = ingested("calls", {"calls_20230105.csv": csv_text("calls", [bad]).encode()})
    (found,) = batch.quarantine.iter_rows(named=True)
    assert list(zip(found["rules"], found["columns"], strict=True)) == [("timestamp", "offered_at")]


def test_a_full_width_question_mark_is_no_damage():
    asked = row("survey", answer="满意，还能更快吗？")
    batch = ingested("survey", {"survey_2023.csv": csv_text("survey", [asked]).encode()})
    assert batch.rows.height == 1


def test_two_clocks_two_seconds_apart_are_clipped_and_counted():
    rows = [
        row("calls", offered_at="2023-01-05 08:00:12"),
        row("calls", call_id="2", ended_at="2023-01-05 08:00:08"),
        row("calls", call_id="3"),
    ]
    batch = ingested("calls", {"calls_20230105.csv": csv_text("calls", rows).encode()})
    assert batch.outcomes["clipped"].to_list() == [2]
    first, second, third = batch.rows.iter_rows(named=True)
    assert first["answered_at"] == first["offered_at"]
    assert second["ended_at"] == second["answered_at"]
    assert (third["ended_at"] - third["answered_at"]).total_seconds() == 180


def test_every_rule_and_column_has_an_example():
    wanted = {
        (name, rule, column)
        for name, table in EXPORTS.items()
        for rule, column in rule_sentences(table)
    }
    assert {example.pair for example in EXAMPLES} | {FIXED} == wanted


def test_sentences_are_complete_and_quote_no_value():
    for table in EXPORTS.values():
        for (rule, column), (zh, en) in rule_sentences(table).items():
            assert zh.endswith("。"), (rule, column)
            assert en.endswith("."), (rule, column)
            assert "{" not in zh + en, (rule, column)
            if column and rule in ("required", "timestamp", "code"):
                assert table.by_name[column].title in zh
    assert {rule.id for rule in STRUCTURE_RULES} <= {rule for rule, _ in rule_sentences(table)}
