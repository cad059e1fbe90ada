"""Year-end indicator inputs and the reconciliation (FACTS.md, sections 4 and 5)."""
