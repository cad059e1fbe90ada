"""Python as a production installation has it: without what only tests and comparisons need.

Run as `python -m tests.bench.production ARGUMENTS`, it is the `hotline` command.
"""

from tests.children.sitecustomize import hide_the_rest

if __name__ == "__main__":
    hide_the_rest()
    from pipelines.cli import main

    main()
