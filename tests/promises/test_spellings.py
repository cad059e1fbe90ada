"""One thing counts once, however the platform has written it, from file to facts."""

import pytest

from assets.spelling import UNKNOWN_CALLERS
from tests.driver import bring_up_to_date, deliver, facts, set_profile
from tests.samples import row

UNIT = "市水务局"


def calls(*callers):
    return [row("calls", call_id=str(number), caller=each) for number, each in enumerate(callers)]


def tickets(count):
    return [row("tickets", ticket_id=f"T{n}", call_id=str(n)) for n in range(count)]


def repeats(installation, *callers):
    deliver(installation, "calls_20230105.csv", calls(*callers))
    deliver(installation, "tickets_20230105.csv", tickets(len(callers)))
    bring_up_to_date(installation)
    assert facts(installation, "calls", "2023-01")["offered"].sum() == len(callers)
    return facts(installation, "repeats", "2023-01").height


def test_an_unknown_caller_is_counted_and_never_one_person(installation):
    set_profile(installation, unknown_callers=("99999999999",))
    unknown = ("", "匿名", "匿名", "unknown", "unknown", "0000", "0000", *UNKNOWN_CALLERS * 2)
    assert repeats(installation, *unknown, "99999999999", "99999999999") == 0


def test_one_caller_is_one_in_every_spelling(installation):
    spellings = (
        "13800138000",
        "１３８００１３８０００",
        "+8613800138000",
        "138-0013-8000",
        "013800138000",
    )
    assert repeats(installation, *spellings) == len(spellings) - 1


@pytest.mark.parametrize("guard", ["'", "`", "\t", "＇"])
def test_a_guarded_id_is_the_same_id(installation, guard):
    deliver(installation, "calls_20230105.csv", calls("13800138000"))
    deliver(installation, "tickets_20230105.csv", tickets(1))
    guarded = calls("13800138000")[0] | {"call_id": f"{guard}0"}
    deliver(installation, "calls_20230105_2.csv", [guarded])
    closed = {"closed_at": "2023-01-06 09:00:00", "status": "已办结"}
    deliver(
        installation,
        "tickets_20230106.csv",
        [
            row(
                "tickets",
                ticket_id=f"{guard}T0",
                call_id=f"{guard}0",
                updated_at="2023-01-06 09:00:00",
                **closed,
            )
        ],
    )
    bring_up_to_date(installation)
    assert facts(installation, "calls", "2023-01")["offered"].sum() == 1
    found = facts(installation, "tickets", "2023-01")
    assert (found["accepted"].sum(), found["closed"].sum()) == (1, 1)


@pytest.mark.parametrize("column", ["unit", "category", "region"])
def test_a_name_with_something_invisible_is_the_same_name(installation, column):
    plain = row("tickets")[column]
    signs = ["\n", "\u200b", "\ufeff", "_x000D_", " ", "\u3000", "\u00ad", "\u2060", "\ufe0f"]
    names = [name for each in signs for name in (plain + each, plain[:2] + each + plain[2:])]
    deliver(
        installation,
        "tickets_20230105.csv",
        [row("tickets", ticket_id=f"T{n}", **{column: name}) for n, name in enumerate(names)],
    )
    bring_up_to_date(installation)
    found = facts(installation, "tickets", "2023-01")
    assert found["accepted"].sum() == len(names)
    assert found[column].unique().to_list() == [plain]


def test_a_code_map_meets_its_cells_in_every_spelling(installation):
    profile = set_profile(installation)
    dataset = profile.datasets["calls"].model_copy(
        update={"codes": {"outcome": {"ＯＫ\u200b （1）": "接通"}}}
    )
    set_profile(installation, datasets=profile.datasets | {"calls": dataset})
    deliver(installation, "calls_20230105.csv", [row("calls", outcome="OK (1)")])
    bring_up_to_date(installation)
    assert facts(installation, "calls", "2023-01")["answered"].sum() == 1
