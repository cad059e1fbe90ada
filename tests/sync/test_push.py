"""A warehouse in an object store: whole for readers, and decided by one conditional put."""

import errno
import json
import os
import stat
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from assets.core.errors import HotlineError
from assets.core.warehouse import Warehouse
from assets.installation.installation import Installation
from assets.province.roll_up import current_releases, is_read
from assets.releases.package import current_release, is_sound
from assets.sync.pull import KNOWN, POINTER, pull_release, read_manifest, read_pointer
from assets.sync.push import FULL, Superseded, checkout, packs_of
from assets.sync.s3 import S3, Missing
from assets.sync.tree import Item
from schemas import BY_SITE
from tests.driver import NIGHT, bring_up_to_date, change, deliver, make_installation
from tests.samples import row
from tests.servers import s3_server


class Memory:
    """A store in memory, which counts, and can do something just before a key is written."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.before: dict[str, object] = {}

    def read(self, key: str) -> Iterator[bytes]:
        if key not in self.objects:
            raise Missing(key)
        self.fetched.append(key)
        yield self.objects[key]

    def get(self, key: str) -> tuple[bytes, str]:
        content = b"".join(self.read(key))
        return content, str(hash(content))

    def put(self, key: str, content: Path | bytes) -> None:
        self.objects[key] = content if isinstance(content, bytes) else content.read_bytes()

    def put_if(self, key: str, content: bytes, etag: str | None) -> bool:
        if act := self.before.pop(key, None):
            act()  # type: ignore[operator]
        present = str(hash(self.objects[key])) if key in self.objects else None
        if present == etag:
            self.objects[key] = content
        return present == etag

    def list(self) -> Iterator[str]:
        yield from list(self.objects)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            del self.objects[key]


def tree(root: Path) -> dict[str, tuple[int, bytes | str]]:
    """Everything that is shared of a warehouse: mode, and content or target."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if any(part.startswith(".") for part in path.relative_to(root).parts):
            continue
        if path.is_symlink():
            found[name] = (0, str(path.readlink()))
        elif path.is_file():
            found[name] = (path.stat().st_mode, path.read_bytes())
        elif name != "current":
            found[name] = (path.stat().st_mode, "folder")
    return found


