"""The sources of the demo city read in both languages, and nobody's own source is touched."""

from dashboard import i18n
from dashboard.source_words import OWN, in_words
from data.demo.city import SCHEMATIC


def test_our_own_words_are_translated_and_what_a_source_prescribes_stays():
    assert SCHEMATIC in OWN
    line = f"{SCHEMATIC} (CBS/Kadaster 2023, CC BY 4.0)"
    assert in_words(line) == line
    with i18n.use("en"):
        assert (
            in_words(line)
            == "Drawn schematically from CBS facts; not official boundaries (CBS/Kadaster 2023, CC BY 4.0)"
        )
        assert in_words("Kadaster, BAG, publiek domein") == "Kadaster, BAG, publiek domein"
