"""The server's threads are ready before they take a request."""

import gc
import threading
import time
from urllib.request import urlopen

import pytest
from dash import Dash, html

from dashboard import serving
from geo import crs


@pytest.fixture
def running(monkeypatch):
    """An address served by threads of which each did something first, and the names of those threads."""
    prepared = []

    def prepare():
        crs.prepare_thread()
        prepared.append(threading.current_thread().name)

    monkeypatch.setattr(serving, "prepare_thread", prepare)
    app = Dash("leeg")
    app.layout = html.Div()
    server = serving.server_of(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}", prepared
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(timeout=5)


def test_every_thread_is_prepared_once_and_answers(running):
    url, prepared = running
    for _ in range(2 * serving.THREADS):
        with urlopen(f"{url}/_dash-layout") as answer:
            assert answer.status == 200
    until = time.monotonic() + 30
    while len(prepared) < serving.THREADS and time.monotonic() < until:
        time.sleep(0.01)
    assert len(prepared) == len(set(prepared)) == serving.THREADS


def test_what_is_there_at_the_start_is_left_out_of_the_search_for_rubbish():
    try:
        serving.keep_for_good()
        assert gc.get_freeze_count() > 100_000 and gc.get_count()[2] == 0
    finally:
        gc.unfreeze()