def make_bucket(address: str) -> None:
    """A bucket `lake`; the server of the tests takes whoever asks."""
    request = urllib.request.Request(f"{address}/lake", method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def night(store: Memory | S3, installation: Installation) -> str:
    """A night of a city on one machine of several."""
    installation.root.mkdir(exist_ok=True)
    with checkout(store, installation.root):
        return bring_up_to_date(installation).id


@pytest.fixture
def machines(tmp_path) -> list[Installation]:
    """Two machines and the landing folder that both see."""
    first = make_installation(tmp_path / "first")
    second = make_installation(tmp_path / "second", now=NIGHT + timedelta(minutes=1))
    change(second, landing=first.landing)
    deliver(first, "calls_20230105.csv", [row("calls")])
    deliver(first, "tickets_20230105.csv", [row("tickets")])
    return [first, second]


def test_what_one_machine_made_is_what_the_other_works_on(machines):
    store, (first, second) = Memory(), machines
    assert night(store, first) == night(store, second)
    assert read_pointer(store)[0].generation == 1
    assert tree(first.root) == tree(second.root)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    released = night(store, second)
    assert night(store, first) == released == current_release(first.warehouse)
    assert tree(first.root) == tree(second.root)
    alone = make_installation(first.root.parent.parent / "alone")
    change(alone, landing=first.landing)
    assert bring_up_to_date(alone).id == released
    assert {
        path.relative_to(alone.root): path.read_bytes()
        for path in alone.warehouse.releases.rglob("*.parquet")
        if released in path.parts
    } == {
        path.relative_to(first.root): path.read_bytes()
        for path in first.warehouse.releases.rglob("*.parquet")
        if released in path.parts
    }


def test_only_what_is_missing_is_fetched_and_only_what_is_new_is_put(machines):
    store, (first, second) = Memory(), machines
    night(store, first)
    contents = set(read_manifest(store, read_pointer(store)[0]).generations)
    night(store, second)
    store.fetched.clear()
    night(store, second)
    assert [key for key in store.fetched if key.partition("/")[2] in contents] == []
    # What was damaged or lost here is fetched again, and nothing else.
    released = next((second.warehouse.current / "facts").rglob("*.parquet")).resolve()
    released.unlink()
    (second.root / "caller.key").write_bytes(b"other")
    (second.root / "details" / "calls" / "stray.parquet").write_bytes(b"of a night that was lost")
    store.fetched.clear()
    night(store, second)
    assert len([key for key in store.fetched if key.partition("/")[2] in contents]) == 1
    assert tree(first.root) == tree(second.root)
    before = set(store.objects)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    night(store, second)
    manifest = read_manifest(store, read_pointer(store)[0])
    fresh = {sha256 for sha256, generation in manifest.generations.items() if generation == 2}
    assert fresh.isdisjoint(contents)
    assert {key for key in store.objects if key.startswith("2/")} - before


def test_of_two_machines_one_wins_and_the_other_changes_nothing(machines):
    store, (first, second) = Memory(), machines
    night(store, first)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    won = []
    store.before[POINTER] = lambda: won.append(night(store, second))
    with pytest.raises(Superseded):
        night(store, first)
    pointer, _ = read_pointer(store)
    assert (pointer.generation, pointer.release) == (2, won[0])
    assert night(store, first) == won[0]
    assert tree(first.root) == tree(second.root)


def test_the_very_first_put_is_decided_as_well(machines):
    store, (first, second) = Memory(), machines
    store.before[POINTER] = lambda: night(store, second)
    with pytest.raises(Superseded):
        night(store, first)
    assert read_pointer(store)[0].generation == 1
    night(store, first)
    assert tree(first.root) == tree(second.root)


def test_a_put_that_met_its_own_first_attempt_has_won(machines, monkeypatch):
    store, (first, _) = Memory(), machines
    put_if = store.put_if
    monkeypatch.setattr(store, "put_if", lambda *key: put_if(*key) and put_if(*key))
    night(store, first)
    assert read_pointer(store)[0].generation == 1


def test_a_machine_that_dies_at_any_write_leaves_the_last_state_whole(machines):
    store, (first, second) = Memory(), machines
    old = night(store, first)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])

    class Gone(Exception):
        pass

    put, died = store.put, 0
    while True:
        left = died

        def dying(key: str, content: Path | bytes) -> None:
            nonlocal left
            if left == 0:
                raise Gone
            left -= 1
            put(key, content)

        store.put = dying  # type: ignore[method-assign]
        try:
            new = night(store, first)
        except Gone:
            died += 1
            assert read_pointer(store)[0].release == old
            assert is_readable(store, first.root.parent / "reader") == old
            # Every third place, so that the test stays short: the objects are all alike.
            died += 2
            continue
        break
    assert died > 3
    assert new != old
    store.put = put  # type: ignore[method-assign]
    night(store, second)
    assert tree(first.root) == tree(second.root)


def is_readable(store: Memory | S3, root: Path) -> str:
    """Read the current release as a reader does, and find it sound."""
    name = pull_release(store, root)
    assert is_sound(root / "releases" / name)
    assert [path.name for path in (root / "releases").iterdir()] == [name]
    return name


def test_a_reader_fetches_only_what_the_new_release_changed(machines, tmp_path):
    store, (first, _) = Memory(), machines
    reader = tmp_path / "reader"
    night(store, first)
    old = is_readable(store, reader)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    new = night(store, first)
    store.fetched.clear()
    assert is_readable(store, reader) == new != old
    before, after = (
        set(first.warehouse.releases.glob(f"{name}/**/*.parquet")) for name in (old, new)
    )
    had = {path.read_bytes() for path in before}
    changed = [path for path in after if path.read_bytes() not in had]
    assert changed
    # The pointer and the descriptor, too.
    assert len(store.fetched) == len(changed) + 2


def test_without_hard_links_what_is_as_it_was_is_copied_with_its_permissions(
    machines, tmp_path, monkeypatch
):
    store, (first, _) = Memory(), machines

    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links")

    monkeypatch.setattr(os, "link", refused)
    for day in ("05", "06"):
        deliver(first, f"calls_202301{day}.csv", [row("calls", call_id=day)])
        release = night(store, first)
        assert is_readable(store, tmp_path) == release
        for folder in (tmp_path / "releases" / release, first.warehouse.releases / release):
            files = list(folder.rglob("*.parquet"))
            assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}


