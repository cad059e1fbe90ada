"""A backup brings the same release back, is private, and is never taken from rotten files."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assets.core.errors import HotlineError
from assets.installation.installation import Installation
from assets.releases.checks import verify
from assets.releases.package import current_release
from assets.sync.backup import MANIFEST, back_up, object_path, read_manifest, restore
from tests.driver import bring_up_to_date, deliver, existing_installation, make_installation
from tests.lasting.disk import Disk, watched
from tests.lasting.scenes import call, first_files, later_files
from tests.lasting.state import contents
from tests.pipelines.test_cli import Machine

ROOT = Path(__file__).parents[2]


def make_backup(installation: Installation) -> Path:
    folder = installation.root.parent / "backup"
    back_up(installation, folder, print)
    return folder


def elsewhere(installation: Installation, name: str = "other") -> Installation:
    """Another, empty installation."""
    return make_installation(installation.root.parent / name)


@pytest.fixture
def released(installation) -> Installation:
    """An installation of two releases."""
    first_files(installation)
    bring_up_to_date(installation)
    later_files(installation)
    bring_up_to_date(installation)
    return installation


def modes(root: Path, names: set[str]) -> dict[str, int]:
    return {name: (root / name).lstat().st_mode for name in names}


def test_a_backup_brings_everything_back(released):
    folder = make_backup(released)
    other = elsewhere(released)
    assert restore(other, folder, print).release == current_release(released.warehouse)
    found, original = contents(other.root), contents(released.root)
    assert found == {name: original[name] for name in found}
    assert modes(other.root, set(found)) == modes(released.root, set(found))
    rooms = {name.partition("/")[0] for name in found}
    assert rooms == {"archive", "caller.key", "current", "heads", "layout", "ledger", "releases"}
    assert "ledger/deliveries/" not in found
    assert [each for each in verify(other.warehouse) if not each.passed] == []
    shutil.copytree(released.landing, other.landing, dirs_exist_ok=True)
    bring_up_to_date(other)
    assert current_release(other.warehouse) == current_release(released.warehouse)
    # How its files were cut into batches is not the same: these were taken at once.
    published = ("releases/", "current", "ledger/releases", "archive/")
    found = contents(other.root)
    assert [name for name in original if name.startswith(published)] == [
        name for name in found if name.startswith(published) and found[name] == original[name]
    ]


def test_a_backup_is_private(released):
    folder = make_backup(released)
    assert folder.stat().st_mode & 0o077 == 0
    for path in (folder / "objects").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (folder / MANIFEST).stat().st_mode & 0o077 == 0


def test_a_second_backup_adds_what_is_new_and_drops_what_is_gone(released):
    folder = make_backup(released)
    old = {path.name for path in (folder / "objects").glob("??/*")}
    deliver(released, "calls_20230110.csv", [call(5, "2023-01-10")])
    bring_up_to_date(released)
    copied = back_up(released, folder, print)
    new = {path.name for path in (folder / "objects").glob("??/*")}
    assert 0 < copied.new == len(new - old) < len(new)
    assert new == {each.sha256 for each in read_manifest(folder).items if each.kind == "file"}
    assert old - new  # Catalogues and the journal are others now.


def test_readers_go_on_and_the_lock_is_not_held_while_raw_files_are_copied(released):
    """The raw files come first, and the warehouse is not touched, let alone locked, by then."""
    folder = released.root.parent
    with watched(Disk(folder, ignored=("landing",))) as disk:
        make_backup(released)
    touched = [each for each in disk.seen if "/warehouse/" in each]
    first = disk.seen.index(touched[0])
    assert sum("replace /backup/.tmp-copy" in each for each in disk.seen[:first]) >= 8
    assert {each.split("/")[-1] for each in touched} <= {
        ".lock",
        ".lock.holder",
        ".tmp-.lock.holder",
        ".tmp-layout",
    }


def test_a_damaged_backup_is_not_restored_and_is_mended_by_the_next(released):
    folder = make_backup(released)
    item = next(each for each in read_manifest(folder).items if each.sha256)
    path = object_path(folder, item.sha256)
    path.write_bytes(path.read_bytes() + b"x")
    other = elsewhere(released)
    with pytest.raises(HotlineError, match="已损坏"):
        restore(other, folder, print)
    assert list(other.root.glob("*")) == []
    back_up(released, folder, print)
    restore(other, folder, print)
    assert [each for each in verify(other.warehouse) if not each.passed] == []


def test_a_damaged_backup_is_not_restored(released):
    folder = make_backup(released)
    other = elsewhere(released)
    content = json.loads((folder / MANIFEST).read_bytes())
    (folder / MANIFEST).write_text(json.dumps(content | {"at": "2020-01-01"}))
    with pytest.raises(HotlineError, match="无法读取"):
        restore(other, folder, print)
    del content["checksum"]
    for change, said in (
        ({"format": 9}, "格式"),
        ({"items": [{"path": "../x", "kind": "folder", "mode": 0o700}]}, "之外"),
        ({"items": 3}, "无法读取"),
    ):
        (folder / MANIFEST).write_text(json.dumps(content | change))
        with pytest.raises(HotlineError, match=said):
            restore(other, folder, print)
    (folder / MANIFEST).write_bytes(b"{")
    with pytest.raises(HotlineError, match="无法读取"):
        restore(other, folder, print)
    (folder / MANIFEST).unlink()
    with pytest.raises(HotlineError, match="没有完成的备份"):
        restore(other, folder, print)


def test_nothing_is_overwritten(released, tmp_path):
    folder = make_backup(released)
    assert restore(released, folder, print) == read_manifest(folder)  # It is as it was.
    deliver(released, "calls_20230110.csv", [call(5, "2023-01-10")])
    bring_up_to_date(released)
    before = contents(released.root)
    with pytest.raises(HotlineError, match="不是空的"):
        restore(released, folder, print)
    assert contents(released.root) == before
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.docx").write_text("x")
    for place in (full, released.root / "backup", released.root, released.root.parent):
        with pytest.raises(HotlineError, match=r"别的内容|重叠"):
            back_up(released, place, print)
    assert [path.name for path in full.iterdir()] == ["thesis.docx"]


def test_a_raw_file_that_rotted_is_not_taken_into_a_backup(released):
    folder = make_backup(released)
    before = (folder / MANIFEST).read_bytes()
    deliver(released, "calls_20230110.csv", [call(5, "2023-01-10")])
    bring_up_to_date(released)
    known = {path.name for path in (folder / "objects").glob("??/*")}
    (new,) = [path for path in released.root.glob("archive/??/*") if path.name not in known]
    new.write_bytes(b"rotten")
    with pytest.raises(HotlineError, match="校验值不符"):
        make_backup(released)
    assert (folder / MANIFEST).read_bytes() == before
    restore(elsewhere(released), folder, print)


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    first_files(existing_installation(tmp_path))
    later_files(existing_installation(tmp_path))
    return made


def test_the_commands_say_what_they_did(machine):
    assert machine.hotline("run").returncode == 0
    done = machine.hotline("backup", "copy")
    assert done.returncode == 0
    assert "已核对" in done.stdout
    back = machine.hotline("restore", "copy", HOTLINE_WAREHOUSE="other")
    assert back.returncode == 0, back.stderr
    assert "核验通过" in back.stdout
    first = (machine.warehouse / "current").readlink().name
    rolled = machine.hotline("rollback", "current", "--by", "张三", "--why", "[bold]核对")
    assert rolled.returncode == 0
    assert "hotline accept" in rolled.stdout
    told = machine.hotline("releases")
    assert "已固定" in told.stdout
    assert "[bold]核对" in told.stdout
    assert machine.hotline("accept", first[:8], "--by", "张三", "--why", "无误").returncode == 0
    assert (
        first
        in machine.hotline("as-of", str(datetime.now(ZoneInfo("Asia/Shanghai")).date())).stdout
    )
    assert "还没有发布过" in machine.refuses("as-of", "2001-01-01")
    assert "相同" in machine.hotline("diff", first, "current").stdout
    assert "没有发布“x”" in machine.refuses("diff", "x", "current")
