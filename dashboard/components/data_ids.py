"""Ids of the page Gegevens."""

from typing import Final

URL: Final = "data-url"  # Location: its query says which part is open, and which import
TABS: Final = "data-tabs"
VERSION: Final = "data-changes"  # Store: counts what was changed on this page, so that the lists are made again

DROP: Final = "data-drop"
DROP_BUSY: Final = "data-drop-busy"
KEY: Final = "data-key"  # Store: what the server calls the dropped file
FOUND: Final = "data-found"  # the columns, and what to do with them
ROLE: Final = "data-role"  # a select a column: {"type", "id": position}
SWAP: Final = "data-swap"
READ: Final = "data-read"  # the first rows as they are read
SOURCE: Final = "data-source"
START: Final = "data-start"
FORGET: Final = "data-forget"
SAID: Final = "data-said"
JOB: Final = "data-job"  # Store: id of the import that is going on, or ""
CLOCK: Final = "data-clock"
STATUS: Final = "data-status"
STOP: Final = "data-stop"
REPORT: Final = "data-report"
REPORT_ROWS: Final = "data-report-rows"
REASON: Final = "data-reason"  # which rows of the report are shown
CSV: Final = "data-csv"
FILE: Final = "data-file"

QUARANTINE: Final = "data-quarantine"
IMPORT: Final = "data-import"  # which import's rows are listed
ROWS: Final = "data-rows"
ROW_OPEN: Final = "data-row-open"  # {"type", "id": "import-row"}
ROW: Final = "data-row"  # the dialog over one row
ROW_WHICH: Final = "data-row-which"
ROW_BODY: Final = "data-row-body"
ROW_SAID: Final = "data-row-said"
ROW_WHY: Final = "data-row-why"  # what was wrong when the dialog was opened
ROW_DONE: Final = "data-row-done"  # said on the page once the dialog is closed
CELL: Final = "data-cell"  # {"type", "id": role}
NOTE: Final = "data-note"
OFFER: Final = "data-offer"
DISCARD: Final = "data-discard"

REVIEW: Final = "data-review"

LAYERS: Final = "data-layers"
LAYER_WHAT: Final = "data-layer-what"
LAYER_SOURCE: Final = "data-layer-source"
LAYER_CRS: Final = "data-layer-crs"
LAYER_TITLE: Final = "data-layer-title"
LAYER_FILE: Final = "data-layer-file"
LAYER_NAME: Final = "data-layer-name"  # which file was chosen
LAYER_MAKE: Final = "data-layer-make"
LAYER_SAID: Final = "data-layer-said"

CALENDAR: Final = "data-calendar"
ENTRY_ADD: Final = "data-entry-add"
ENTRY_OPEN: Final = "data-entry-open"  # {"type", "id": number}
ENTRY: Final = "data-entry"
ENTRY_WHICH: Final = "data-entry-which"  # Store: number of the line, 0 for a new one
ENTRY_KIND: Final = "data-entry-kind"
ENTRY_NAME: Final = "data-entry-name"
ENTRY_FIRST: Final = "data-entry-first"
ENTRY_LAST: Final = "data-entry-last"
ENTRY_FACTOR: Final = "data-entry-factor"
ENTRY_KEEP: Final = "data-entry-keep"
ENTRY_REMOVE: Final = "data-entry-remove"
ENTRY_SAID: Final = "data-entry-said"
ENTRY_DONE: Final = "data-entry-done"
