"""Findings: what a check has to say about the rows of one file, gathered whole columns at a time."""

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.reasons import Outcome, Reason
from data.sources.table import RowProblem

Bools = NDArray[np.bool_]
VALUE_CHARACTERS = 80


class Findings:
    """A builder: checks add masks, the import asks which rows fell and why."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.normalised: dict[str, Reason] = {}
        self._items: list[tuple[Reason, str, NDArray[np.intp], list[str]]] = []

    def add(
        self,
        reason: Reason,
        mask: Bools,
        *,
        column: str = "",
        values: pd.Series | None = None,
        show: Callable[[pd.Series], Iterable[str]] | None = None,
        cells: Iterable[str] | None = None,
    ) -> None:
        """Give ``reason`` to the rows in ``mask``.

        values: the column as it stood; show: makes its cells fit to be seen. cells: instead, what to show for each
        row in ``mask``.
        """
        positions = np.flatnonzero(mask)
        if len(positions) == 0:
            return
        if values is not None:
            chosen = values.iloc[positions]
            cells = show(chosen) if show else chosen
        told = [_short(v) for v in cells] if cells is not None else [""] * len(positions)
        self._items.append((reason, column, positions, told))

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
            stay = ~where[positions] if reason.outcome in wanted else np.ones(len(positions), dtype=bool)
            if stay.all():
                kept.append((reason, column, positions, cells))
            elif stay.any():
                left = [c for c, s in zip(cells, stay.tolist(), strict=True) if s]
                kept.append((reason, column, positions[stay], left))
        self._items = kept

    def problems(self, rows: NDArray[np.int64]) -> list[RowProblem]:
        """Everything found, in the order of the rows; ``rows`` are the row numbers of the positions."""
        found = []
        for reason, column, positions, cells in self._items:
            numbers = rows[positions].tolist()
            found += [
                RowProblem(row=row, column=column, value=value, reason=reason)
                for row, value in zip(numbers, cells, strict=True)
            ]
        found.sort(key=lambda p: p.row)
        return found


def _short(value: str) -> str:
    value = value.replace("\x00", "␀")
    return value if len(value) <= VALUE_CHARACTERS else value[: VALUE_CHARACTERS - 1] + "…"
