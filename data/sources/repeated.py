"""Columns of text out of a large file: one in which the same texts come again and again, and one in which they do not."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sources.figures import unquoted

_MOST: Final = 1 << 18  # distinct cells; a hash table four times as wide stays nearly free of collisions
_LINE_END, _QUOTE = ord("\n"), b'"'
_REPEATING: Final = 0.5  # this share of distinct cells in the first block, or fewer


class RepeatedReader:
    """Gathers one column's cells, a block at a time; ``content``: the whole text as UTF-8 bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = np.frombuffer(content, dtype=np.uint8)
        self._slots = np.zeros(4 * _MOST, dtype=np.int32)
        self._seen = np.zeros((_MOST, 2), dtype=np.int64)
        self._known = 0
        self._codes: list[NDArray[np.int32]] = []

    def add(self, begins: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
        """Take the cells of a block, by their places in the content; False: the column does not repeat itself enough."""
        from data.sources.loops import number_texts  # noqa: PLC0415 a small file need not wait for the compiler

        codes = np.empty(len(begins), dtype=np.int32)
        known = number_texts(self._content, begins, ends, self._slots, self._seen, self._known, codes)
        if known < 0 or (not self._codes and self._hardly_repeats(begins, ends, known)):
            return False
        self._known = known
        self._codes.append(codes)
        return True

    def _hardly_repeats(self, begins: NDArray[np.int64], ends: NDArray[np.int64], known: int) -> bool:
        """Of the first block: whether most cells are distinct, or most that hold anything and the file has too many."""
        if known <= max(1, _REPEATING * int((ends > begins).sum())):
            return False
        blocks = len(self._content) / max(1, int(ends[-1] - begins[0]))
        return known > _REPEATING * len(begins) or known * blocks > _MOST

    def texts(self) -> list[str]:
        """All cells gathered, row by row."""
        distinct = np.array([*self._distinct(), None], dtype=object)
        return list(distinct[np.concatenate(self._codes)].tolist()) if self._codes else []

    def series(self) -> pd.Series:
        """All cells as a category of str."""
        texts = self._distinct()
        distinct = list(dict.fromkeys(texts))
        codes = np.concatenate(self._codes)
        if len(distinct) < len(texts):  # one text, with and without quotes
            at = {text: i for i, text in enumerate(distinct)}
            codes = np.array([at[text] for text in texts], dtype=np.int32)[codes]
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype="str")))

    def _distinct(self) -> list[str]:
        begins, ends = (column.tolist() for column in self._seen[: self._known].T)  # lists of pairs wake the collector
        return [unquoted(self._content[begin:end].tobytes()) for begin, end in zip(begins, ends, strict=True)]


class TextReader:
    """Gathers one column's cells as they are, a block at a time."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def add(self, content: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        """Take the cells of a block of UTF-8 text."""
        from data.sources.loops import compact  # noqa: PLC0415 a small file need not wait for the compiler

        joined = np.empty(int((ends - begins).sum()) + len(begins), dtype=np.uint8)
        compact(content, begins, ends, _LINE_END, joined)
        cells = joined.tobytes()
        if _QUOTE in cells:  # then a cell may hold a line end
            self._texts += [
                unquoted(content[b:e].tobytes()) for b, e in zip(begins.tolist(), ends.tolist(), strict=True)
            ]
        else:
            self._texts += cells.decode("utf-8").split("\n")[:-1]

    def series(self) -> pd.Series:
        """All cells as str."""
        return pd.Series(self._texts, dtype="str")
