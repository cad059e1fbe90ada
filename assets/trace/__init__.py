"""From a published figure back to the raw lines that it was counted from."""
