"""What is computed: from export files to facts, indicators and reports, a room a folder."""

import os

# Polars keeps freed memory for ten seconds instead of returning each page to the kernel, which
# clears it before it gives it back: a tenth of a year's backfill, a quarter of the details of a
# large month. Read once, when Polars is first imported.
os.environ.setdefault("_RJEM_MALLOC_CONF", "oversize_threshold:0,dirty_decay_ms:10000,narenas:2")
