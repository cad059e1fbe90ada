"""What is computed: a folder for each family, each with its Dagster declarations beside it."""

import os

# For Polars, which is loaded later: freed memory is kept for the next rows. The kernel would have
# to clear it again, page by page, which took a third of the time of a large month.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:-1,narenas:2")
