"""The sections of a report, one concept a module: what it shows, by which rule, its sentences."""
