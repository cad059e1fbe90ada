"""Charts of a report as SVG, for a screen and for paper: they place figures and compute none."""

from assets.reports.render.charts.drawing import chart_svg, sparkline_svg
from assets.reports.render.charts.svg import PAPER, SCREEN

__all__ = ["PAPER", "SCREEN", "chart_svg", "sparkline_svg"]
