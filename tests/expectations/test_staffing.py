"""The queue of impatient callers: its limits, a closed form, a published case and a trial."""

import heapq
import random
from math import exp, inf

import pytest

from assets.expectations.staffing import answer_probability, mean_patience, seats_needed

MINUTE = 60.0


def erlang_b(load: float, agents: int) -> float:
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    blocked = erlang_b(load, agents)
    return agents * blocked / (agents - load * (1 - blocked))


def test_erlang_b_of_this_test_is_the_tabulated_one():
    assert erlang_b(10, 10) == pytest.approx(0.2146, abs=5e-5)
    assert erlang_c(8, 10) == pytest.approx(0.4092, abs=5e-5)


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (10, 10), (2, 15), (300, 290)])
def test_callers_without_patience_are_a_loss_system(load, agents):
    answered = answer_probability(load * 60, MINUTE, 0, agents)
    assert answered == pytest.approx(1 - erlang_b(load, agents), rel=1e-9)


@pytest.mark.parametrize(("load", "agents"), [(0.5, 1), (8, 10), (95, 100)])
def test_waits_of_very_patient_callers_are_those_of_erlang_c(load, agents):
    # Callers who give up = waiting time / patience, so waits can be read off the answer rate.
    patience = 1e7
    wait = (1 - answer_probability(load * 60, MINUTE, patience, agents)) * patience
    assert wait == pytest.approx(erlang_c(load, agents) * MINUTE / (agents - load), rel=1e-3)


def test_callers_who_wait_for_ever_are_answered_as_far_as_agents_go():
    assert answer_probability(8 * 60, MINUTE, inf, 10) == 1.0
    assert answer_probability(20 * 60, MINUTE, inf, 10) == 0.5


@pytest.mark.parametrize(("load", "agents"), [(3.0, 2), (48.0, 50), (250.0, 240)])
def test_patience_like_handling_time_leaves_a_poisson_number_of_calls(load, agents):
    weight, calls, busy = exp(-load), 0, 0.0
    for calls in range(1, 1000):
        weight *= load / calls
        busy += weight * min(calls, agents)
    assert answer_probability(load * 60, MINUTE, MINUTE, agents) == pytest.approx(busy / load)


def test_the_published_case_of_fifty_agents():
    # Mandelbaum and Zeltyn: 48 calls a minute, 1 minute of service, 2 minutes of patience,
    # 50 agents: 3.1 % give up.
    assert 1 - answer_probability(48 * 60, 60, 120, 50) == pytest.approx(0.031, abs=5e-4)


def trial(arrival_rate: float, service: float, patience: float, agents: int, calls: int) -> float:
    """Share of calls answered in a queue that is played through, call by call."""
    chance = random.Random(12345)
    free = [0.0] * agents
    now, answered = 0.0, 0
    for _ in range(calls):
        now += chance.expovariate(arrival_rate / 3600)
        start = max(now, free[0])
        if start - now <= chance.expovariate(1 / patience):
            answered += 1
            heapq.heapreplace(free, start + chance.expovariate(1 / service))
    return answered / calls


@pytest.mark.parametrize(
    ("arrivals", "service", "patience", "agents"), [(60, 146, 368, 3), (30, 146, 60, 1)]
)
def test_a_queue_played_through_gives_the_same(arrivals, service, patience, agents):
    played = trial(arrivals, service, patience, agents, 200_000)
    assert answer_probability(arrivals, service, patience, agents) == pytest.approx(
        played, abs=0.005
    )


def test_thousands_of_agents_do_not_overflow():
    for patience in (0, 1, 300, 1e6):
        answered = answer_probability(3000 * 60, MINUTE, patience, 3000)
        assert 0.98 < answered < 1
    assert answer_probability(1e6, 300, 300, 10) == pytest.approx(10 * 12 / 1e6)


def test_more_agents_never_answer_less():
    rates = [answer_probability(60, 146, 368, agents) for agents in range(12)]
    assert rates[0] == 0
    assert rates == sorted(rates)
    assert rates[-1] > 0.9999


@pytest.mark.parametrize("arrivals", [1, 5, 60, 600, 20_000])
@pytest.mark.parametrize("target", [0.5, 0.95, 0.999])
def test_one_agent_fewer_misses_the_target(arrivals, target):
    seats = seats_needed(arrivals, 146, 368, target)
    assert answer_probability(arrivals, 146, 368, seats) >= target
    assert answer_probability(arrivals, 146, 368, seats - 1) < target


def test_no_calls_need_nobody():
    assert seats_needed(0, 146, 368, 0.95) == 0
    assert answer_probability(0, 146, 368, 0) == 1


def test_patience_counts_the_waits_of_those_who_were_answered():
    # 90 answered after 10 s each, 10 gave up after 30 s each: 1,200 s of waiting, 10 gave up.
    assert mean_patience(90 * 10 + 10 * 30, 10) == 120
    assert mean_patience(900, 0) == inf


def test_censored_waits_give_back_the_patience_they_were_made_with():
    chance = random.Random(2023)
    waited, gave_up = 0.0, 0
    for _ in range(100_000):
        patience, offered = chance.expovariate(1 / 300), chance.expovariate(1 / 20)
        waited += min(patience, offered)
        gave_up += patience < offered
    assert mean_patience(round(waited), gave_up) == pytest.approx(300, rel=0.03)


@pytest.mark.parametrize(
    "arguments", [(-1, 146, 368, 1), (1, 0, 368, 1), (1, 146, -1, 1), (1, 146, 368, -1)]
)
def test_impossible_input_is_refused(arguments):
    with pytest.raises(ValueError, match="negative"):
        answer_probability(*arguments)


@pytest.mark.parametrize("target", [0, 1, 95])
def test_a_target_is_a_share(target):
    with pytest.raises(ValueError, match="share"):
        seats_needed(10, 146, 368, target)
