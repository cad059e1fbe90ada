"""What a report says: computed from a release only, and the same for every form."""
