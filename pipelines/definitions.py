"""What Dagster loads: one site as the configuration describes it, or an installation of several."""

from pipelines.cities import chosen_city
from pipelines.config import city_names, load_site
from pipelines.installation import installation_definitions
from pipelines.location import location

several = city_names() and not chosen_city()
defs = installation_definitions() if several else location(load_site()).defs
