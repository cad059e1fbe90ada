"""The roll-up of all cities: facts made of their current releases, published as they are."""
