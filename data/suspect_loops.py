"""The compiled loops of data.suspects: over texts as UTF-8 bytes, in which only ASCII and é and the like are known."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]

DASH, SPACE = 1, 2  # what stands between two groups of letters or digits


@njit(cache=True)
def strange_signs(content: Bytes, begins: Places, ends: Places, strange: NDArray[np.bool_]) -> None:
    """Whether the signs of each text alone ask for the patterns: unknown ones, accounts, numbers or a licence plate."""
    for i in range(len(begins)):
        n_digits = in_number = 0  # in the text; in the current stretch of signs of which telephone numbers are made
        odd = False
        at = begins[i]
        while at < ends[i]:
            sign = content[at]
            if sign >= 128:
                odd = odd or not _is_accented(content, at, ends[i])
                at += 1
                in_number = 0
            elif 48 <= sign <= 57:
                n_digits += 1
                in_number += 1
                odd = odd or in_number >= 6 or n_digits >= 8
            elif sign in (47, 64, 95):  # / @ _
                odd = True
            elif not (sign <= 32 or 40 <= sign <= 46 or sign in (73, 79, 108, 111)):  # ( ) * + , - .  I O l o
                in_number = 0
            at += 1
        strange[i] = odd or (n_digits >= 2 and _has_plate(content, begins[i], ends[i]))


@njit(cache=True)
def _is_accented(content: Bytes, at: int, end: int) -> bool:
    """Whether a letter from À to ÿ begins there."""
    return bool(content[at] == 0xC3 and at + 1 < end and content[at + 1] != 0x97 and content[at + 1] != 0xB7)


@njit(cache=True)
def _kind(sign: int) -> int:
    """0 no ASCII letter or digit, 1 a digit, 2 a small letter, 3 a capital."""
    if 48 <= sign <= 57:
        return 1
    if 97 <= sign <= 122:
        return 2
    return 3 if 65 <= sign <= 90 else 0


@njit(cache=True)
def _has_plate(content: Bytes, begin: int, end: int) -> bool:
    """Whether three groups of one to three letters or digits, six or seven in all, stand as on a plate, or six together.

    Three groups count with a dash or a point between them, or with one space when all letters are capitals.
    """
    # Of the groups before the last one and of the last: size, whether digits, whether no small letter, what is before.
    size, digits, large, joint = (
        np.zeros(3, np.int64),
        np.zeros(3, np.bool_),
        np.zeros(3, np.bool_),
        np.zeros(3, np.int64),
    )
    together = digits_together = 0
    at = begin
    closed = begin
    while at < end:
        kind = _kind(content[at])
        if kind == 0:
            at += 1
            continue
        if at > closed:
            together = digits_together = 0
        for k in range(2):
            size[k], digits[k], large[k], joint[k] = size[k + 1], digits[k + 1], large[k + 1], joint[k + 1]
        joint[2] = _joint(content, closed, at)
        digits[2], large[2] = kind == 1, True
        first = at
        while at < end and _kind(content[at]) != 0 and (_kind(content[at]) == 1) == digits[2]:
            large[2] = large[2] and _kind(content[at]) != 2
            at += 1
        size[2] = at - first
        closed = at
        together += size[2]
        digits_together += size[2] if digits[2] else 0
        goes_on = at < end and _kind(content[at]) != 0
        if not goes_on and together == 6 and 2 <= digits_together < 6:
            return True
        if size.min() >= 1 and size.max() <= 3 and 6 <= size.sum() <= 7 and digits.any() and not digits.all():
            if joint[1] == DASH and joint[2] == DASH:
                return True
            if joint[1] == SPACE and joint[2] == SPACE and large.all():
                return True
    return False


@njit(cache=True)
def _joint(content: Bytes, begin: int, end: int) -> int:
    """DASH: one dash or point, perhaps with a space on either side; SPACE: one space; 0: anything else."""
    if end - begin == 1 and content[begin] == 32:
        return SPACE
    if not 1 <= end - begin <= 3:
        return 0
    n_dashes = 0
    for at in range(begin, end):
        if content[at] in (45, 46):
            n_dashes += 1
        elif content[at] > 32:
            return 0
    return DASH if n_dashes == 1 else 0


@njit(cache=True)
def find_words(  # noqa: PLR0917 compiled loops take flat arrays
    content: Bytes, begins: Places, ends: Places, word_begins: Places, word_ends: Places, n_words: Places
) -> None:
    """The words of each text: letters, with an apostrophe or a dash between letters.

    word_begins, word_ends: one entry per word, text after text; must have room. n_words: one entry per text.
    """
    found = 0
    for i in range(len(begins)):
        before = found
        at = begins[i]
        while at < ends[i]:
            size = _letter(content, at, ends[i])
            if size == 0:
                at += 1
                continue
            word_begins[found] = at
            while size > 0:
                at += size
                size = _letter(content, at, ends[i])
                if size == 0 and at < ends[i] and content[at] in (39, 45):
                    size = _letter(content, at + 1, ends[i])
                    at += size > 0
            word_ends[found] = at
            found += 1
        n_words[i] = found - before


@njit(cache=True)
def _letter(content: Bytes, at: int, end: int) -> int:
    """How many bytes the letter there takes; 0: there is none."""
    if at >= end:
        return 0
    if _kind(content[at]) >= 2:
        return 1
    return 2 if _is_accented(content, at, end) else 0
