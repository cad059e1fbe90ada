"""What is computed: a folder for each family, each with its Dagster declarations beside it."""

import os

# For Polars, which is loaded later: memory that was freed is kept for ten seconds, large pieces as
# well as small ones. The next rows would else get it from the kernel, which clears it page by page:
# a quarter of what the details of a large month cost.
os.environ.setdefault("_RJEM_MALLOC_CONF", "oversize_threshold:0,dirty_decay_ms:10000,narenas:2")
