"""The quarantine as a tool: what is in it, what became of it, and the way back."""
