"""Several machines: copies of warehouses and Celery. Nothing of it without [cluster].

`at_hand` has the warehouse of a city on this machine and shares what was changed; `released` does
so for what the roll-up reads; `celery_executor` gives the steps of a night to workers, which run
`pipelines.cluster.worker`.
"""

from pipelines.cluster.celery import celery_executor
from pipelines.cluster.copies import at_hand, released

__all__ = ["at_hand", "celery_executor", "released"]
