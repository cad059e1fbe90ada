"""What names a person is masked: `masked` in columns of text, `mask` in a single one.

`mask_title` goes further, for titles that an office chose to show; `masked_name` and `masked_path`
are for messages that name a file.
"""

from assets.masking.text import MASK, mask, mask_title, masked, masked_name, masked_path

__all__ = ["MASK", "mask", "mask_title", "masked", "masked_name", "masked_path"]
