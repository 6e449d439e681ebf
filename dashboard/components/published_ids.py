"""Ids of the page with published figures."""

from typing import Final

URL: Final = "p-url"
OPENED: Final = "p-opened"  # Store: there as soon as the page is, so that the first view is made
WINDOW: Final = "p-window"
START: Final = "p-start"
GEOGRAPHY: Final = "p-geography"
BREAKDOWN: Final = "p-breakdown"
LEGEND: Final = "p-legend"
FIGURES: Final = "p-figures"
SENTENCE: Final = "p-sentence"
WHY: Final = "p-why"
TABLE: Final = "p-table"
PLACES: Final = "p-places"
RULE: Final = "p-rule"
BUSY: Final = "p-busy"
AREAS: Final = "published-areas"  # layers
HOTSPOTS: Final = "published-hotspots"
