"""Component ids, so that layout and callbacks cannot drift apart."""

from typing import Final

URL: Final = "url"
VERSION: Final = "data-version"  # Store: counts the imports made on this page, so that the view is made again
CHOSEN: Final = "chosen"  # Store: id of the chosen hotspot, or ""
LOOK: Final = "look"  # Store: what the map should show: {area, bounds, hotspots: {id: bounds}}
BUSY: Final = "busy"
ALARM: Final = "alarm"  # where a failure is told

MAP: Final = "map"
MAP_BOX: Final = "map-box"
LEGEND: Final = "legend"
NOTICE: Final = "notice"
LAYERS: Final = "layers-on"

BADGE: Final = "badge"
FIGURES: Final = "figures"
SENTENCE: Final = "sentence"
TABLE: Final = "table"
DETAIL: Final = "detail"
DETAIL_CLOSE: Final = "detail-close"
CERTAINTY: Final = "certainty"  # part of the explanation that is filled in once the test is done
SPOKEN: Final = "spoken"  # aria-live: what was chosen

PRESET: Final = "f-preset"
DATES: Final = "f-dates"
HOURS: Final = "f-hours"
WRAP: Final = "f-wrap"
HOURS_TEXT: Final = "f-hours-text"
WEEKDAYS: Final = "f-weekdays"
CATEGORIES: Final = "f-categories"
AREA: Final = "f-area"
SHADE: Final = "f-shade"
EPS: Final = "f-eps"
MIN: Final = "f-min"
ADVICE: Final = "f-advice"
FILTER_BUTTON: Final = "filter-button"
FILTER_CLOSE: Final = "filter-close"
FILTERS: Final = "filters"

UPLOAD: Final = "upload"
UPLOAD_OPEN: Final = "upload-open"
UPLOAD_MODAL: Final = "upload-modal"
UPLOAD_BUSY: Final = "upload-busy"
UPLOAD_REPORT: Final = "upload-report"
UPLOAD_SWAP: Final = "upload-swap"
UPLOAD_ROWS: Final = "upload-rows"
UPLOAD_CSV: Final = "upload-csv"
UPLOAD_FILE: Final = "upload-file"

EXPORT_OPEN: Final = "export-open"
EXPORT_MODAL: Final = "export-modal"
EXPORT_FORMAT: Final = "export-format"
EXPORT_PAPER: Final = "export-paper"
EXPORT_PURPOSE: Final = "export-purpose"
EXPORT_RECIPIENT: Final = "export-recipient"
EXPORT_PERIOD: Final = "export-period"
EXPORT_MAKE: Final = "export-make"
EXPORT_SAID: Final = "export-said"
EXPORT_FILE: Final = "export-file"
