"""Complete states of the facts: checked, published at once, verified."""
