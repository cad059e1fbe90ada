"""Whether everything in a warehouse is still as it was written, and forgetting what is not.

`scrub` looks at every file against its record; `forget_damaged` lets the next night make again what
can be made again, and is what a night does that met a damaged file.
"""

from assets.scrub.findings import Finding, forget_damaged, scrub

__all__ = ["Finding", "forget_damaged", "scrub"]