def test_the_province_fetches_counts_and_no_single_ticket(machines, tmp_path):
    store, (first, _) = Memory(), machines
    focus = {"sector": "欠薪", "ticket_id": "9"}
    deliver(first, "tickets_20230106.csv", [row("tickets", **focus)])
    release = night(store, first)
    assert list(first.warehouse.releases.glob(f"{release}/facts/focus_tickets-v2/*"))
    assert pull_release(store, tmp_path, is_read) == release
    (city,) = current_releases([Installation(landing=tmp_path, root=tmp_path)])
    found = {path.parent.name for path in city.release.folder.rglob("*.parquet")}
    assert found == {table.of for table in BY_SITE.values()} & {
        path.name for path in first.warehouse.releases.glob(f"{release}/facts/*")
    }
    for table in BY_SITE.values():
        assert (city.scan(table.of, "2023-01") is None) == (table.of not in found)


def test_garbage_goes_with_the_next_night_and_nothing_that_somebody_needs(machines):
    store, (first, second) = Memory(), machines
    night(store, first)
    store.put("2/of-a-machine-that-lost", b"")
    store.put("3/of-one-that-began-from-the-next-state", b"")
    store.put("notes.txt", b"")
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    night(store, second)
    pointer, _ = read_pointer(store)
    manifest = read_manifest(store, pointer)
    assert set(store.objects) == {
        *manifest.objects,
        *(pointer.manifest, POINTER, "3/of-one-that-began-from-the-next-state", "notes.txt"),
    }


def test_a_state_that_goes_while_it_is_brought_is_given_up_for_the_next(machines, monkeypatch):
    store, (first, second) = Memory(), machines
    night(store, first)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    read, once = store.read, []

    def overtaken(key: str) -> Iterator[bytes]:
        if key.startswith("1/") and "begun" not in once:
            once.append("begun")
            once.append(night(store, first))
            store.objects = {k: v for k, v in store.objects.items() if k != key}
        return read(key)

    monkeypatch.setattr(store, "read", overtaken)
    assert night(store, second) == once[1]


def test_an_object_that_is_gone_or_damaged_is_said_and_nothing_is_put(machines):
    store, (first, second) = Memory(), machines
    night(store, first)
    pointer = store.objects[POINTER]
    key = next(iter(read_pointer(store)[0].files.values()))
    content = store.objects[key]
    store.objects[key] = content[:-1]
    with pytest.raises(HotlineError, match=f"{key} 与登记的校验值不符"):
        night(store, second)
    del store.objects[key]
    with pytest.raises(HotlineError, match=f"缺少 {key}"):
        night(store, second)
    assert store.objects[POINTER] == pointer
    store.objects[key] = content
    night(store, second)
    store.objects[POINTER] = b'{"format": 3}'
    with pytest.raises(HotlineError, match="程序版本"):
        night(store, second)


def test_a_warehouse_that_was_never_shared_is_put_whole_and_never_overwritten(machines):
    store, (first, second) = Memory(), machines
    released = bring_up_to_date(first).id
    bring_up_to_date(second)
    assert night(store, first) == released
    assert read_pointer(store)[0].release == released
    with pytest.raises(HotlineError, match="不是从对象存储取来的"):
        night(store, second)
    assert current_release(second.warehouse) == released


def archived(installation: Installation) -> dict[str, Path]:
    """The exports in the archive, by the names of their bytes."""
    return {path.name: path for path in installation.warehouse.archive.glob("??/*")}


def test_small_files_of_the_archive_share_an_object_for_as_long_as_one_is_there(machines):
    store, (first, second) = Memory(), machines
    night(store, first)
    [(key, sizes)] = read_manifest(store, read_pointer(store)[0]).packs.items()
    assert set(sizes) == set(archived(first))
    assert len(sizes) == 2
    content = store.objects[key]
    store.objects[key] = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(HotlineError, match=f"{key} 与登记的校验值不符"):
        night(store, second)
    store.objects[key] = content
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    night(store, second)
    assert {name: path.read_bytes() for name, path in archived(second).items()}.items() > {
        name: path.read_bytes() for name, path in archived(first).items()
    }.items()
    assert len(read_manifest(store, read_pointer(store)[0]).packs) == 2
    # The first machine has the older ones: it fetches those of the new object alone.
    store.fetched.clear()
    night(store, first)
    assert key not in store.fetched
    assert tree(first.root) == tree(second.root)
    for sha256, left in zip(sizes, (True, False), strict=True):
        with checkout(store, first.root):
            archived(first)[sha256].unlink()
        assert (key in store.objects) is left


