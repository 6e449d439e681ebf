"""The matrix of rights against every service, every account and every page: what is not allowed is denied first."""

import inspect
from dataclasses import fields, replace
from enum import StrEnum

import pytest

from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import Gate
from dashboard.pages import PAGES, home, page_at, pages_for
from dashboard.pages.router import shown_at
from dashboard.services import Services
from dashboard.services.jobs import Jobs
from data.audit.chain import Action
from data.rights import RIGHTS, Right, Role
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import Denied, Viewer


class Strange(StrEnum):
    CLEANER = "schoonmaker"


PEOPLE = {role: Viewer(name=role.value, role=role, wijken=frozenset()) for role in Role}
STRANGER = Viewer(name="x", role=Strange.CLEANER)
# What needs no right: writing a line, and jobs, which are found by the very viewer that started them.
WITHOUT = {"audit.record", "jobs.start", "jobs.of", "jobs.cancel", "imports.remember"}
PUBLISHED = {"published.choices", "published.overview"}
MANAGE = {"manage.in_force", "manage.publication"}
MAY = {
    Role.DISTRICT_MANAGER: PUBLISHED | {"audit.lines", "audit.count"},
    Role.AUDITOR: PUBLISHED | MANAGE | {"audit.lines", "audit.count", "audit.actors", "audit.verify"},
    Role.ADMIN: MANAGE,
}
ANALYST_MAY_NOT = MANAGE | {"audit.actors", "audit.verify"}
READ_ACCOUNTS = {"all", "locked", "sessions"}


def asked(thing):
    """The names of the methods that take a viewer first."""
    found = inspect.getmembers(type(thing), inspect.isfunction)
    return [
        name
        for name, method in found
        if not name.startswith("_") and list(inspect.signature(method).parameters)[1:2] == ["viewer"]
    ]


def call(thing, name, viewer):
    """Ask with nothing but the viewer; everything else is None, so whoever gets past the right fails otherwise."""
    method = getattr(thing, name)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    given = [None for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty]
    named = {p.name: None for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty}
    return method(viewer, *given, **named)


def is_denied(thing, name, viewer):
    try:
        call(thing, name, viewer)
    except Denied:
        return True
    except Exception:  # noqa: BLE001  # anything else means that the right was there
        return False
    return False


def service_methods(services):
    return {
        f"{field.name}.{name}": (getattr(services, field.name), name)
        for field in fields(Services)
        for name in asked(getattr(services, field.name))
        if f"{field.name}.{name}" not in WITHOUT
    }


def test_every_service_denies_a_role_that_stands_in_no_table_before_it_looks_at_anything(demo_services):
    methods = service_methods(demo_services)
    assert len(methods) > 25
    assert [name for name, (thing, method) in methods.items() if not is_denied(thing, method, STRANGER)] == []


@pytest.mark.parametrize("role", [Role.DISTRICT_MANAGER, Role.AUDITOR, Role.ADMIN])
def test_who_may_not_ask_freely_gets_past_no_service_but_those_of_the_matrix(demo_services, role):
    let_through = {
        name
        for name, (thing, method) in service_methods(demo_services).items()
        if not is_denied(thing, method, PEOPLE[role])
    }
    hands_out = {name for name in let_through if name.startswith("snapshots.")}
    assert let_through - hands_out == MAY[role]
    assert not hands_out or Right.EXPORT in RIGHTS[role]


def test_an_analyst_gets_past_every_service_but_those_of_who_manages_and_audits(demo_services):
    methods = service_methods(demo_services)
    denied = {name for name, (t, method) in methods.items() if is_denied(t, method, PEOPLE[Role.ANALYST])}
    assert denied == ANALYST_MAY_NOT


def test_a_district_manager_reads_own_lines_of_the_log_only(demo_services, tmp_path):
    audit = demo_services.audit
    manager, auditor = PEOPLE[Role.DISTRICT_MANAGER], PEOPLE[Role.AUDITOR]
    audit.record(manager, Action.SIGN_IN)
    audit.record(PEOPLE[Role.ANALYST], Action.EXPORT, "HK-1")
    assert {line.actor for line in audit.lines(manager, actor="analist")} == {"wijkmanager"}
    assert audit.count(manager) < audit.count(auditor) == len(audit.lines(auditor, newest=10_000))
    assert {"wijkmanager", "analist"} <= set(audit.actors(auditor))


