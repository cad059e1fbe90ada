"""One writer at a time: others wait and say for whom, or give up; a dead holder is taken over."""

import subprocess
import sys
import textwrap

import pytest

from assets.core.errors import HotlineError
from assets.core.lock import write_lock

HOLD = """
    import sys, time
    from tests.driver import make_installation
    from pathlib import Path
    from assets.core.lock import write_lock
    from assets.core.warehouse import Warehouse
    from assets.installation.installation import local_now
    with write_lock(Warehouse(Path(sys.argv[1])), timeout=5, now=local_now):
        print("held", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def holder(installation):
    """Another process that holds the lock."""
    installation.root.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(installation.root)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_gives_up_and_names_the_holder(installation, holder):
    said: list[str] = []
    with (
        pytest.raises(HotlineError, match=str(holder.pid)),
        write_lock(installation.warehouse, timeout=0.3, now=installation.now, say=said.append),
    ):
        raise AssertionError("two holders")
    assert str(holder.pid) in said[0]


def test_takes_over_from_the_dead(installation, holder):
    holder.kill()
    holder.wait()
    with write_lock(installation.warehouse, timeout=0.3, now=installation.now):
        assert (installation.root / ".lock.holder").exists()


def test_may_be_taken_again_in_one_process(installation):
    with (
        write_lock(installation.warehouse, timeout=0.3, now=installation.now),
        write_lock(installation.warehouse, timeout=0.3, now=installation.now),
    ):
        pass
    with write_lock(installation.warehouse, timeout=0.3, now=installation.now):
        pass
