"""Copies of what cannot be computed again: made while the system runs, checked, brought back."""
