"""The warehouse of a city on this machine: its own, or in a cluster a copy of the shared one.

Belongs here: choosing between the two. Every command and every step that is for a city goes through
`at_hand`, so none of them sees a difference.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from assets.errors import HotlineError
from assets.layout import check_layout
from assets.lock import writing
from assets.objects.store import Store
from assets.settings.cluster import ClusterSettings
from assets.site import Site

# Hidden from the manifest, as every name with a dot.
_RELEASES = ".cities"


def _store(cluster: ClusterSettings, name: str) -> Store:
    try:
        from assets.objects.s3 import S3
    except ModuleNotFoundError:
        raise HotlineError(
            "没有安装多台机器所需的软件包：请运行 pip install -c constraints.txt -e '.[cluster]'。"
        ) from None
    url = f"{cluster.store.rstrip('/')}/{name}"
    return S3(url, endpoint=cluster.endpoint, region=cluster.region)


@contextmanager
def at_hand(site: Site, say: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Have the present warehouse of a site here, and share at the end what was changed.

    Args:
        site: a city, or the roll-up.
        say: told once who is waited for.

    Raises:
        Superseded: another machine was faster.
    """
    if site.cluster is None:
        yield
        return
    from assets.objects.latest import brought

    store = _store(site.cluster, site.name)
    with (
        writing(site.warehouse, timeout=site.lock_timeout, now=site.now, say=say),
        brought(store, site.root),
    ):
        check_layout(site.warehouse)
        yield


def released(sites: Sequence[Site], province: Site) -> list[Site]:
    """The cities, each with what the roll-up reads of its current release at hand.

    Args:
        sites: the cities.
        province: in its folder the releases are kept, in a cluster; hold it for writing.
    """
    if province.cluster is None:
        return list(sites)
    from assets.objects.latest import bring_release
    from assets.province.cities import is_read

    found = []
    for site in sites:
        root = province.root / _RELEASES / site.name
        bring_release(_store(province.cluster, site.name), root, is_read)
        found.append(replace(site, root=root))
    return found