@pytest.mark.parametrize("role", [*Role, Strange.CLEANER])
def test_the_store_gives_reports_to_analysts_and_nobody_else(store, role):
    viewer = Viewer(name="x", role=role)
    assert viewer.may_see_reports == (role is Role.ANALYST)
    if role is not Role.ANALYST:
        assert store.reports(viewer).empty
        for name in asked(store):
            if name not in ("reports", "decisions"):  # these give no rows
                assert is_denied(store, name, viewer), name
        assert store.decisions(viewer).empty


def test_every_method_of_the_store_that_takes_a_viewer_is_held_to_the_matrix():
    assert set(asked(object.__new__(ReportStore))) >= {
        "reports",
        "decide",
        "undo",
        "mask_text",
        "decisions",
        "quarantine",
    }


@pytest.mark.parametrize("role", [*Role, Strange.CLEANER])
def test_accounts_are_read_by_who_manages_or_audits_and_changed_by_who_manages(demo_services, tmp_path, role):
    settings = replace(demo_services.settings, store=f"sqlite:///{tmp_path / 'users.sqlite'}")
    viewer = Viewer(name="x", role=role)
    with ReportStore.open(settings.store) as store, UserStore.open(settings) as users:
        accounts = Accounts(users, store, demo_services.audit)
        for name in asked(accounts):
            right = Right.MANAGE_READ if name in READ_ACCOUNTS else Right.MANAGE_WRITE
            assert is_denied(accounts, name, viewer) == (right not in RIGHTS.get(role, ())), name


def test_jobs_are_found_only_by_who_started_them_in_the_role_they_had():
    jobs = Jobs()
    try:
        ann = Viewer(name="ann", role=Role.ANALYST)
        job = jobs.start(ann, "vraag", lambda _progress: 1)
        assert jobs.of(ann, job.id) is not None
        assert jobs.of(replace(ann, role=Role.AUDITOR), job.id) is None
        assert jobs.cancel(Viewer(name="bob", role=Role.ANALYST), job.id) is None
    finally:
        jobs.close()


@pytest.fixture
def gate(demo_services, tmp_path):
    settings = replace(demo_services.settings, store=f"sqlite:///{tmp_path / 'users.sqlite'}")
    with UserStore.open(settings) as users:
        yield Gate(settings, users, demo_services.audit)


PATHS = {
    Role.ANALYST: ["/", "/ontwikkeling", "/gegevens", "/logboek"],
    Role.DISTRICT_MANAGER: ["/", "/logboek"],
    Role.ADMIN: ["/beheer"],
    Role.AUDITOR: ["/", "/beheer", "/logboek"],
    Strange.CLEANER: [],
}


@pytest.mark.parametrize("role", list(PATHS))
def test_the_navigation_shows_the_pages_one_may_open(role):
    viewer = Viewer(name="x", role=role)
    assert [page.path for page in pages_for(viewer)] == PATHS[role]
    assert home(viewer) == (PATHS[role] or ["/"])[0]


@pytest.mark.parametrize("role", list(PATHS))
def test_a_page_one_may_not_open_is_a_sentence_and_a_line_in_the_log(demo_services, gate, role):
    viewer = Viewer(name=f"iemand-{role.value}", role=role)
    auditor = PEOPLE[Role.AUDITOR]
    for page in (p for p in PAGES if p.path not in PATHS[role]):
        before = demo_services.audit.count(auditor, action=Action.DENIED.value, actor=viewer.name)
        shown = shown_at(page, demo_services, viewer, gate)
        assert "geen recht" in str(shown.main) and not shown.actions and not shown.beside
        assert demo_services.audit.count(auditor, action=Action.DENIED.value, actor=viewer.name) == before + 1


def test_an_address_with_a_slash_too_many_is_the_same_page_and_a_strange_one_is_none():
    assert page_at("/beheer/") is page_at("/beheer") and page_at("/") is PAGES[0]
    assert page_at("/beheer/meer") is None and page_at("//elders") is None
