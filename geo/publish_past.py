"""What earlier versions told of cells that were revised since. Whoever keeps both can subtract, so both are proven together.

A revised cell stands in two versions with two counts; every other cell has one count in all of them. So what was told
before becomes cells of its own, tied to each other and to the unrevised ones as they were then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from geo.publish import Cell, Line, Release, Why

MARK: Final = "~"  # between a part and the version it stood in

Past = Mapping[tuple[Cell, int], int | Why]
"""A cell and the last version in which it stood so: the rounded count that was shown, or why it was hidden."""


@dataclass(frozen=True, kw_only=True)
class Before:
    """Cells and ties of earlier versions, to be added to those of now. shown, hidden: as in geo.publish.Release."""

    shown: Mapping[Cell, int]
    hidden: Mapping[Cell, Why]
    ties: tuple[Line, ...]


def remembered(
    past: Past, revised: Iterable[Cell], release: Release, *, version: int
) -> dict[tuple[Cell, int], int | Why]:
    """The past with what a version told of cells that are revised now."""
    told: dict[tuple[Cell, int], int | Why] = dict(past)
    for cell in revised:
        if cell in release.shown:
            told[cell, version] = release.shown[cell]
        elif cell in release.hidden:
            told[cell, version] = release.hidden[cell]
    return told


def before(past: Past, ties: Iterable[Line], *, frozen: Mapping[int, int]) -> Before:
    """What was told before, beside the ties of now. frozen: quarter -> the version that it was first told in."""
    ends: dict[Cell, list[int]] = {}
    for cell, version in past:
        ends.setdefault(cell, []).append(version)
    every = list(ties)
    found: dict[Line, None] = {}
    for version in sorted({version for _, version in past}):
        for line in every:
            cells = [_at(cell, version, ends) for cell in (line.total, *line.parts)]
            span = range(line.total.start, line.total.start + line.total.quarters)
            there = all(quarter in frozen and frozen[quarter] <= version for quarter in span)
            if there and any(cell.part.partition(MARK)[1] for cell in cells):
                found[Line(cells[0], tuple(cells[1:]))] = None
    told = {_named(cell, version): what for (cell, version), what in past.items()}
    return Before(
        shown={cell: what for cell, what in told.items() if not isinstance(what, Why)},
        hidden={cell: what for cell, what in told.items() if isinstance(what, Why)},
        ties=tuple(found),
    )


def _named(cell: Cell, version: int) -> Cell:
    return cell._replace(part=f"{cell.part}{MARK}{version}")


def _at(cell: Cell, version: int, ends: Mapping[Cell, list[int]]) -> Cell:
    """A cell as it stood in a version: by the first end from there on, else as it stands now."""
    later = [end for end in ends.get(cell, ()) if end >= version]
    return _named(cell, min(later)) if later else cell
