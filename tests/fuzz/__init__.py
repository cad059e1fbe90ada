"""Fuzzing of ingestion: valid files, damaged in seeded random ways, and what must hold of each."""
