"""The server, with threads that are ready before anybody waits for one."""

import gc
from typing import Any, Final

import waitress
from dash import Dash
from waitress.task import ThreadedTaskDispatcher

from geo.crs import prepare_thread

THREADS: Final = 8


def server_of(app: Dash, **options: Any) -> Any:
    """A waitress server that is yet to run. options: of ``waitress.create_server``."""
    dispatcher = _Prepared()
    dispatcher.set_thread_count(THREADS)
    return waitress.create_server(app.server, _dispatcher=dispatcher, threads=THREADS, ident=None, **options)


def keep_for_good() -> None:
    """What is there now stays until the end: Python need not look through all of it for rubbish, a quarter of a second each time."""
    gc.collect()
    gc.freeze()


class _Prepared(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Threads that do what each must do once before they take a request."""

    def handler_thread(self, thread_no: int) -> None:
        """The life of one thread."""
        prepare_thread()
        super().handler_thread(thread_no)
