"""The store: reports, areas and features in SQLite or PostgreSQL, behind one class."""

from data.store.errors import StoreError
from data.store.imports import ImportTransaction
from data.store.store import ReportStore

__all__ = ["ImportTransaction", "ReportStore", "StoreError"]
