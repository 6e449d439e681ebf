"""Figures: a column of plain numbers kept as numbers, from which the text of every cell can be had back to the letter."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ODD: Final = -1  # decimals of a cell that is no plain number
_MOST_ODD: Final = 0.25  # beyond this share of a block a column is text


@dataclass(frozen=True, kw_only=True)
class Figures:
    """n cells. A plain one is ``values`` written with ``decimals`` decimals; the texts of the others are kept.

    values: float64, NaN where odd. decimals: int8, ODD where odd. mark: "." or ",". odd: sorted positions.
    """

    values: NDArray[np.float64]
    decimals: NDArray[np.int8]
    mark: str
    odd: NDArray[np.intp]
    odd_texts: NDArray[np.object_]

    @classmethod
    def of(cls, cells: pd.Series) -> Self:
        """A column of text, none of it taken for a plain number."""
        n = len(cells)
        return cls(
            values=np.full(n, np.nan),
            decimals=np.full(n, ODD, dtype=np.int8),
            mark=".",
            odd=np.arange(n),
            odd_texts=cells.to_numpy(object),
        )

    def __len__(self) -> int:
        """The number of cells."""
        return len(self.values)

    def at(self, positions: NDArray[np.intp]) -> pd.Series:
        """The cells at some positions as they stood."""
        decimals, place = self.decimals[positions], np.searchsorted(self.odd, positions)
        texts = [
            self.odd_texts[p] if d == ODD else f"{v:.{d}f}"
            for v, d, p in zip(self.values[positions].tolist(), decimals.tolist(), place.tolist(), strict=True)
        ]
        if self.mark != ".":
            texts = [
                t if d == ODD else t.replace(".", self.mark) for t, d in zip(texts, decimals.tolist(), strict=True)
            ]
        return pd.Series(texts, dtype="str")

    def equal(self, positions: NDArray[np.intp], text: str) -> NDArray[np.bool_]:
        """Which cells at some positions hold exactly this text."""
        said = self.decimals[positions] == ODD if not text[-1:].isdigit() else np.ones(len(positions), dtype=bool)
        said[said] = (self.at(positions[said]) == text).to_numpy(bool)
        return said

    def series(self) -> pd.Series:
        """All cells as they stood."""
        return self.at(np.arange(len(self)))

    def stripped(self) -> Self:
        """Without white space around the cells."""
        texts = np.array([text.strip() for text in self.odd_texts.tolist()], dtype=object)
        return replace(self, odd_texts=texts)

    def take(self, positions: NDArray[np.intp]) -> Self:
        """The cells at these positions, none twice, in their order."""
        to = np.full(len(self), -1, dtype=np.intp)
        to[positions] = np.arange(len(positions))
        kept = np.flatnonzero(to[self.odd] >= 0)
        kept = kept[np.argsort(to[self.odd[kept]])]
        return type(self)(
            values=self.values[positions],
            decimals=self.decimals[positions],
            mark=self.mark,
            odd=to[self.odd[kept]],
            odd_texts=self.odd_texts[kept],
        )


class FiguresReader:
    """Gathers one column's cells, a block at a time."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.n = 0
        self._values: list[NDArray[np.float64]] = []
        self._decimals: list[NDArray[np.int8]] = []
        self._odd: list[int] = []
        self._odd_texts: list[str] = []

    def add(self, content: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
        """Take the cells of a block of UTF-8 text; False: too many of them are no plain numbers."""
        values, decimals = plain(content, begins, ends, self.mark)
        odd = np.flatnonzero(decimals == ODD)
        if len(odd) > _MOST_ODD * len(values):
            return False
        for i in odd.tolist():
            self._odd.append(self.n + i)
            self._odd_texts.append(unquoted(content[begins[i] : ends[i]].tobytes()))
        self._values.append(values)
        self._decimals.append(decimals)
        self.n += len(values)
        return True

    def texts(self) -> list[str]:
        """All cells gathered, as they stood."""
        return list(self.figures().series().tolist()) if self.n else []

    def skip(self, texts: list[str]) -> None:
        """Cells that are not to be read as numbers."""
        self._odd += range(self.n, self.n + len(texts))
        self._odd_texts += texts
        self._values.append(np.full(len(texts), np.nan))
        self._decimals.append(np.full(len(texts), ODD, dtype=np.int8))
        self.n += len(texts)

    def series(self) -> pd.Series:
        """The numbers gathered."""
        return pd.Series(self.figures().values, copy=False)

    def figures(self) -> Figures:
        """Everything gathered, the numbers as one array however often they are asked for."""
        if len(self._values) > 1:
            self._values = [np.concatenate(self._values)]
        return Figures(
            values=self._values[0],
            decimals=np.concatenate(self._decimals),
            mark=self.mark,
            odd=np.array(self._odd, dtype=np.intp),
            odd_texts=np.array(self._odd_texts, dtype=object),
        )


def plain(
    content: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64], mark: str
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """The number and the decimals of each cell that is plain: digits, perhaps a minus, perhaps a mark and decimals.

    At most nine digits before the mark and fifteen in all, nothing that would be lost when it is written again. The
    number is the one nearest to what is written, as ``float`` gives it.
    """
    from data.sources.loops import read_numbers  # noqa: PLC0415 a file of a few kilobytes need not wait for the compiler

    content = content.view()
    content.flags.writeable = False  # else the compiler makes one loop for each kind
    values = np.empty(len(begins))
    decimals = np.empty(len(begins), dtype=np.int8)
    read_numbers(content, begins, ends, ord(mark), values, decimals)
    return values, decimals


def column_mark(content: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> str:
    """The decimal mark under which nearly all cells are plain numbers and most have decimals; "" when there is none."""
    for mark in (".", ","):
        _, decimals = plain(content, begins, ends, mark)
        if (decimals == ODD).mean() <= _MOST_ODD and (decimals > 0).mean() > 0.5:
            return mark
    return ""


def unquoted(cell: bytes) -> str:
    """The text of a field of UTF-8, its quotes opened."""
    text = cell.decode("utf-8")
    return text[1:-1].replace('""', '"') if text.startswith('"') else text
