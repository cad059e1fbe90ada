"""How and when it runs: definitions, jobs, schedules, the command line."""

import os
import warnings

# One event says which partitions a run plans, instead of one event for each: half of a year's
# events.
os.environ.setdefault("DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS", "1")

import dagster as dg

# Dagster marks backfill policies and partition mappings as beta, on every use of each.
warnings.filterwarnings("ignore", category=dg.BetaWarning)
