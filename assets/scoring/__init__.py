"""The reference scorecard: scores from the published indicator inputs, beside the printed ones."""
