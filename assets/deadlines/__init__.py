"""When a ticket is due: working days and deadline rules."""
