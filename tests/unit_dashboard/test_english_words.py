"""English that was once wrong: words that serve two places, and words that say the opposite of what is drawn."""

import pytest

from dashboard import i18n
from dashboard.i18n import _


@pytest.mark.parametrize(
    ("dutch", "english"),
    [
        ("niet aantoonbaar", "not significant"),  # the class is drawn: "not shown" denied it
        ("Toetsen", "Test"),  # a button
        ("Bezig met toetsen", "Testing"),  # how far it is
        ("Andere vragen aan deze meldingen", "Other questions about these reports"),
    ],
)
def test_english_says_what_the_dutch_says_where_it_stands(dutch, english):
    with i18n.use("en"):
        assert _(dutch) == english
