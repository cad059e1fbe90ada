"""Rows as they now stand: one for each key, by month or year."""
