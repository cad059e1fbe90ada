"""An interrupted source is tried again, and only that."""

import pytest

from assets.sources.opening import RetryingSource
from assets.sources.source import Interrupted, Item, SourceError, TooLarge, Vanished


class Failing:
    """A source that fails a number of times."""

    at_once = 1

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = self.closed = 0

    def items(self):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return [Item("a", 1, 1)]

    def fetch(self, item, receive):
        self.calls += 1

        def chunks():
            yield b"first "
            if self.errors:
                raise self.errors.pop(0)
            yield b"second"

        return receive(chunks())

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """How long was waited, without waiting."""
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    return waits


def test_an_interruption_is_waited_out_longer_each_time(slept):
    source = Failing(*(Interrupted("x") for _ in range(3)))
    assert RetryingSource(source, attempts=4, delay=5).items() == [Item("a", 1, 1)]
    assert slept == [5, 10, 20]
    assert source.closed == 3  # each attempt is on a new connection


def test_attempts_are_as_many_as_is_set(slept):
    source = Failing(*(Interrupted("x") for _ in range(9)))
    with pytest.raises(Interrupted):
        RetryingSource(source, attempts=3, delay=1).items()
    assert source.calls == 3


def test_a_transfer_begins_anew(slept):
    source = Failing(Interrupted("x"))
    received = RetryingSource(source, attempts=2, delay=1).fetch(Item("a", 1, 1), b"".join)
    assert received == b"first second"


@pytest.mark.parametrize("error", [SourceError("no such bucket"), Vanished(), TooLarge(9)])
def test_what_will_not_pass_is_tried_once(slept, error):
    source = Failing(error)
    with pytest.raises(type(error)):
        RetryingSource(source, attempts=4, delay=1).fetch(Item("a", 1, 1), b"".join)
    assert (source.calls, slept) == (1, [])


def test_a_fault_of_our_own_disk_is_not_tried_again(slept):
    def full(_) -> None:
        raise OSError(28, "No space left on device")

    source = Failing()
    with pytest.raises(OSError, match="No space"):
        RetryingSource(source, attempts=4, delay=1).fetch(Item("a", 1, 1), full)
    assert (source.calls, slept) == (1, [])
