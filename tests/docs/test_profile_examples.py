"""Every statement of a profile has an example in the documents, and every example is true."""

import io
import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from assets.details.legs import resolve_legs
from assets.details.resolve import ACCEPTED, FATE, RANK
from assets.exports import LINE, ingest_files, recognise
from assets.exports.deliveries import Delivery
from assets.profiles import DatasetProfile, Derivation, Profile
from schemas import EXPORTS

PAGE = (Path(__file__).parents[2] / "docs" / "profile-examples.md").read_text(encoding="utf-8")
HEAD, *SECTIONS = re.split(r"^### ", PAGE, flags=re.MULTILINE)
EXAMPLES = {section.partition("\n")[0]: section for section in SECTIONS}
_BLOCK = re.compile(r"^```(\S+)\n(.*?)^```", flags=re.DOTALL | re.MULTILINE)
# Said of every profile, or of where its exports lie.
GIVEN = {"name", "datasets"}


def blocks(section: str) -> dict[str, str]:
    return {name: text for name, text in _BLOCK.findall(section)}


def profile_of(section: str) -> Profile:
    base, more = (tomllib.loads(blocks(each)["toml"]) for each in (HEAD, section))
    stated = more.get("datasets", {})
    calls = base["datasets"]["calls"] | stated.get("calls", {})
    return Profile.model_validate(base | more | {"datasets": stated | {"calls": calls}})


def workbook(text: str) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for each in text.strip().split("\n\n"):
            name, *lines = each.splitlines()
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line.split(","))
    return out.getvalue()


def test_every_statement_has_an_example():
    fields = {*Profile.model_fields, *DatasetProfile.model_fields} - GIVEN
    ways = {each.alias or name for name, each in Derivation.model_fields.items()}
    said = {name for title in EXAMPLES for name in re.findall(r"`(\w+)`", title)}
    assert said == fields | ways
    for title, section in EXAMPLES.items():
        toml = blocks(section)["toml"]
        for name in re.findall(r"`(\w+)`", title):
            assert re.search(rf"\b{name}\b", toml), (title, name)


@pytest.mark.parametrize("title", EXAMPLES)
def test_an_example_is_true(title):
    profile, found = profile_of(EXAMPLES[title]), blocks(EXAMPLES[title])
    del found["toml"]
    refused, stored = found.pop("refused", ""), found.pop("stored", "")
    if not found:
        return  # Of files as a whole: that it can be said is all that is shown.
    ((name, text),) = found.items()
    name = "calls_20230105.csv" if name == "csv" else name
    dataset, day = recognise(f"/{name}", profile) or ("", date.min)
    table, form = EXPORTS[dataset], profile.datasets[dataset]
    content = workbook(text) if name.endswith("xlsx") else text.encode(form.encoding or "utf-8")
    delivery = Delivery("one", dataset, day, name, "0" * 64, len(content), 0, 0, "", arrived=day)
    batch = ingest_files(
        [delivery], lambda _: content, table, profile, key="-", built_with="", batch="b"
    )
    assert batch.outcomes["rule"].item() == refused.strip()
    rows = batch.rows.with_columns(pl.lit(1).alias(RANK)).sort(LINE)
    if form.same_id == "legs":
        rows = resolve_legs(rows, table).filter(pl.col(FATE) == ACCEPTED)
    header, *expected = [line.split(",") for line in stored.splitlines()] or [[]]
    moments = pl.selectors.datetime(time_zone="*").dt.convert_time_zone(profile.time_zone)
    local = rows.with_columns(moments).select(header)
    assert [list(map(shown, row)) for row in local.rows()] == expected


def shown(value: Any) -> str:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value or "")
