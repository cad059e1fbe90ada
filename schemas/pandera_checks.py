"""Old path of names that stand elsewhere now."""
