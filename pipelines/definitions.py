"""What Dagster loads: the code location of the site that the configuration describes."""

from pipelines.config import load_site
from pipelines.location import location

defs = location(load_site()).defs
