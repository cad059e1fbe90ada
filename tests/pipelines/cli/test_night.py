"""A night that has nothing to do leaves Dagster alone."""

import os
import subprocess
import sys

from tests.pipelines.test_cli import exports_of_a_day, machine

__all__ = ["machine"]
# `hotline run`, then which of the large libraries that took.
_RUN = (
    "import sys; sys.argv = ['hotline', 'run']; from pipelines.cli import main\n"
    "try:\n    main()\nfinally:\n"
    "    print(*(each for each in ('polars', 'dagster', 'jinja2') if each in sys.modules))"
)


def test_a_night_without_work_loads_no_dagster(machine):
    exports_of_a_day(machine.landing)
    assert "新发布" in machine.hotline("run").stdout
    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        cwd=machine.folder,
        env={name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"},
        capture_output=True,
        text=True,
        check=True,
    )
    said, loaded = done.stdout.strip().rsplit("\n", 1)
    assert "没有新的导出" in said
    assert loaded == "polars"
