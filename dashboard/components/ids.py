"""Component ids, so that layout and callbacks cannot drift apart."""

from typing import Final

WHERE: Final = "where"  # Location of every page: which page it is
HEADER: Final = "page-header"
MAIN: Final = "page-main"
BESIDE: Final = "page-beside"  # a page's dialogs and stores

URL: Final = "url"  # Location of the map: its query is the view
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
PORTRAIT: Final = "portrait"  # part of the explanation that is filled in once its figures are there
DOUBTS: Final = "doubts"
PARAGRAPH: Final = "paragraph"  # part of the explanation that is filled in once the test is done
SPOKEN: Final = "spoken"  # aria-live: what was chosen

EVIDENCE_OPEN: Final = "evidence-open"  # all buttons that open the dialog: {"type", "id"}
EVIDENCE_MODAL: Final = "evidence-modal"
EVIDENCE_ADVICE: Final = "evidence-advice"
EVIDENCE_TESTS: Final = "evidence-tests"
EVIDENCE_NULL: Final = "evidence-null"
EVIDENCE_RUNS: Final = "evidence-runs"
EVIDENCE_SEED: Final = "evidence-seed"
EVIDENCE_START: Final = "evidence-start"
EVIDENCE_JOB: Final = "evidence-job"  # Store: id of the job that is looked at, or ""
EVIDENCE_CLOCK: Final = "evidence-clock"  # Interval: runs while a job does
EVIDENCE_STATUS: Final = "evidence-status"
EVIDENCE_CANCEL: Final = "evidence-cancel"
QUESTION_TOPIC: Final = "question-topic"
QUESTION_START: Final = "question-start"
QUESTION_JOB: Final = "question-job"  # Store: id of the job that is looked at, or ""
QUESTION_CLOCK: Final = "question-clock"  # Interval: runs while a job does
QUESTION_STATUS: Final = "question-status"
QUESTION_CANCEL: Final = "question-cancel"
QUESTION_ANSWER: Final = "question-answer"
CHAINED: Final = "chained"  # over the map: the setting strings places together
PATCHES: Final = "patches"  # what stands out on the grid, as a table

PRESET: Final = "f-preset"
DATES: Final = "f-dates"
HOURS: Final = "f-hours"
WRAP: Final = "f-wrap"
HOURS_TEXT: Final = "f-hours-text"
WEEKDAYS: Final = "f-weekdays"
CATEGORIES: Final = "f-categories"
AREA: Final = "f-area"
SHADE: Final = "f-shade"
PICTURE: Final = "f-picture"  # what the map is drawn from
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

REVIEW_OPEN: Final = "review-open"
REVIEW_MODAL: Final = "review-modal"
REVIEW_SAID: Final = "review-said"
REVIEW_BODY: Final = "review-body"
REVIEW_TABS: Final = "review-tabs"
REVIEW_ROWS: Final = "review-rows"  # by reason, or "decisions"
REVIEW_NOTE: Final = "review-note"
REVIEW_KEEP: Final = "review-keep"
REVIEW_UNDO: Final = "review-undo"
REVIEW_WORDS: Final = "review-words"  # by report
REVIEW_MASK: Final = "review-mask"
REVIEW_CLEAR: Final = "review-clear"

DEVELOPMENT_URL: Final = "development-url"  # Location of the page Ontwikkeling: its query is what is compared
DEVELOPMENT_PRESET: Final = "development-preset"
DEVELOPMENT_BEFORE: Final = "development-before"
DEVELOPMENT_AFTER: Final = "development-after"
DEVELOPMENT_PER: Final = "development-per"
DEVELOPMENT_PICTURE: Final = "development-picture"
DEVELOPMENT_WIJK: Final = "development-wijk"
DEVELOPMENT_BODY: Final = "development-body"
DEVELOPMENT_LIVES: Final = "development-lives"
DEVELOPMENT_COURSE: Final = "development-course"
DEVELOPMENT_MAP: Final = "development-map"  # all maps of the page: {"type", "id"}

SAVED_NAME: Final = "saved-name"  # in the dialog over the map
SAVED_NOTE: Final = "saved-note"
SAVED_KEEP_RUN: Final = "saved-keep-run"
SAVED_KEEP_VIEW: Final = "saved-keep-view"
SAVED_SAID: Final = "saved-said"
SAVED_RUNS: Final = "saved-runs"
SAVED_VIEWS: Final = "saved-views"
SAVED_LIST_SAID: Final = "saved-list-said"
SAVED_VIEW_NAME: Final = "saved-view-name"  # on the page Ontwikkeling, for its own address
SAVED_VIEW_HERE: Final = "saved-view-here"
SAVED_DELETE: Final = "saved-delete"  # by run
SAVED_CHOOSE: Final = "saved-choose"  # by run; 0 for none
SAVED_DELETE_VIEW: Final = "saved-delete-view"  # by view
SAVED_FIRST: Final = "saved-first"
SAVED_SECOND: Final = "saved-second"
SAVED_HELD: Final = "saved-held"
