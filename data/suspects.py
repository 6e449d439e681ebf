"""Which of many texts may hold somebody at all: a quick look over their bytes, so that most need no closer one.

It may be wrong one way only. A text that is called CLEAN is one in which no pattern of data.identifier_patterns matches
and no word asks for data.personal_names (data.name_words); a NAMED one is free of the former. The tests hold this against the masks.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.identifier_patterns import ENOUGH, cue
from data.name_words import asks_first, asks_later

CLEAN, NAMED, STRANGE = 0, 1, 2

_AT_ONCE: Final = 20_000  # texts
_MOST: Final = 1 << 17  # distinct words of so many texts; of more they are all STRANGE


def suspects(texts: list[str]) -> NDArray[np.uint8]:
    """CLEAN, NAMED or STRANGE for every text."""
    parts = [_look(texts[at : at + _AT_ONCE]) for at in range(0, len(texts), _AT_ONCE)]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.uint8)


def _look(texts: list[str]) -> NDArray[np.uint8]:
    from data.sources.loops import number_texts  # noqa: PLC0415 a small file need not wait for the compiler
    from data.suspect_loops import find_words, strange_signs  # noqa: PLC0415 the same

    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    content = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
    begins = np.concatenate([[0], ends[:-1]])
    strange = np.empty(len(texts), dtype=bool)
    strange_signs(content, begins, ends, strange)
    word_begins, word_ends = np.empty((2, len(content) // 2 + len(texts)), dtype=np.int64)
    n_words = np.empty(len(texts), dtype=np.int64)
    find_words(content, begins, ends, word_begins, word_ends, n_words)
    n = int(n_words.sum())
    codes = np.empty(n, dtype=np.int32)
    seen = np.empty((_MOST, 2), dtype=np.int64)
    known = number_texts(content, word_begins[:n], word_ends[:n], np.zeros(4 * _MOST, np.int32), seen, 0, codes)
    if known < 0:
        return np.full(len(texts), STRANGE, dtype=np.uint8)
    words = [content[begin:end].tobytes().decode("utf-8") for begin, end in seen[:known].tolist()]
    return _judged(strange, n_words, codes, words)


def _judged(
    strange: NDArray[np.bool_], n_words: NDArray[np.int64], codes: NDArray[np.int32], words: list[str]
) -> NDArray[np.uint8]:
    stops = np.cumsum(n_words)
    starts = stops - n_words

    def per_text(figures: list[int]) -> NDArray[np.int64]:
        sums = np.concatenate([[0], np.cumsum(np.array(figures, dtype=np.int64)[codes])])
        return np.asarray(sums[stops] - sums[starts])

    strange |= per_text([cue(word) for word in words]) >= ENOUGH
    first, later = ([int(asks(word)) for word in words] for asks in (asks_first, asks_later))
    named = per_text(later)
    some = np.flatnonzero(n_words)
    opening = codes[starts[some]]
    named[some] += np.array(first, dtype=np.int64)[opening] - np.array(later, dtype=np.int64)[opening]
    return np.where(strange, STRANGE, np.where(named > 0, NAMED, CLEAN)).astype(np.uint8)
