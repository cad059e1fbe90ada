"""Charts of a report as SVG, for a screen and for paper: they place figures and compute none."""

from assets.reports.render.charts.draw import chart_svg
from assets.reports.render.charts.palette import PAPER, SCREEN, Palette
from assets.reports.render.charts.spark import sparkline_svg

__all__ = ["PAPER", "SCREEN", "Palette", "chart_svg", "sparkline_svg"]
