"""Texts: a column of text as its distinct texts and where each stands, so that costly work is done once per text."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.columns import Columns
from data.sources.figures import Figures
from data.sources.table import RawTable


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The text of row i is ``distinct[codes[i]]``; a text may be in ``distinct`` twice, or without any row."""

    codes: NDArray[np.intp]  # (n,)
    distinct: pd.Series  # str, on a fresh index

    @classmethod
    def of(cls, cells: pd.Series) -> Self:
        """A column of text, with nothing missing in it."""
        if isinstance(cells.dtype, pd.CategoricalDtype):
            codes, found = _used(cells.cat.codes.to_numpy(), cells.cat.categories)
        else:
            codes, found = pd.factorize(cells)
        return cls(codes=codes.astype(np.intp), distinct=pd.Series(np.asarray(found, dtype=object), dtype="str"))

    @classmethod
    def empty(cls, n: int) -> Self:
        """A column of n empty cells."""
        return cls(codes=np.zeros(n, dtype=np.intp), distinct=pd.Series([""], dtype="str"))

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.codes)

    def stripped(self) -> Self:
        """Without white space around the texts."""
        texts = list(map(str.strip, self.distinct.tolist()))
        return type(self)(codes=self.codes, distinct=pd.Series(texts, dtype="str"))

    def where(self, holds: Callable[[pd.Series], NDArray[np.bool_]]) -> NDArray[np.bool_]:
        """Per row what ``holds`` says of its text."""
        if len(self.distinct) == 0:
            return np.zeros(len(self.codes), dtype=bool)
        said = holds(self.distinct)
        return said[self.codes] if said.any() else np.zeros(len(self.codes), dtype=bool)

    def rows(self, values: Any) -> pd.Series:
        """Text (n,), from one text for each in ``distinct``."""
        if len(self.distinct) == 0:
            return pd.Series("", index=range(len(self.codes)), dtype="str")
        if len(self.distinct) == 1:
            return pd.Series(values[0], index=range(len(self.codes)), dtype="str")
        return pd.Series(np.asarray(values, dtype=object)[self.codes], dtype="str")

    def only(self, kept: NDArray[np.bool_]) -> Self:
        """Empty text in the rows that are not kept, and no text left in ``distinct`` that was only there."""
        if kept.all():
            return self
        used = np.zeros(len(self.distinct), dtype=bool)
        used[self.codes[kept]] = True
        to = np.cumsum(used)
        distinct = ["", *self.distinct[used].tolist()]
        return type(self)(codes=np.where(kept, to[self.codes], 0), distinct=pd.Series(distinct, dtype="str"))

    def at(self, positions: NDArray[np.intp]) -> pd.Series:
        """The texts of some rows."""
        return self.distinct.iloc[self.codes[positions]]

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """Which rows are empty."""
        return self.where(lambda texts: (texts == "").to_numpy(bool))


def _used(codes: NDArray[Any], distinct: pd.Index) -> tuple[NDArray[Any], pd.Index]:
    """Codes and texts without those that no row holds any more."""
    used = np.bincount(codes, minlength=len(distinct)) > 0
    return (codes, distinct) if used.all() else ((np.cumsum(used) - 1)[codes], distinct[used])


class Cells:
    """The recognised columns of a table, stripped, each made when it is asked for."""

    def __init__(self, table: RawTable, columns: Columns) -> None:
        self.n = len(table.rows)
        self._table, self._columns = table, columns
        self._texts: dict[str, Texts] = {}

    def texts(self, role: str) -> Texts:
        """The column that plays a part; empty text when the file has no such column."""
        name = self._columns.get(role)
        if name is None:
            return Texts.empty(self.n)
        if name not in self._texts:
            self._texts[name] = Texts.of(self._raw(name)).stripped()
        return self._texts[name]

    def short(self, role: str, *, longest: int) -> Texts:
        """``texts`` with those of more signs left empty; for a column that hardly repeats and nobody will read."""
        name = self._columns.get(role)
        if name is None:
            return Texts.empty(self.n)
        stripped = list(map(str.strip, self._raw(name).tolist()))
        signs = np.fromiter(map(len, stripped), dtype=np.intp, count=self.n)
        some = np.flatnonzero((signs > 0) & (signs <= longest))
        number, distinct = pd.factorize(np.array([stripped[at] for at in some.tolist()], dtype=object))
        codes = np.zeros(self.n, dtype=np.intp)
        codes[some] = number + 1
        return Texts(codes=codes, distinct=pd.Series(["", *distinct], dtype="str"))

    def series(self, name: str) -> pd.Series:
        """A column row by row; for texts that hardly repeat."""
        return pd.Series(list(map(str.strip, self._raw(name).tolist())), dtype="str")

    def figures(self, name: str) -> Figures:
        """A column of numbers."""
        given = self._table.figures.get(name)
        return given.stripped() if given is not None else Figures.of(self.series(name))

    def _raw(self, name: str) -> pd.Series:
        if name in self._table.figures:
            return self._table.figures[name].series()
        cells = self._table.frame[name]
        return cells if isinstance(cells.dtype, pd.CategoricalDtype) else cells.astype("str").fillna("")
