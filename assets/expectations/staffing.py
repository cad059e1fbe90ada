"""How many seats a load of calls needs: Erlang A, the queue whose callers do not wait for ever.

Belongs here: the model alone, pure numbers. Calls arrive at random (Poisson), are handled in
exponential time by identical agents, and each caller who waits gives up after an exponential
time. The first is what hotlines see within an hour; the other two are the usual simplification.
"""

from math import ceil, inf

_NEGLIGIBLE = 1e-15
_ROUNDING = 1e-9


def _departures(calls: int, service_rate: float, give_up_rate: float, agents: int) -> float:
    """How fast calls leave, answered or given up, while so many are in the system."""
    if calls <= agents:
        return calls * service_rate
    return agents * service_rate + (calls - agents) * give_up_rate


def _mode(arrival_rate: float, service_rate: float, give_up_rate: float, agents: int) -> int:
    """The likeliest number of calls: the last at which calls still arrive faster than they go."""
    if arrival_rate <= agents * service_rate or give_up_rate == inf:
        return min(int(arrival_rate / service_rate), agents)
    return agents + int((arrival_rate - agents * service_rate) / give_up_rate)


def answer_probability(
    arrival_rate: float, service_seconds: float, patience_seconds: float, agents: int
) -> float:
    """Share of calls that an agent answers in the long run.

    The states of the queue (how many calls are in it) are weighed against the likeliest one and
    followed both ways until they no longer count, so nothing overflows however many agents.

    Args:
        arrival_rate: calls an hour.
        service_seconds: mean handling time of an answered call.
        patience_seconds: mean time after which a waiting caller gives up; 0 is a system without
            a queue (Erlang B), infinity one whose callers wait for ever (Erlang C).
        agents: agents on their seats.

    Raises:
        ValueError: a rate or a time is negative, or calls take no time.
    """
    if arrival_rate < 0 or service_seconds <= 0 or patience_seconds < 0 or agents < 0:
        raise ValueError("rates and times must not be negative, handling time not zero")
    if arrival_rate == 0:
        return 1.0
    if agents == 0:
        return 0.0
    arriving, serving = arrival_rate / 3600, 1 / service_seconds
    giving_up = inf if patience_seconds == 0 else 1 / patience_seconds
    if giving_up == 0:
        return min(1.0, agents * serving / arriving)
    mode = _mode(arriving, serving, giving_up, agents)
    weights, busy = 1.0, float(min(mode, agents))
    weight, calls = 1.0, mode
    while calls > 0 and weight > _NEGLIGIBLE * weights:
        weight *= _departures(calls, serving, giving_up, agents) / arriving
        calls -= 1
        weights += weight
        busy += weight * min(calls, agents)
    weight, calls = 1.0, mode
    # Without a queue nobody is ever in the system beyond the agents: the rate there is infinite.
    while weight > _NEGLIGIBLE * weights:
        calls += 1
        weight *= arriving / _departures(calls, serving, giving_up, agents)
        weights += weight
        busy += weight * min(calls, agents)
    return min(1.0, busy * serving / (weights * arriving))


def seats_needed(
    arrival_rate: float, service_seconds: float, patience_seconds: float, target: float
) -> int:
    """The fewest agents with whom at least a share `target` of calls is answered.

    Args:
        arrival_rate: calls an hour.
        service_seconds: mean handling time of an answered call.
        patience_seconds: mean time after which a waiting caller gives up.
        target: share to be answered, above 0 and below 1.

    Raises:
        ValueError: the target is not a share, or a rate or a time is negative.
    """
    if not 0 < target < 1:
        raise ValueError("the target is a share between 0 and 1")
    # Fewer agents than the answered load keeps busy cannot do it; from there, one by one.
    load = arrival_rate * service_seconds / 3600
    agents = max(0, ceil(target * load - _ROUNDING))
    while answer_probability(arrival_rate, service_seconds, patience_seconds, agents) < target:
        agents += 1
    return agents


def mean_patience(total_wait_seconds: int, lost_calls: int) -> float:
    """Mean patience from waits of which most ended because an agent came.

    The wait of an answered call says only that its caller would have waited at least so long
    (it is censored). For exponential patience the likeliest mean is the waiting time of all
    callers over the number of those who gave up; the mean wait of lost calls alone would make
    callers look far less patient than they are.

    Args:
        total_wait_seconds: waits of answered and lost calls together.
        lost_calls: calls that were not answered.

    Returns:
        Seconds; infinity where no call was lost.
    """
    return total_wait_seconds / lost_calls if lost_calls else inf
