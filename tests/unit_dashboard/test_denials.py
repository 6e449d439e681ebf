"""Who is refused by a callback, and who looks at single reports, stands in the audit log."""

import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from dashboard.app import create_app
from dashboard.auth.gate import gate_for
from dashboard.components import ids
from dashboard.services import services_for
from dashboard.state import FilterState
from data.audit.chain import Action
from data.rights import Denied, Right, Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.users import User
from data.viewer import Viewer
from geo import report
from tests.conftest import batch_of
from tests.harden.caller import Caller, Pool, bodies, callbacks_of

AUDITOR = Viewer(name="fg", role=Role.AUDITOR)
OTHERS = [role for role in Role if role is not Role.ANALYST]
FILE = "data:text/csv;base64,aWQ7ZGF0dW07eDt5CjE7MDEtMDQtMjAyNTsxMDUwMDA7NDI1MDAwCg=="


@pytest.fixture
def house(tmp_path):
    """An app over a store with one report that was left out, somebody of every role, and the lines of the log."""
    settings = Settings(store=f"sqlite:///{tmp_path / 's.sqlite'}", audit_key=str(tmp_path / "key"))
    with ExitStack() as stack:
        store, users = (
            stack.enter_context(ReportStore.open(settings.store)),
            stack.enter_context(UserStore.open(settings)),
        )
        with store.importing() as transaction:
            transaction.write(batch_of({"source_id": "1", "flags": report.FLOOD}, {"source_id": "2"}))
        for role in Role:
            wijken = frozenset({"WK050503"}) if role is Role.DISTRICT_MANAGER else frozenset()
            users.add(User(name=role.value, role=role, wijken=wijken, external=True))
        services = services_for(store, settings)
        stack.callback(services.jobs.close)
        app = create_app(services, settings, gate=gate_for(settings, users, services.audit, host="127.0.0.1"))
        yield SimpleNamespace(
            app=app,
            services=services,
            caller=lambda role: Caller(app, users.start_session(role.value)),
            lines=lambda action: list(services.audit.lines(AUDITOR, action=action.value, newest=10_000)),
            count=lambda action: services.audit.count(AUDITOR, action=action.value),
        )


def is_refused(answer):
    """Whether the page is told that the role has no right."""
    return answer.status_code == 200 and "geen recht" in json.dumps(answer.get_json(silent=True), ensure_ascii=False)


def asked(house, role, outputs):
    """Callbacks as a role calls them, every button pressed: (output, whether it was refused, the lines it left)."""
    pool = Pool(
        values={
            "n_clicks": [1],
            "search": [""],
            "pathname": ["/"],
            "contents": [FILE],
            "filename": ["m.csv"],
            "rowData": [[]],
        }
    )
    caller = house.caller(role)
    table = callbacks_of(house.app)
    for output in outputs:
        for one in bodies(output, table[output], pool, turns=1):
            before = house.count(Action.DENIED)
            answer = caller.call(one)
            if answer.status_code == 401:  # a beheerder who ended their own session
                caller = house.caller(role)
            n = house.count(Action.DENIED) - before
            yield output, is_refused(answer), house.lines(Action.DENIED)[:n]


def pulled_by(house, id_):
    """The callbacks that a part of the page, or every part of a kind, sets off."""
    kind = f'"type":"{id_}"'
    table = callbacks_of(house.app)
    return [o for o, known in table.items() if any(p["id"] == id_ or kind in p["id"] for p in known["inputs"])]


@pytest.mark.parametrize("role", OTHERS)
def test_whoever_is_refused_by_a_callback_is_told_and_stands_in_the_log(house, role):
    refused = set()
    for output, told, lines in asked(house, role, sorted(callbacks_of(house.app))):
        assert len(lines) == told, output
        for line in lines:
            assert (line.actor, line.role) == (role.value, role.value)
            assert line.subject in {right.value for right in Right}
            refused.add(output)
    assert len(refused) > 20


def test_looking_at_left_out_reports_stands_in_the_log_with_how_many(house):
    analyst = Viewer(name="anna", role=Role.ANALYST)
    assert house.lines(Action.VIEW_REPORTS) == []
    found = house.services.review.left_out(analyst, FilterState())
    n = sum(len(group.rows) for group in (*found.groups, found.doubtful))
    [line] = house.lines(Action.VIEW_REPORTS)
    assert n and (line.actor, line.role, line.subject) == ("anna", Role.ANALYST.value, "review")
    assert dict(line.detail) == {"rows": n}


def test_opening_the_dialog_of_left_out_reports_is_looking_at_them(house):
    [output] = pulled_by(house, ids.REVIEW_OPEN)
    list(asked(house, Role.ANALYST, [output]))
    [line] = house.lines(Action.VIEW_REPORTS)
    assert (line.actor, line.subject) == (Role.ANALYST.value, "review")


@pytest.mark.parametrize("role", OTHERS)
def test_who_may_not_look_at_them_leaves_no_line_of_having_looked(house, role):
    with pytest.raises(Denied):
        house.services.review.left_out(Viewer(name="x", role=role), FilterState())
    assert house.lines(Action.VIEW_REPORTS) == []
