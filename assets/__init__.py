"""What is computed: a folder for each family, each with its Dagster declarations beside it."""
