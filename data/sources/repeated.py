"""Repeated texts: a column in which the same texts come again and again, each of them read once."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.sources.figures import unquoted

_MOST: Final = 1 << 18  # distinct cells; a hash table four times as wide stays nearly free of collisions
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
        if known < 0 or (not self._codes and known > max(1, _REPEATING * len(begins))):
            return False
        self._known = known
        self._codes.append(codes)
        return True

    def series(self) -> pd.Series:
        """All cells as a category of str."""
        places = self._seen[: self._known].tolist()
        texts = [unquoted(self._content[begin:end].tobytes()) for begin, end in places]
        distinct = list(dict.fromkeys(texts))
        codes = np.concatenate(self._codes)
        if len(distinct) < len(texts):  # one text, with and without quotes
            at = {text: i for i, text in enumerate(distinct)}
            codes = np.array([at[text] for text in texts], dtype=np.int32)[codes]
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype="str")))
