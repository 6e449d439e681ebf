"""Findings: what a check has to say about the rows of one file, gathered whole columns at a time."""

from collections.abc import Callable, Iterable
from itertools import repeat
from operator import attrgetter

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.reasons import Outcome, Reason
from data.sources.figures import Figures
from data.sources.table import RowProblem
from data.texts import Texts

Bools = NDArray[np.bool_]
VALUE_CHARACTERS = 80


Column = pd.Series | Texts | Figures
Tell = Callable[[NDArray[np.intp]], Iterable[str]]


class Findings:
    """A builder: checks add masks, the import asks which rows fell and why.

    What a cell held is looked up only when somebody reads the problems, so columns given here must not change.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self.normalised: dict[str, Reason] = {}
        self._items: list[tuple[Reason, str, NDArray[np.intp], Tell | None]] = []

    def add(
        self,
        reason: Reason,
        mask: Bools,
        *,
        column: str = "",
        values: Column | None = None,
        show: Callable[[pd.Series], Iterable[str]] | None = None,
        cells: Tell | None = None,
    ) -> None:
        """Give ``reason`` to the rows in ``mask``.

        values: the column as it stood; show: makes its cells fit to be seen. cells: instead, gives what to show for
        each of some positions.
        """
        positions = np.flatnonzero(mask)
        if len(positions) == 0:
            return
        if values is not None:
            cells = _teller(values, show)
        self._items.append((reason, column, positions, cells))

    def note(self, reason: Reason, holds: bool = True) -> None:
        """Something that was normalised in the whole file."""
        if holds:
            self.normalised[reason.code] = reason

    def rows(self, outcome: Outcome) -> Bools:
        """Which rows were given a reason with this outcome."""
        mask = np.zeros(self.n, dtype=bool)
        for reason, _, positions, _ in self._items:
            if reason.outcome is outcome:
                mask[positions] = True
        return mask

    def drop(self, outcomes: Iterable[Outcome], where: Bools) -> None:
        """Forget findings with these outcomes on these rows: who is out needs no flag."""
        kept = []
        wanted = set(outcomes)
        for reason, column, positions, cells in self._items:
            left = positions[~where[positions]] if reason.outcome in wanted else positions
            if len(left):
                kept.append((reason, column, left, cells))
        self._items = kept

    def problems(self, rows: NDArray[np.int64]) -> list[RowProblem]:
        """Everything found, in the order of the rows; ``rows`` are the row numbers of the positions."""
        found = []
        for reason, column, positions, tell in self._items:
            numbers = rows[positions].tolist()
            cells = map(_short, tell(positions)) if tell else repeat("", len(numbers))
            found += [
                RowProblem(row=row, column=column, value=value, reason=reason)
                for row, value in zip(numbers, cells, strict=True)
            ]
        found.sort(key=attrgetter("row"))
        return found


def _teller(values: Column, show: Callable[[pd.Series], Iterable[str]] | None) -> Tell:
    def tell(positions: NDArray[np.intp]) -> Iterable[str]:
        chosen = values.iloc[positions] if isinstance(values, pd.Series) else values.at(positions)
        return show(chosen) if show else chosen.tolist()

    return tell


def _short(value: str) -> str:
    if "\x00" in value:
        value = value.replace("\x00", "␀")
    return value if len(value) <= VALUE_CHARACTERS else value[: VALUE_CHARACTERS - 1] + "…"