def test_a_state_from_before_files_shared_objects_is_gone_on_with(machines, monkeypatch):
    store, (first, second) = Memory(), machines
    with monkeypatch.context() as before:
        before.setattr("assets.sync.push.is_small", lambda item: False)
        before.setattr("assets.sync.pull._FORMAT", 1)
        night(store, first)
    assert json.loads(store.objects[POINTER])["format"] == 1
    old = set(store.objects)
    deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
    night(store, second)
    manifest = read_manifest(store, read_pointer(store)[0])
    [sizes] = manifest.packs.values()
    assert len(sizes) == 1
    # Nothing that was there is put again.
    assert {f"1/{sha256}" for sha256 in archived(second)} - {f"1/{each}" for each in sizes} < old
    night(store, first)
    assert tree(first.root) == tree(second.root)


def test_an_object_is_filled_to_its_size_and_no_file_is_cut():
    sizes = [FULL // 2, FULL // 2, 1, FULL - 1, FULL]
    files = [Item("", "file", sha256=str(number), size=size) for number, size in enumerate(sizes)]
    assert [[each.size for each in pack] for pack in packs_of(files)] == [
        [FULL // 2, FULL // 2],
        [1, FULL - 1],
        [FULL],
    ]


def test_nothing_is_put_where_the_work_fails(machines):
    store, (first, _) = Memory(), machines
    with pytest.raises(HotlineError), checkout(store, first.root.parent):
        raise HotlineError("failed")
    assert store.objects == {}


def test_private_files_stay_private_and_what_must_not_be_shared_is_not(machines):
    store, (first, second) = Memory(), machines
    night(store, first)
    (first.root / "dagster").mkdir()
    (first.root / "dagster" / "history.db").write_bytes(b"")
    night(store, first)
    night(store, second)
    assert (second.root / "caller.key").stat().st_mode & 0o777 == 0o600
    assert (second.root / "archive").stat().st_mode & 0o777 == 0o700
    assert (second.root / KNOWN).stat().st_mode & 0o777 == 0o600
    paths = {each.path for each in read_manifest(store, read_pointer(store)[0]).items}
    assert not [path for path in paths if path.startswith((".", "dagster"))]


def test_the_real_store_decides_by_etag_and_polars_reads_a_release_from_it(machines, monkeypatch):
    with s3_server() as server:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", server.user)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", server.password)
        make_bucket(server.http)
        store = S3("s3://lake/province/alpha", endpoint=server.http)
        other = S3("s3://lake/province/alpha", endpoint=server.http)
        assert list(store.list()) == []
        first, second = machines
        released = night(store, first)
        deliver(first, "calls_20230106.csv", [row("calls", call_id="2")])
        stale = read_pointer(store)[1]
        assert night(other, second) != released
        assert not store.put_if(POINTER, b"{}", stale)
        assert not store.put_if(POINTER, b"{}", None)
        with pytest.raises(Missing):
            store.get("nothing")
        with pytest.raises(Missing):
            list(store.read("nothing"))
        # As the README shows it.
        pointer = json.loads(store.get(POINTER)[0])
        files = [
            f"s3://lake/province/alpha/{key}"
            for path, key in pointer["files"].items()
            if path.startswith("facts/calls/")
        ]
        options = {
            "aws_endpoint_url": server.http,
            "aws_allow_http": "true",
            "aws_access_key_id": server.user,
            "aws_secret_access_key": server.password,
            "aws_region": "us-east-1",
        }
        calls = pl.scan_parquet(files, storage_options=options).collect()
        here = Warehouse(second.root).current / "facts/calls/*.parquet"
        assert calls.equals(pl.read_parquet(here))
    with pytest.raises(HotlineError, match="对象存储 s3://lake/province/alpha 无法读写"):
        S3("s3://lake/province/alpha", endpoint="http://127.0.0.1:1").put("x", b"")
