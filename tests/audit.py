"""Whether a package that constraints.txt installs has a known vulnerability: `make audit`.

It fails for what it found, never for what it could not ask: a machine without the registry's
advisories says so and goes on.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_SECONDS = 300


def ask(constraints: Path) -> list[dict[str, Any]] | None:
    """What pip-audit says of each pinned package; None where it came to no answer."""
    words = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")
    command = [sys.executable, "-m", "pip_audit", *words, "--requirement", str(constraints)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        found: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, subprocess.TimeoutExpired):
        return None
    return found


def judge(answers: Sequence[dict[str, Any]] | None) -> tuple[int, str]:
    """Exit status and what to say of the answers."""
    asked = [each for each in answers or () if "vulns" in each]
    if not asked:
        return 0, "Known vulnerabilities: the registry's advisories could not be asked."
    lines = [
        f"{each['name']} {each['version']}: {found['id']}, fixed in "
        f"{', '.join(found['fix_versions']) or 'no version yet'}"
        for each in asked
        for found in each["vulns"]
    ]
    skipped = len(answers or ()) - len(asked)
    rest = f"; {skipped} could not be asked about" if skipped else ""
    lines.append(f"Known vulnerabilities: {len(lines)} in {len(asked)} packages{rest}.")
    return int(len(lines) > 1), "\n".join(lines)


def main() -> int:
    """Ask, say what was found."""
    status, said = judge(ask(ROOT / "constraints.txt"))
    print(said)
    return status


if __name__ == "__main__":
    sys.exit(main())
