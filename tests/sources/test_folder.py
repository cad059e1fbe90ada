"""A folder as a source."""

import pytest

from assets.sources.folder import Folder
from assets.sources.source import SourceError


def test_a_folder_that_is_gone_is_said(tmp_path):
    with pytest.raises(SourceError, match="不存在"):
        list(Folder(tmp_path / "nowhere").items())
