"""Sample exports of 2023: row-level files from which every published figure follows to the digit.

Belongs here: the rows of a hotline's year, drawn from a seed so that their sums are the published
ones, and everything that goes wrong with such exports on their way. Not here: what the pipeline
makes of them. Nothing in this package reads the clock.
"""

from assets.sample.write import is_complete, traces, write_exports

__all__ = ["is_complete", "traces", "write_exports"]
