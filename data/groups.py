"""Category groups: eleven kinds are too many for counts that must rest on several reports each."""

from typing import Final

from data.categories import CATEGORIES
from geo.ledger import OTHER, SEVERAL

WORDS: Final = "words"  # looked at, called after, insulted: at a distance
FOLLOWING: Final = "following"  # followed, cornered
TOUCHING: Final = "touching"  # touched, threatened

GROUP_OF: Final[dict[str, str]] = {
    "nastaren": WORDS,
    "naroepen": WORDS,
    "nafluiten": WORDS,
    "nasissen": WORDS,
    "seksuele opmerkingen": WORDS,
    "uitschelden": WORDS,
    "achtervolgen": FOLLOWING,
    "in het nauw drijven": FOLLOWING,
    "aanraken": TOUCHING,
    "bedreigen": TOUCHING,
    "anders": OTHER,
}
GROUPS: Final = (WORDS, FOLLOWING, TOUCHING, SEVERAL, OTHER)

if set(GROUP_OF) != set(CATEGORIES):  # a new category must be given a group before anything is counted
    raise RuntimeError("every category has one group")
