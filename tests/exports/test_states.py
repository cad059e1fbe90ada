"""Which delivery is in force: chains of one name, repeats, holds, decisions, any order."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.exports.decisions import Verdict
from assets.exports.deliveries import LEDGER
from assets.exports.states import FINDINGS, State, with_states

DAY, NEXT = date(2023, 1, 5), date(2023, 1, 6)
NOTHING = pl.DataFrame(schema=FINDINGS)


def outcomes(*arrivals: tuple[str, str], **changes: Any) -> pl.DataFrame:
    """A ledger of (path, content) in order of arrival, all of one day and a hundred rows."""
    rows = [
        dict.fromkeys(LEDGER)
        | {
            "delivery": f"{path}={content}",
            "export_date": DAY,
            "path": path,
            "content": content,
            "generation": number,
            "rule": "",
            "detail": "{}",
            "read": 100,
        }
        | changes.get(content, {})
        for number, (path, content) in enumerate(arrivals)
    ]
    return pl.DataFrame(rows, schema=LEDGER)


def states(
    ledger: pl.DataFrame,
    verdicts: dict[tuple[date, str], Verdict] | None = None,
    findings: pl.DataFrame = NOTHING,
) -> dict[str, str]:
    found = with_states(ledger, verdicts or {}, findings)
    return dict(found.select("delivery", "state").rows())


def test_the_last_of_a_name_is_in_force_whatever_its_folder():
    found = states(outcomes(("a/f.csv", "X"), ("f.csv", "Y"), ("b/f.csv", "Z")))
    assert list(found.values()) == [State.REPLACED, State.REPLACED, State.IN_FORCE]


def test_another_name_adds():
    found = states(outcomes(("f.csv", "X"), ("f_更正.csv", "Y")))
    assert list(found.values()) == [State.IN_FORCE, State.IN_FORCE]


def test_a_content_is_in_force_once_and_the_order_of_its_names_is_the_least():
    ledger = outcomes(("m.csv", "X"), ("z.csv", "X"), ("a.csv", "X"), ("k/m.csv", "X"))
    found = with_states(ledger, {}, NOTHING)
    assert found["state"].to_list() == [State.IN_FORCE, *[State.REPEAT] * 3]
    assert found["other"].to_list() == ["", *["m.csv=X"] * 3]
    assert found["order_name"][0] == "a.csv"


@pytest.mark.parametrize("position", [0, 1, 2])
def test_a_copy_of_a_corrected_file_never_brings_back_what_was_corrected(position):
    arrivals = [("f.csv", "X"), ("f.csv", "Y")]
    arrivals.insert(position, ("g.csv", "X"))
    found = states(outcomes(*arrivals))
    assert found == {
        "f.csv=X": State.REPLACED,
        "f.csv=Y": State.IN_FORCE,
        "g.csv=X": State.REPEAT,
    }


def test_two_names_may_exchange_their_contents():
    found = states(outcomes(("f.csv", "X"), ("g.csv", "Y"), ("f.csv", "Y"), ("g.csv", "X")))
    assert found == {
        "f.csv=X": State.REPLACED,
        "f.csv=Y": State.IN_FORCE,
        "g.csv=Y": State.REPLACED,
        "g.csv=X": State.IN_FORCE,
    }


def test_a_refused_correction_leaves_the_file_before_it_in_force():
    found = states(outcomes(("f.csv", "X"), ("f.csv", "Y"), Y={"rule": "header_unknown"}))
    assert list(found.values()) == [State.IN_FORCE, State.REFUSED]


@pytest.mark.parametrize(("rows", "state"), [(49, State.HELD), (50, State.IN_FORCE)])
def test_a_replacement_of_less_than_half_of_the_rows_is_held(rows, state):
    ledger = outcomes(("f.csv", "X"), ("f.csv", "Y"), Y={"read": rows})
    found = with_states(ledger, {}, NOTHING)
    held = state == State.HELD
    assert found["state"].to_list() == [State.IN_FORCE if held else State.REPLACED, state]
    assert found["rule"][1] == ("fewer_rows" if held else "")
    assert found["detail"][1] == ('{"expected": "100", "found": "49"}' if held else "{}")


def test_a_corrected_file_replaces_a_held_one():
    ledger = outcomes(("f.csv", "X"), ("f.csv", "Y"), ("f.csv", "Z"), Y={"read": 1})
    found = with_states(ledger, {}, NOTHING)
    assert found["state"].to_list() == [State.REPLACED, State.REPLACED, State.IN_FORCE]
    assert found["rule"].to_list() == ["", "", ""]


def test_a_decision_holds_for_every_copy_and_can_be_changed():
    ledger = outcomes(("f.csv", "X"), ("f.csv", "Y"), ("g.csv", "Y"), Y={"read": 1})
    released = states(ledger, {(DAY, "Y"): Verdict.RELEASED})
    assert list(released.values()) == [State.REPLACED, State.IN_FORCE, State.REPEAT]
    rejected = states(ledger, {(DAY, "Y"): Verdict.REJECTED})
    assert list(rejected.values()) == [State.IN_FORCE, State.REJECTED, State.REJECTED]


@pytest.mark.parametrize("first", [DAY, NEXT])
def test_the_same_content_under_a_later_date_is_held_whichever_came_first(first):
    days = [DAY, NEXT] if first == DAY else [NEXT, DAY]
    ledger = outcomes(("1.csv", "X"), ("2.csv", "X")).with_columns(export_date=pl.Series(days))
    found = dict(with_states(ledger, {}, NOTHING).select("export_date", "state").rows())
    assert found == {DAY: State.IN_FORCE, NEXT: State.HELD}


def test_the_same_content_is_no_finding_without_rows_or_once_the_earlier_is_replaced():
    days = pl.Series([DAY, NEXT, DAY])
    arrivals = (("1.csv", "X"), ("2.csv", "X"), ("1.csv", "Y"))
    empty = outcomes(*arrivals[:2], X={"read": 0}).with_columns(export_date=days[:2])
    assert list(states(empty).values()) == [State.IN_FORCE, State.IN_FORCE]
    corrected = states(outcomes(*arrivals).with_columns(export_date=days))
    assert list(corrected.values()) == [State.REPLACED, State.IN_FORCE, State.IN_FORCE]


@pytest.mark.parametrize(("hold", "state"), [(False, State.IN_FORCE), (True, State.HELD)])
def test_findings_of_others_hold_where_they_say_so(hold, state):
    finding = (DAY, "X", "same_content", hold, "1", "2")
    findings = pl.DataFrame([finding], schema=FINDINGS, orient="row")
    assert states(outcomes(("f.csv", "X")), {}, findings) == {"f.csv=X": state}
    released = {(DAY, "X"): Verdict.RELEASED}
    assert states(outcomes(("f.csv", "X")), released, findings) == {"f.csv=X": State.IN_FORCE}


NAMES, CONTENTS = ["a.csv", "b.csv", "b/a.csv"], ["X", "Y", "Z"]
ARRIVALS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(CONTENTS)), unique=True, max_size=7
)


@given(arrivals=ARRIVALS, refused=st.sets(st.sampled_from(CONTENTS)), data=st.data())
def test_every_delivery_has_one_state_and_no_order_of_names_matters(arrivals, refused, data):
    rules = {content: {"rule": "header_unknown"} for content in refused}

    def in_force(order: list[tuple[str, str]]) -> set[str]:
        found = with_states(outcomes(*order, **rules), {}, NOTHING)
        assert found.height == len(order)
        live = found.filter(state=State.IN_FORCE)["content"]
        assert live.is_unique().all()
        return set(live)

    # Another order of the same arrivals, in which those of each name keep theirs.
    names = data.draw(st.permutations([path.rpartition("/")[2] for path, _ in arrivals]))
    waiting = {name: [e for e in arrivals if e[0].endswith(name)] for name in set(names)}
    other = [waiting[name].pop(0) for name in names]
    assert in_force(other) == in_force(arrivals)
    # Where anything was readable, something is in force.
    assert bool(in_force(arrivals)) == any(content not in refused for _, content in arrivals)
