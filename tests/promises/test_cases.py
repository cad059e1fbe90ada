"""Deliveries in the shape of defects that people report: each comes out right.

The files are those of `tests/cases`, a folder a case; kinds of further ones are made by the
property tests beside the modules that read them.
"""

import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from assets.exports import draft_profile, probe_file
from assets.installation.installation import Installation
from assets.profiles import Profile, load_profile
from tests.driver import account, bring_up_to_date, details, existing_installation, ledger, take_all

CASES = Path(__file__).parents[1] / "cases"
# What a case's profile has to say beside what lies in its folder.
STATEMENTS = {
    "12": '[datasets.calls]\nsame_id = "legs"',
    "23": """[datasets.calls.derive]
        ended_at = { from = "calldate", plus = "duration" }
        [datasets.calls.derive.answered_at]
        from = "ended_at"
        minus = "billsec"
        where = { disposition = ["ANSWERED"] }
    """,
    "28": """timestamp_nulls = ["0:00:00"]
        [datasets.calls]
        join = { caller = ["id", "type"], offered_at = ["day", "vru_entry"] }
        [datasets.calls.derive]
        answered_at = { from = ["day", "ser_start"] }
        ended_at = [{ from = ["day", "ser_exit"] }, { from = ["day", "q_exit"] },
                    { from = ["day", "vru_exit"] }]
    """,
}


def folder_of(case: str) -> Path:
    (found,) = CASES.glob(f"{case}-*")
    return found


def merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return base | {
        key: merged(base.get(key, {}), value)
        if isinstance(value, dict) and key in ("datasets", "calls")
        else value
        for key, value in more.items()
    }


def profile_of(case: str) -> Profile:
    path = folder_of(case) / "p.toml"
    stated = tomllib.loads(STATEMENTS.get(case, ""))
    if path.exists():
        return Profile.model_validate(merged(tomllib.loads(path.read_text("utf-8")), stated))
    profile = load_profile("hanzhong")
    of_calls = profile.datasets["calls"].model_copy(update=stated.get("datasets", {}).get("calls"))
    return profile.model_copy(update={"datasets": profile.datasets | {"calls": of_calls}})


def taken(case: str, folder: Path) -> Installation:
    """An installation that has read the files of a case."""
    installation = existing_installation(folder, start=date(2023, 1, 1))
    installation.landing.symlink_to(folder_of(case) / "landing")
    installation.__dict__["profile"] = profile_of(case)
    take_all(installation)
    return installation


def sums(installation: Installation, table: str, *measures: str) -> tuple[Any, ...]:
    return whole(installation, table).select(pl.col(measures).sum()).row(0)


def whole(installation: Installation, table: str) -> pl.DataFrame:
    paths = sorted((installation.warehouse.current / "facts" / table).glob("*.parquet"))
    return pl.concat(pl.read_parquet(each) for each in paths)


def by(installation: Installation, table: str, label: str, measure: str) -> dict[Any, Any]:
    found = whole(installation, table).group_by(label).agg(pl.col(measure).sum())
    return dict(found.iter_rows())


def declared_verdicts(installation: Installation) -> set[str]:
    found = pl.read_parquet(installation.warehouse.current / "reconciliation" / "2023.parquet")
    own = found.filter(pl.col("declared").is_not_null(), pl.col("computed").is_not_null())
    return set(own["verdict"])


RIGHT: dict[str, tuple[Callable[[Installation], object], object]] = {
    "01": (
        lambda i: by(i, "calls", "date", "offered"),
        {date(2023, 1, 5): 17, date(2023, 1, 6): 9},
    ),
    "02": (
        lambda i: whole(i, "calls").select("date", "hour", "offered").rows(),
        [(date(2023, 2, 1), 2, 4)],
    ),
    "03": (
        lambda i: (
            whole(i, "tickets")["unit"].n_unique(),
            *sums(i, "tickets", "accepted", "closed_on_time"),
        ),
        (1, 80, 40),
    ),
    "04": (lambda i: sums(i, "tickets", "closed_on_time", "closed_late"), (2, 0)),
    "05": (
        lambda i: by(i, "calls", "date", "offered"),
        {date(2023, 1, 5): 100, date(2023, 1, 6): 100},
    ),
    "06": (lambda i: whole(i, "repeats").height, 0),
    "07": (
        lambda i: (*sums(i, "calls", "offered"), *sums(i, "tickets", "accepted", "closed")),
        (6, 5, 5),
    ),
    "10": (lambda i: by(i, "seats", "hour", "agents"), {8: 1}),
    "11": (declared_verdicts, {"agrees"}),
    "12": (
        lambda i: sums(i, "calls", "offered", "answered", "answered_within_15s", "legs"),
        (200, 200, 200, 204),
    ),
    "14": (
        lambda i: (*sums(i, "calls", "offered"), account(i)["quarantined"].item()),
        (40, 0),
    ),
    "15": (
        lambda i: (
            *sums(i, "tickets", "accepted"),
            details(i, "tickets", "2023-01")["title"].str.contains("€").sum(),
        ),
        (20, 1),
    ),
    "16": (lambda i: account(i).select("accepted", "quarantined").row(0), (0, 1)),
    "18": (lambda i: whole(i, "repeats").height, 2),
    "21": (lambda i: sums(i, "calls", "offered"), (1,)),
    "23": (
        lambda i: sums(i, "calls", "offered", "answered", "talk_seconds", "lost_wait_seconds"),
        (2, 1, 328, 20),
    ),
    "24": (lambda i: sums(i, "tickets", "accepted"), (1,)),
    "25": (lambda i: sums(i, "calls", "offered", "lost_wait_seconds"), (2, 17)),
    "27": (lambda i: (*sums(i, "calls", "talk_seconds"), account(i)["accepted"].item()), (890, 1)),
    "28": (
        lambda i: sums(i, "calls", "offered", "answered", "hung_up", "lost_wait_seconds"),
        (3, 1, 2, 30 + 120),
    ),
}  # fmt: skip


# Case -> rule for which all of its files are refused.
REFUSED = {"09": "no_valid_line", "20": "encoding", "22": "key_unusable"}


@pytest.mark.parametrize("case", RIGHT)
def test_a_case_comes_out_right(case, tmp_path):
    look, right = RIGHT[case]
    installation = taken(case, tmp_path)
    bring_up_to_date(installation)
    assert look(installation) == right


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_understood_is_refused_by_the_check_and_by_the_run(case, tmp_path):
    installation = taken(case, tmp_path)
    files = ledger(installation, "calls")
    assert set(files.select("state", "rule").rows()) == {("refused", REFUSED[case])}
    for path in installation.landing.iterdir():
        assert probe_file(path, installation.profile).refusal


def test_every_case_is_asked_for():
    assert {each.name[:2] for each in CASES.iterdir()} == {*RIGHT, *REFUSED, "26"}


def test_a_draft_has_the_date_of_the_name_and_says_where_there_is_no_header():
    (path,) = (folder_of("26") / "landing").iterdir()
    draft = draft_profile(path.read_bytes(), path.name)
    assert 'files = "tickets-{YYYY-MM-DD}' in draft.text
    headerless = (
        b'"1/9/2017 16:33:01","""Test User"" <105>","105","*60","27","27","ANSWERED"\r\n' * 2
    )
    draft = draft_profile(headerless, "headerless.csv")
    assert "Test User" not in draft.text
    assert draft.doubt
