"""Which release is meant."""

import pytest

from assets.core.errors import HotlineError
from assets.releases.package import (
    find_release,
)


def test_a_release_is_named_by_its_beginning_or_end(twice):
    installation, first, second = twice
    assert find_release(installation.warehouse, first[:8]) == first
    assert find_release(installation.warehouse, second[-12:]) == second
    assert find_release(installation.warehouse, "current") == second
    with pytest.raises(HotlineError, match="几个"):
        find_release(installation.warehouse, "2023")
