"""ImportBatch: what the importer decided about one file, ready to be written in one transaction."""

from dataclasses import dataclass, field

import pandas as pd

from data.quarantine import nothing_kept


@dataclass(frozen=True, kw_only=True)
class ImportBatch:
    """One checked file.

    reports: rows to keep, geo.report.COLUMNS plus ``row`` (int64) and ``content_hash`` (str, over the content before
    masking is applied twice; same content, same hash). A (source, source_id) the store already holds becomes a new
    version; the old one goes to history.
    withdrawn: columns source, source_id, row: tombstones to lay; a stored report with that id goes, its text wiped.
    quarantine: columns row, column, value, reason (code).
    kept: of each of those rows, once, row, source_id and cells (data.quarantine.kept_rows).
    The counts are the invariant: n_read = n_accepted + n_quarantined + n_duplicates + n_withdrawn.
    """

    file_name: str
    sha256: str
    source: str
    reports: pd.DataFrame
    withdrawn: pd.DataFrame
    quarantine: pd.DataFrame
    n_read: int
    n_accepted: int
    n_quarantined: int
    n_duplicates: int
    n_withdrawn: int
    n_flagged: int
    kept: pd.DataFrame = field(default_factory=nothing_kept)
