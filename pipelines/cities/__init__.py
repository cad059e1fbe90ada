"""Several cities in one installation: a night of each, then the roll-up of all.

`definitions` is the Dagster code location: a step a city (`night`), and where this machine works on
the cities also what happens by day (`daytime`). The command line starts the same night on the
workers of a cluster with `run_on_workers`, and rolls up by itself with `roll_up`.
"""

from pipelines.cities.night import roll_up
from pipelines.cities.on_workers import run_on_workers

__all__ = ["roll_up", "run_on_workers"]
