"""One writer at a time: others wait and say for whom, or give up; a dead holder is taken over."""

import subprocess
import sys
import textwrap

import pytest

from assets.errors import HotlineError
from assets.lock import writing

HOLD = """
    import sys, time
    from tests.driver import make_site
    from pathlib import Path
    from assets.lock import writing
    from assets.warehouse import Warehouse
    from assets.site import local_now
    with writing(Warehouse(Path(sys.argv[1])), timeout=5, now=local_now):
        print("held", flush=True)
        time.sleep(60)
"""


@pytest.fixture
def holder(site):
    """Another process that holds the lock."""
    site.root.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(site.root)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()


def test_gives_up_and_names_the_holder(site, holder):
    said: list[str] = []
    with (
        pytest.raises(HotlineError, match=str(holder.pid)),
        writing(site.warehouse, timeout=0.3, now=site.now, say=said.append),
    ):
        raise AssertionError("two holders")
    assert str(holder.pid) in said[0]


def test_takes_over_from_the_dead(site, holder):
    holder.kill()
    holder.wait()
    with writing(site.warehouse, timeout=0.3, now=site.now):
        assert (site.root / ".lock.holder").exists()


def test_may_be_taken_again_in_one_process(site):
    with (
        writing(site.warehouse, timeout=0.3, now=site.now),
        writing(site.warehouse, timeout=0.3, now=site.now),
    ):
        pass
    with writing(site.warehouse, timeout=0.3, now=site.now):
        pass
