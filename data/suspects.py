"""Which of many texts may hold somebody at all: a quick look over their bytes, so that most need no closer one.

It may be wrong one way only. A text that is called CLEAN is one in which no pattern of data.identifier_patterns matches
and no word asks for data.personal_names (data.name_words); a NAMED one is free of the former. The tests hold this against the masks.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from data.identifier_patterns import ENOUGH, cue
from data.name_words import STREET, announced, announces, asks_first, asks_later, kind

CLEAN, NAMED, STRANGE = 0, 1, 2

Bools = NDArray[np.bool_]

_GAPS: Final = np.frombuffer(b" .-", dtype=np.uint8)  # two together are two spaces, or a point and a space
_GLUED: Final = np.frombuffer(b"0123456789_", dtype=np.uint8)
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
    content = np.frombuffer(b"\n".join(encoded), dtype=np.uint8)
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)) + 1) - 1
    begins = np.concatenate([[0], ends[:-1] + 1])
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
    before_street = _before_street(content, word_begins[:n], word_ends[:n], codes, words)
    return _judged(strange, n_words, codes, words, before_street)


def _before_street(
    content: NDArray[np.uint8],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    codes: NDArray[np.int32],
    words: list[str],
) -> Bools:
    """Which words have a capital and a street right behind them, so that no name starts there ("Lange Geldersekade").

    The last word of one text and the first of the next are never that: a line end stands between them.
    """
    large = np.array([word[0].isupper() for word in words], dtype=bool)[codes]
    street = np.array([bool(kind(word) & STREET) for word in words], dtype=bool)[codes] & large
    found = np.zeros(len(codes), dtype=bool)
    at = np.flatnonzero(large[:-1] & street[1:])
    signs = np.append(content, np.zeros(2, dtype=np.uint8))
    one, two, behind = signs[ends[at]], signs[ends[at] + 1], signs[ends[at + 1]]
    gap = begins[at + 1] - ends[at]
    near = ((gap == 1) & np.isin(one, _GAPS)) | ((gap == 2) & np.isin(one, _GAPS[:2]) & (two == _GAPS[0]))
    found[at] = near & ~np.isin(behind, _GLUED)
    return found


def _judged(
    strange: Bools, n_words: NDArray[np.int64], codes: NDArray[np.int32], words: list[str], before_street: Bools
) -> NDArray[np.uint8]:
    stops = np.cumsum(n_words)
    starts = stops - n_words

    def per_text(figures: NDArray[Any]) -> NDArray[np.int64]:
        sums = np.concatenate([[0], np.cumsum(figures, dtype=np.int64)])
        return np.asarray(sums[stops] - sums[starts])

    strange |= per_text(np.array([cue(word) for word in words])[codes]) >= ENOUGH
    first, later = (np.array([asks(word) for word in words], dtype=bool)[codes] for asks in (asks_first, asks_later))
    later &= ~before_street
    before, after = (np.array([is_(word) for word in words], dtype=bool)[codes] for is_ in (announces, announced))
    later[1:] |= before[:-1] & after[1:]
    opening = starts[n_words > 0]
    later[opening] = first[opening]
    named = per_text(later)
    return np.where(strange, STRANGE, np.where(named > 0, NAMED, CLEAN)).astype(np.uint8)
