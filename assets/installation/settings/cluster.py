"""Where several machines meet: what the section [cluster] of hotline.toml decides.

Belongs here: the settings as the code uses them. Addresses with a password in them and keys come
from the environment and are not here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ClusterSettings:
    """How the machines of a cluster share work and warehouses.

    Attributes:
        store: s3://bucket/folder of all warehouses.
        endpoint: address of a store that is not Amazon's.
        region: of the bucket.
        visibility_timeout: seconds after which a step that nobody has finished is given to
            another worker; longer than any night of a city.
    """

    store: str
    endpoint: str = ""
    region: str = "us-east-1"
    visibility_timeout: int = 6 * 3600
