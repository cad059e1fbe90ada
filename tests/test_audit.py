"""The scan for vulnerabilities fails for what it found, never for what it could not ask."""

import tomllib

from tests.audit import ROOT, ask, judge

CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found"}


def test_a_vulnerability_fails_and_is_named_with_its_remedy():
    status, said = judge([CLEAN, BAD, SKIPPED])
    assert status == 1
    assert "b 2: PYSEC-1, fixed in 2.1" in said
    assert "1 in 2 packages; 1 could not be asked" in said


def test_none_passes():
    assert judge([CLEAN]) == (0, "Known vulnerabilities: 0 in 1 packages.")


def test_what_could_not_be_asked_is_said_and_fails_nothing():
    for answers in (None, [], [SKIPPED]):
        status, said = judge(answers)
        assert status == 0
        assert "could not be asked" in said


def test_a_file_that_pip_audit_cannot_read_is_no_answer(tmp_path):
    broken = tmp_path / "constraints.txt"
    broken.write_text("not a requirement at all ===\n")
    assert ask(broken) is None


def test_the_licences_of_what_is_shipped_are_shipped():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    notice = (ROOT / "NOTICE").read_text()
    for name in project["license-files"]:
        assert (ROOT / name).is_file()
    # Every folder that holds somebody else's files is named.
    foreign = {".ttf", ".otf", ".woff", ".woff2", ".wasm"}
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for path in (ROOT / "assets").rglob("*")
        if path.suffix in foreign
    }
    assert folders and all(folder in notice for folder in folders)
