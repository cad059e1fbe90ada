"""What Dagster loads: one site as the configuration describes it, or an installation of several."""

from pipelines.cities import chosen_city
from pipelines.config import city_names, load_installation
from pipelines.location import location

if city_names() and not chosen_city():
    from pipelines.installation import installation_definitions

    defs = installation_definitions()
else:
    defs = location(load_installation())
