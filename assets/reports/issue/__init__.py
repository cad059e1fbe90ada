"""Issuing: what is due, what is new, its number, its files, and the ledger of all of it."""
