"""The registry of the kinds of damage: small functions in other modules enter themselves here."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from assets.sample.damage.desk import Desk
from assets.sample.damage.kind import Kind, Outcome, Row
from assets.sample.sheets import csv_line

Rows = dict[str, pl.DataFrame]
Spoil = Callable[[Row, str, np.random.Generator], Row]
SpoilLine = Callable[[Row, str], list[str]]
SpoilToLines = Callable[[Row, str, np.random.Generator], list[str]]
ToFiles = Callable[[Desk], None]
ToTrueRows = Callable[[Rows, np.random.Generator], dict[str, int]]


@dataclass(frozen=True)
class RowKind(Kind):
    """A kind that adds a row that must not be accepted.

    Attributes:
        datasets: where it occurs.
        lines: lines that it adds.
        at_most: how often it occurs in the year, 0 for no limit.
        spoil: lays a good row (whose ids are fresh already) down wrongly, as lines of CSV.
    """

    datasets: tuple[str, ...]
    lines: int
    at_most: int
    spoil: SpoilToLines


@dataclass(frozen=True)
class FileKind(Kind):
    """A kind that does something to whole files.

    Attributes:
        apply: claims sheets on the desk and changes them.
    """

    apply: ToFiles


@dataclass(frozen=True)
class TrueKind(Kind):
    """A kind that disguises true rows, or is found in them as they are.

    Attributes:
        apply: changes the rows of the datasets, and tells how many of which dataset it met.
    """

    apply: ToTrueRows


KINDS: dict[str, Kind] = {}


def _describe(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]


def register(kind: Kind) -> None:
    """Enter a kind; its name is unique."""
    if kind.name in KINDS:
        raise ValueError(f"kind {kind.name} is registered twice")
    KINDS[kind.name] = kind


def bad_row(*datasets: str, rule: str, at_most: int = 0) -> Callable[[Spoil], Spoil]:
    """Register a function that makes a bad row of a good one: it must be quarantined."""

    def enter(function: Spoil) -> Spoil:
        def spoil(row: Row, dataset: str, rng: np.random.Generator) -> list[str]:
            return [csv_line(function(row, dataset, rng).values())]

        quarantined = Outcome.QUARANTINED
        name, description = function.__name__, _describe(function)
        register(RowKind(name, quarantined, rule, description, datasets, 1, at_most, spoil))
        return function

    return enter


def bad_line(*datasets: str, rule: str, lines: int = 1) -> Callable[[SpoilLine], SpoilLine]:
    """Register a function that makes bad lines of a good row: all must be quarantined."""

    def enter(function: SpoilLine) -> SpoilLine:
        def spoil(row: Row, dataset: str, rng: np.random.Generator) -> list[str]:
            return function(row, dataset)

        quarantined = Outcome.QUARANTINED
        name, description = function.__name__, _describe(function)
        register(RowKind(name, quarantined, rule, description, datasets, lines, 0, spoil))
        return function

    return enter


def to_files(outcome: Outcome, rule: str = "") -> Callable[[ToFiles], ToFiles]:
    """Register a function that does something to whole files."""

    def enter(function: ToFiles) -> ToFiles:
        register(FileKind(function.__name__, outcome, rule, _describe(function), apply=function))
        return function

    return enter


def to_true_rows(function: ToTrueRows) -> ToTrueRows:
    """Register a function that disguises true rows: they must be accepted as they truly are."""
    register(TrueKind(function.__name__, Outcome.HARMLESS, "", _describe(function), apply=function))
    return function
