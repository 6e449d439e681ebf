"""Ids of the map page's tools: what is asked and undone, looked up, measured and drawn."""

from typing import Final

BORDERS: Final = "borders"  # Store: which borders of areas the map has, services.city.City.borders
PAINT: Final = "areas-paint"  # in its data-paint: the areas' colours and texts, layers.web.paint as JSON
FOLLOW: Final = "follow"  # Store: [id, {property: value}] of every control that follows the address or another
ASKED: Final = "asked"  # Store: the address's query without what is looked at; what the view is made from
UNDO: Final = "undo"
SEARCH: Final = "search-place"
PLACE: Final = "place"  # Store: the place that was looked up, as assets/kaart.js marks it; None for none
PLACE_BOX: Final = "place-box"
RADIUS: Final = "place-radius"
CIRCLE: Final = "place-circle"
MEASURE: Final = "tool-measure"
DRAW: Final = "tool-draw"
TOOL: Final = "tool"  # what the tool in use asks and says; its sentences are data attributes, for assets/kaart.js
POINTS: Final = "drawn-points"  # Store: [[lat, lon], …] of a polygon that was just drawn
SHAPE: Final = "shape"  # Store: the text of the shape in the address, "" for none
OUTLINE: Final = "shape-outline"  # Store: the shape as [[lat, lon], …], None for none

PART: Final = "f-part"
LIGHT: Final = "f-light"
SCHOOL: Final = "f-school"
