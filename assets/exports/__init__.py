"""From a file in the landing folder to checked rows: archive, read, check, stage."""
