"""What is computed: a room for each stage, its Dagster declarations in `definitions`."""
