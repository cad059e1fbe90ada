"""The printed figures of an evaluation, and what they are held against."""
