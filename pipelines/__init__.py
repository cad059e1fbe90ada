"""How and when it runs: definitions, jobs, schedules, the command line."""

import os
import warnings

# One event says which partitions a run plans, instead of one event for each: half of a year's
# events.
os.environ.setdefault("DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS", "1")

# Dagster marks backfill policies and partition mappings as beta, on every use of each. The sentence
# is named, not the class, so that commands that need no Dagster do not load it.
warnings.filterwarnings("ignore", message=".* is currently in beta")
