"""The house under attack: the demo's city with a thousand canaries, published, and somebody of every role in it."""

import contextlib
import io
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard import cli
from dashboard.app import create_app
from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import gate_for
from dashboard.services import services_for
from data.audit.chain import Action
from data.rights import Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.users import User
from data.viewer import Viewer
from tests.harden import canaries
from tests.harden.caller import Caller

OWN, OTHER = "WK050503", "WK050507"  # the district manager's wijk, and one of somebody else
SECRET = "q7Jm2Zx0pVb9Lr4Tn8Ws5Yc1Hd6Gf3Ka"
PEOPLE = {
    "anna": (Role.ANALYST, ()),
    "bram": (Role.ANALYST, ()),
    "wim": (Role.DISTRICT_MANAGER, (OWN,)),
    "bea": (Role.ADMIN, ()),
    "fred": (Role.AUDITOR, ()),
}
HIDDEN_USER = "zz-kanarie-gebruiker"  # only who may read Beheer knows there is such a user
HIDDEN_LINE = "zz-kanarie-regel"  # only who may read the whole log knows there is such a line


@dataclass(frozen=True, kw_only=True)
class House:
    """One running house. people: name -> viewer; sessions: name -> an open session."""

    app: object
    store: ReportStore
    services: object
    settings: Settings
    users: UserStore
    accounts: Accounts
    people: dict
    sessions: dict
    path: Path

    def caller(self, name):
        """A browser of somebody; None: of nobody."""
        return Caller(self.app, self.sessions[name] if name else None)


@pytest.fixture(scope="session")
def canary_store(demo_store_path, tmp_path_factory):
    """(path of a store, its canaries): copy it before writing."""
    folder = tmp_path_factory.mktemp("canaries")
    path = folder / "stad.sqlite"
    copy_store(demo_store_path, path)
    settings = Settings(store=f"sqlite:///{path}", audit_key=str(folder / "audit.key"))
    with ReportStore.open(settings.store) as store:
        found = canaries.fill(store, settings, folder)
    if "publish" in cli.COMMANDS:
        freeze = ["publish", "freeze", "--store", str(path)]
        with contextlib.redirect_stdout(io.StringIO()):
            cli.cli.main(freeze, prog_name="hotspotkaart", standalone_mode=False)
    return path, found


def copy_store(source, target):
    """A whole copy of an SQLite store that may be open."""
    with contextlib.closing(sqlite3.connect(source)) as a, contextlib.closing(sqlite3.connect(target)) as b:
        a.backup(b)


@pytest.fixture(scope="module")
def found(canary_store):
    """The canaries."""
    return canary_store[1]


@pytest.fixture(scope="module")
def make_house(canary_store, tmp_path_factory):
    """``make_house(change=…)``: a house over a copy of the canary store; change: done to the copy's connection first."""
    with contextlib.ExitStack() as stack:

        def start(*, change=None, **chosen):
            folder = tmp_path_factory.mktemp("house")
            path = folder / "stad.sqlite"
            copy_store(canary_store[0], path)
            if change:
                with contextlib.closing(sqlite3.connect(path)) as connection:
                    change(connection)
                    connection.commit()
            settings = Settings(
                **{"store": f"sqlite:///{path}", "audit_key": str(folder / "audit.key"), "secret": SECRET} | chosen
            )
            store = stack.enter_context(ReportStore.open(settings.store))
            users = stack.enter_context(UserStore.open(settings))
            services = services_for(store, settings)
            stack.callback(services.jobs.close)
            for name, (role, wijken) in (PEOPLE | {HIDDEN_USER: (Role.AUDITOR, ())}).items():
                users.add(User(name=name, role=role, wijken=frozenset(wijken), external=True))
            services.audit.record(Viewer(name=HIDDEN_USER, role=Role.AUDITOR), Action.SIGN_IN, HIDDEN_LINE)
            gate = gate_for(settings, users, services.audit, host="127.0.0.1")
            gate.exports = replace_limit(gate.exports)
            return House(
                app=create_app(services, settings, gate=gate),
                store=store,
                services=services,
                settings=settings,
                users=users,
                accounts=Accounts(users, store, services.audit),
                people={n: Viewer(name=n, role=r, wijken=frozenset(w)) for n, (r, w) in PEOPLE.items()},
                sessions={name: users.start_session(name) for name in PEOPLE},
                path=path,
            )

        yield start


def replace_limit(limit):
    """The same limit, out of the way of a test that asks thousands of times."""
    limit._most = 10**9
    return limit
