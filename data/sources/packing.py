"""The columns of a large file, packed: plain numbers as numbers, texts that repeat once, other texts as they are."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sources.figures import Figures, FiguresReader, column_mark
from data.sources.regular import Block
from data.sources.repeated import RepeatedReader, TextReader


class Packer:
    """Gathers regular blocks. The first one says what each column may be; what turns out otherwise becomes text."""

    def __init__(self, content: bytes, fields: int) -> None:
        self._content = content
        self._places = range(fields)
        self._begun = False
        self._figures: dict[int, FiguresReader] = {}
        self._repeated: dict[int, RepeatedReader] = {}
        self._texts: dict[int, TextReader] = {}

    def add(self, chunk: NDArray[np.uint8], block: Block, start: int) -> None:
        """Take the records of a block, which starts at ``start`` in the content."""
        if not self._begun:
            marks = {at: column_mark(chunk, *block.edges(at)) for at in self._places}
            self._figures = {at: FiguresReader(mark) for at, mark in marks.items() if mark}
            self._repeated = {at: RepeatedReader(self._content) for at, mark in marks.items() if not mark}
            self._begun = True
        for at in self._places:
            begins, ends = block.edges(at)
            if at in self._figures and not self._figures[at].add(chunk, begins, ends):
                self._texts[at] = TextReader(self._figures.pop(at).texts())
            elif at in self._repeated and not self._repeated[at].add(begins + start, ends + start):
                self._texts[at] = TextReader(self._repeated.pop(at).texts())
            if at in self._texts:
                self._texts[at].add(chunk, begins, ends)

    def add_others(self, cells: list[str]) -> None:
        """Take cells, record after record, that come behind all others; their columns of numbers are kept here."""
        for at, column in self._figures.items():
            column.skip(cells[at :: len(self._places)])

    def frame(self) -> pd.DataFrame:
        """Every column by its place; of a column of numbers the numbers."""
        readers: dict[int, FiguresReader | RepeatedReader | TextReader] = {
            **self._figures,
            **self._repeated,
            **self._texts,
        }
        return pd.DataFrame({at: readers[at].series() for at in self._places}, copy=False)

    def figures(self) -> dict[int, Figures]:
        """The columns of numbers."""
        return {at: column.figures() for at, column in self._figures.items()}


def is_blank(columns: Iterable[pd.Series], n: int) -> NDArray[np.bool_]:
    """Which of n rows hold nothing but white space."""
    blank = np.ones(n, dtype=bool)
    for cells in columns:
        if blank.any():
            blank &= np.array([not text or text.isspace() for text in cells.tolist()], dtype=bool)
    return blank
