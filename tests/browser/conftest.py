"""A served page in a real Chromium. One demo city is imported per session; a test that writes gets a copy of it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dashboard.app import create_app
from dashboard.auth.gate import Gate
from dashboard.commands.demo import fill
from dashboard.services import Services, services_for
from dashboard.serving import server_of
from data.settings import Settings
from data.store import ReportStore

# What is shown arrives in parts, and a shared machine is slow at times: a test waits for it and never just looks.
expect.set_options(timeout=30_000)


@dataclass
class Seen:
    """What a page asked for and complained of, and how many of its requests are under way."""

    urls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    under_way: int = 0

    def watch(self, page):
        page.on("request", lambda request: self._asked(request.url))
        page.on("requestfinished", lambda _request: self._ended())
        page.on("requestfailed", lambda _request: self._ended())
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        return page

    def quiet(self, page, *, looks=10):
        """Wait until nothing has been under way for half a second; a page's own networkidle tells of its first load only."""
        still = 0
        while still < looks:
            page.wait_for_timeout(50)
            still = 0 if self.under_way > 0 else still + 1

    def _asked(self, url):
        self.urls.append(url)
        self.under_way += 1

    def _ended(self):
        self.under_way -= 1


@contextmanager
def served(services: Services, settings: Settings, gate: Gate | None = None) -> Iterator[str]:
    """The address of a running server over these services."""
    app = create_app(services, settings, gate=gate)
    server = server_of(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        server.task_dispatcher.shutdown()
        thread.join(timeout=5)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory):
    """A store with the demo city in it."""
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "demo.sqlite"
    settings = Settings(store=f"sqlite:///{path}")
    with ReportStore.open(settings.store) as store:
        fill(store, settings, folder)
    return path


@pytest.fixture(scope="session")
def demo_url(demo_file):
    """The demo city, served once for all tests that only look."""
    settings = Settings(store=f"sqlite:///{demo_file}")
    with ReportStore.open(settings.store) as store, served(services_for(store, settings), settings) as url:
        yield url


@pytest.fixture
def serve_copy(demo_file, tmp_path):
    """A function that serves a copy of the demo (or, with demo=False, an empty store) with its own settings."""
    with ExitStack() as stack:

        def start(*, demo: bool = True, change=lambda services: services, **overrides) -> str:
            path: Path = tmp_path / "copy.sqlite"
            if demo:
                shutil.copy(demo_file, path)
            settings = Settings(store=f"sqlite:///{path}", **overrides)
            store = stack.enter_context(ReportStore.open(settings.store))
            return stack.enter_context(served(change(services_for(store, settings)), settings))

        yield start


@pytest.fixture
def new_page(chromium):
    """A function that opens an address in a context of its own and waits until the view is there."""
    contexts = []

    def open_(url: str, *, width: int = 1366, height: int = 768, wait: bool = True):
        context = chromium.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.seen = Seen()
        page.seen.watch(page)
        page.goto(url)
        if wait:
            page.wait_for_selector(".hk-figure-value")
            page.wait_for_selector(".leaflet-container")
        return page

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def served_with():
    """Serve the page behind a gate of the test's own: ``with served_with(services, settings, gate) as url``."""
    return served


@pytest.fixture
def served_over():
    """Serve the page over an open store: ``with served_over(store, settings) as url``."""
    return lambda store, settings: served(services_for(store, settings), settings)


@pytest.fixture
def held_back():
    """``with held_back(page):`` no view is answered inside, all else is; what was asked is answered at the end."""

    @contextmanager
    def hold(page):
        held, every = [], "**/_dash-update-component*"
        page.route(every, lambda route: held.append(route) if asks_for_view(route.request) else route.continue_())
        yield
        for one in held:
            one.continue_()
        page.unroute(every)

    return hold


def asks_for_view(request):
    return "legend.children" in request.post_data
