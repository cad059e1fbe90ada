"""Warehouses in an object store: brought to a machine, worked on there, put back as one change."""
