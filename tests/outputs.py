"""Write down what the program puts out, and compare two such records.

    python -m tests.outputs record FOLDER before.json
    python -m tests.outputs compare before.json after.json

A record holds a fingerprint of every fact, indicator and reconciliation file and of the content of
every report of the sample year, which is damaged in the ways that exports are, and the text of the
commands that an operator uses. What depends on the clock, the folder or the version of the code is
left out.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

_CONFIGURATION = """\
landing = "landing"
warehouse = "warehouse"
start = 2023-01-01
[reports]
first_weekly = 2023-05-22
first_daily = 2023-05-23
"""
COMMANDS = (
    "demo",
    "status --full",
    "verify",
    "quarantine list",
    "quarantine show",
    "releases",
    "reports",
    "targets",
    "score --year 2023",
    "explain answer_rate 2023-05",
    "explain on_time_rate 2023",
    "explain knowledge_updates 2023-07",
    "form 2023 --check nothing.xlsx",
    "report daily 2023-13-01",
    "report daily 2023-12-31",
    "rollback nothing --why test",
    "as-of 2019-01-01",
    "run --date x",
    "backfill 2023-03 2023-01",
    "backfill 2023-01 2023-03",
    "notify",
    "doctor",
)
# The id of a release, a moment, a duration, a size, an id of a file: true of one run only.
_VARIABLE = (
    (re.compile(r"[0-9]{8}T?[0-9]{0,6}-?[0-9a-f]{12,16}"), "<release>"),
    (re.compile(r"\b[0-9a-f]{8,64}\b"), "<hash>"),
    (
        re.compile(r"20(2[4-9]|[3-9]\d)-\d\d-\d\d([T ]\d\d:\d\d(:\d\d)?(\.\d+)?(\+08:00)?)?"),
        "<now>",
    ),
    (re.compile(r"20(2[4-9]|[3-9]\d)年\d+月\d+日( ?\d+时\d+分| \d\d:\d\d)?"), "<now>"),
    (re.compile(r"\d+ 秒"), "<seconds>"),
    (re.compile(r"\d+(\.\d+)? [KMGT]i?B"), "<size>"),
    (re.compile(r"[ ─━]+"), " "),
)


def _plain(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "<folder>")
    for pattern, name in _VARIABLE:
        text = pattern.sub(name, text)
    return text


def record(folder: Path) -> dict[str, str]:
    """Run the commands in a folder, which is made, and describe what came of them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hotline.toml").write_text(_CONFIGURATION)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HOTLINE")}
    found: dict[str, str] = {}
    for command in COMMANDS:
        done = subprocess.run(
            [sys.executable, "-c", "from pipelines.cli import main; main()", *command.split()],
            cwd=folder,
            env=kept | {"COLUMNS": "200", "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        found[f"command {command}"] = _plain(said, folder)
    current = folder / "warehouse" / "current"
    for path in sorted(current.resolve().rglob("*.parquet")):
        name = path.relative_to(current.resolve())
        found[f"release {name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    for path in sorted((folder / "warehouse" / "reports").rglob("content.json")):
        content = _plain(path.read_text(encoding="utf-8"), folder)
        name = path.relative_to(folder / "warehouse")
        found[f"report {name}"] = hashlib.sha256(content.encode()).hexdigest()
    return found


def differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """What two records do not share, a line or more for each entry."""
    found = []
    for name in sorted({*before, *after}):
        one, other = before.get(name, "(nothing)"), after.get(name, "(nothing)")
        if one != other:
            found.append(name)
            old, new = one.splitlines(), other.splitlines()
            found += [f"  - {line}" for line in old if line not in new]
            found += [f"  + {line}" for line in new if line not in old]
    return found


def main(arguments: list[str]) -> int:
    """Entry point; 1 where two records differ."""
    match arguments:
        case ["record", folder, target]:
            content = record(Path(folder).absolute())
            Path(target).write_text(json.dumps(content, ensure_ascii=False, indent=1))
            print(f"{len(content)} outputs written down")
            return 0
        case ["compare", before, after]:
            found = differences(*(json.loads(Path(each).read_text()) for each in (before, after)))
            print("\n".join(found) or "no difference")
            return 1 if found else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
