"""How a report looks: four renderers that only place what the content model says."""
