"""Several cities in one installation: a night of each, then the roll-up of all.

`definitions` is the Dagster code location: a step a city (`night`), and where the cities are worked
on by this machine also what happens by day (`daytime`). The command line starts the same night on
the workers of a cluster (`on_workers`).
"""

from pipelines.cities.definitions import PROVINCE, cities_definitions, city_key
from pipelines.cities.night import roll_up
from pipelines.cities.on_workers import run_on_workers

__all__ = ["PROVINCE", "cities_definitions", "city_key", "roll_up", "run_on_workers"]
