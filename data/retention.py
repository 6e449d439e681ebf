"""Retention: how long what is kept (PRIVACY, "Time limits"), and letting go of what is past its time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from data.settings import Settings
from data.store import ReportStore
from data.store.retention import Cut, Kept


def today() -> date:
    """The day it is in the Netherlands."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def cut(settings: Settings, *, today: date) -> Cut:
    """The days before which things are past their time. An event of exactly so long ago is still kept."""
    now = pd.Timestamp(today)
    return Cut(
        record=(now - pd.DateOffset(years=settings.retention_years)).date(),
        detail=(now - pd.DateOffset(months=settings.detail_months)).date(),
        quarantine=(now - pd.Timedelta(days=settings.quarantine_days)).date(),
        cell_m=settings.cell_screen_m,
    )


def apply(store: ReportStore, settings: Settings, *, today: date, dry_run: bool = False) -> Kept:
    """Let go of everything past its time, or only count it; the store is then the same.

    In one transaction, records first: what is deleted is not moved as well. Raises StoreError.
    """
    return store.retain(cut(settings, today=today), dry_run=dry_run)
