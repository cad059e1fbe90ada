"""Several machines: settings, copies of warehouses, Celery. Nothing of it without [cluster]."""
