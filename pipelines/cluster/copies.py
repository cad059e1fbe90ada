"""The warehouse of a city on this machine: its own, or in a cluster a copy of the shared one.

Every command and step for a city goes through `at_hand`, so none of them sees a difference.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from assets.core import HotlineError, check_warehouse_version, write_lock
from assets.installation import ClusterSettings, Installation

if TYPE_CHECKING:
    from assets.sync import S3

# Hidden from the manifest, as every name with a dot.
_RELEASES = ".cities"


def _store(cluster: ClusterSettings, name: str) -> "S3":
    from assets.sync import S3

    url = f"{cluster.store.rstrip('/')}/{name}"
    try:
        return S3(url, endpoint=cluster.endpoint, region=cluster.region)
    except ModuleNotFoundError:
        raise HotlineError(
            "没有安装多台机器所需的软件包：请运行 pip install -c constraints.txt -e '.[cluster]'。"
        ) from None


@contextmanager
def at_hand(
    installation: Installation, say: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Have the present warehouse of an installation here, and share at the end what was changed.

    Args:
        installation: a city, or the roll-up.
        say: told once who is waited for.

    Raises:
        Superseded: another machine was faster.
    """
    if installation.cluster is None:
        yield
        return
    from assets.sync import checkout

    store = _store(installation.cluster, installation.name)
    with (
        write_lock(
            installation.warehouse, timeout=installation.lock_timeout, now=installation.now, say=say
        ),
        checkout(store, installation.root),
    ):
        check_warehouse_version(installation.warehouse)
        yield


def released(installations: Sequence[Installation], province: Installation) -> list[Installation]:
    """The cities, each with what the roll-up reads of its current release at hand.

    Args:
        installations: the cities.
        province: in its folder the releases are kept, in a cluster; hold it for writing.
    """
    if province.cluster is None:
        return list(installations)
    from assets.province import is_read
    from assets.sync import pull_release

    found = []
    for installation in installations:
        root = province.root / _RELEASES / installation.name
        pull_release(_store(province.cluster, installation.name), root, is_read)
        found.append(replace(installation, root=root))
    return found
