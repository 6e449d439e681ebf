"""The quick look at many texts: it may send too many on to the masks, never too few."""

import random

import numpy as np
import pandas as pd
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import suspects as looks
from data.identifier_patterns import mask_patterns
from data.identifiers import _WORDS, mask, mask_text
from data.name_words import may_name
from data.personal_names import mask_names
from data.suspects import CLEAN, NAMED, STRANGE, suspects
from tests.benchmarks.files import texts as bench_texts
from tests.unit_data.test_identifiers import BARE, CUED, HARMLESS, LISTED, SURNAMES, UNLISTED

PIECES = st.sampled_from(
    [
        *(
            "12",
            "06",
            "6",
            "1",
            "123",
            "AB",
            "ab",
            "xx",
            "X",
            "O",
            "oo",
            "lI",
            "31",
            "2025",
            "4",
            "99",
            "Ab1",
            "A1B2C3",
        ),
        *(
            " ",
            " ",
            " ",
            "-",
            ".",
            ". ",
            " - ",
            "/",
            "_",
            "@",
            "(",
            ")",
            "+",
            ",",
            "'",
            "’",
            "\n",
            "\t",
            "\x1c",
            "–",
            "\u200b",
        ),
        *(
            "Sanne",
            "sanne",
            "Fedde",
            "van",
            "de",
            "Vries",
            "vriend",
            "heet",
            "dr",
            "Dr",
            "J",
            "een",
            "op",
            "de",
            "Voorstraat",
        ),
        *(
            "at",
            "apenstaart",
            "insta",
            "snap",
            "politiek",
            "ig",
            "fb",
            "account",
            "kenteken",
            "nul",
            "zes",
            "drie",
            "tig",
        ),
        *("é", "É", "ë", "ç", "×", "÷", "ÿ", "À", "ﬁ", "６", "😀", "\ud800", "ſ", "ı", "Ω", "café", "naïef", "ß", "İ"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30)


def missed(texts):
    """The texts of which the quick look says more than is true."""
    looks = dict(zip(texts, suspects(texts).tolist(), strict=True))
    clean = [text for text, look in looks.items() if look == CLEAN and mask_text(text) != (text, False)]
    named = [text for text, look in looks.items() if look == NAMED and mask_patterns(text) != text]
    return clean + named + [t for t, look in looks.items() if look == NAMED and mask_text(t) != mask_names(t)]


@settings(max_examples=400, deadline=None)  # the first example compiles
@given(st.lists(TEXTS, max_size=8))
@example(["12-AB-34"])
@example(["AB 12 CD"])
@example(["AB12CD x"])
@example(["1-ABC-234."])
@example(["xé12-AB-34"])
@example(["0 6-1 2 3 4 5 6 7 8"])
@example(["1234567"])
@example(["o6l2l4l6l8"])
def test_what_is_passed_over_holds_nobody(texts):
    assert missed(texts) == []


def test_what_is_passed_over_holds_nobody_among_planted_people():
    rng = random.Random(4)
    people = [*LISTED, *UNLISTED, *SURNAMES]
    made = []
    for _ in range(4_000):
        text = " ".join(rng.sample([*CUED, *BARE, *HARMLESS], rng.randint(1, 3)))
        while "{}" in text:
            text = text.replace("{}", rng.choice(people), 1)
        if rng.random() < 0.3:
            text = rng.choice([str.upper, str.lower])(text)
        made.append("".join(c if rng.random() > 0.03 else rng.choice(" .,'’-\n:;()[]AB16o") for c in text))
    assert missed(made) == []


def test_most_texts_of_an_office_are_passed_over():
    made = bench_texts(3_000, np.random.default_rng(2))
    assert missed(made) == []
    assert (suspects(made) == CLEAN).mean() > 0.7


def test_many_texts_are_masked_as_each_by_itself(monkeypatch):
    made = [*bench_texts(2_500, np.random.default_rng(3)), "", *BARE, *HARMLESS]
    each = [mask_text(text) for text in made]
    monkeypatch.setattr(looks, "_AT_ONCE", 700)  # several batches
    masked, doubtful = mask(pd.Series(made, dtype="str"))
    assert masked.tolist() == [text for text, _ in each]
    assert doubtful.tolist() == [doubt for _, doubt in each]
    patterns_only, _ = mask(pd.Series(made, dtype="str"), names=False)
    assert patterns_only.tolist() == [mask_patterns(text) for text in made]


def test_more_words_than_there_is_room_for_are_all_looked_at(monkeypatch):
    monkeypatch.setattr(looks, "_MOST", 16)
    made = [f"woord{chr(97 + i)} op de straat" for i in range(20)]
    assert set(suspects(made).tolist()) == {STRANGE}
    assert suspects([]).tolist() == [] and suspects(["", "..."]).tolist() == [CLEAN, CLEAN]


def test_where_no_name_may_be_none_is_found():
    rng = random.Random(5)
    small = [name.lower() for name in LISTED]
    around = [
        "ik",
        "ben",
        "ene",
        "man",
        "zus",
        "is",
        "heet",
        "van",
        "de",
        "Voorstraat",
        "Lange",
        "jan",
        "Vries",
        "J.",
        "12",
        "zei",
    ]
    passed = 0
    for _ in range(20_000):
        words = [rng.choice(rng.choice([LISTED, UNLISTED, small, around, around])) for _ in range(rng.randint(1, 6))]
        text = rng.choice([" ", " ", ", ", ". ", "-", ": "]).join(words)
        if not may_name(_WORDS.findall(text)):
            passed += 1
            assert mask_names(text) == (text, False), text
    assert passed > 1_000
