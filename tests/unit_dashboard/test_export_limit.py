"""Maps are handed out a limited number of times: the export buttons themselves refuse beyond it, in a sentence."""

import json
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from dashboard.app import create_app
from dashboard.auth.gate import gate_for
from dashboard.components import ids, published_ids
from dashboard.services import services_for
from data.rights import Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.users import User
from tests.harden.caller import Caller, Pool, body, callbacks_of

MOST = 20
BUTTONS = {"of reports": ids.EXPORT_MAKE, "of published figures": published_ids.EXPORT_MAKE}


@pytest.fixture
def house(tmp_path, monkeypatch):
    """An app with people, that counts which maps were made; ``press(name, button)`` gives what the page is told."""
    settings = Settings(store=f"sqlite:///{tmp_path / 's.sqlite'}", audit_key=str(tmp_path / "key"))
    with ExitStack() as stack:
        store, users = (
            stack.enter_context(ReportStore.open(settings.store)),
            stack.enter_context(UserStore.open(settings)),
        )
        for name, role in (("anna", Role.ANALYST), ("bram", Role.ANALYST), ("wim", Role.DISTRICT_MANAGER)):
            wijken = frozenset({"WK050503"}) if role is Role.DISTRICT_MANAGER else frozenset()
            users.add(User(name=name, role=role, wijken=wijken, external=True))
        services = services_for(store, settings)
        stack.callback(services.jobs.close)
        made = []

        def snapshot(viewer, request):
            made.append((viewer.name, request.format))
            return SimpleNamespace(content=b"map", file_name="kaart.png", media_type="image/png")

        monkeypatch.setattr(services.snapshots, "snapshot", snapshot)
        gate = gate_for(settings, users, services.audit, host="127.0.0.1")
        app = create_app(services, settings, gate=gate)
        table = callbacks_of(app)

        def press(name, button, *, address="127.0.0.1"):
            [(output, known)] = [(o, k) for o, k in table.items() if k["inputs"][0]["id"] == BUTTONS[button]]
            caller = Caller(app, users.start_session(name))
            caller.client.environ_base["REMOTE_ADDR"] = address
            values = {"n_clicks": [1], "search": [""], "value": ["2025-01-01"]}
            answer = caller.call(body(output, known, Pool(values=values), turn=0, pulled=0))
            assert answer.status_code == 200, answer.text
            return json.loads(answer.text)["response"]

        yield SimpleNamespace(press=press, made=made, gate=gate)


def said(told):
    """(the file handed out or None, the sentence on the page)."""
    [file] = [part.get("data") for id_, part in told.items() if "data" in part] or [None]
    return file, json.dumps([part.get("children") for part in told.values()], ensure_ascii=False)


@pytest.mark.parametrize(
    ("button", "name"), [("of reports", "anna"), ("of published figures", "wim"), ("of published figures", "anna")]
)
def test_after_twenty_maps_the_button_makes_no_more_and_says_when_it_will(house, button, name):
    for turn in range(MOST):
        file, sentence = said(house.press(name, button))
        assert file and "te vaak" not in sentence, turn
    assert len(house.made) == MOST
    for _ in range(2):
        file, sentence = said(house.press(name, button))
        assert file is None and "Dat is te vaak achter elkaar. Probeer het over 10 min. opnieuw." in sentence
        assert "hk-warning" in sentence and '"alert"' in sentence
    assert len(house.made) == MOST


def test_both_buttons_count_together_and_so_do_colleagues_at_one_address(house):
    for turn in range(MOST):
        assert said(house.press("anna", list(BUTTONS)[turn % 2]))[0]
    for button in BUTTONS:
        assert said(house.press("anna", button))[0] is None
        assert said(house.press("anna", button, address="10.0.0.9"))[0] is None  # the same person elsewhere
        assert said(house.press("bram", button))[0] is None  # somebody else from the same address
        assert said(house.press("bram", button, address="10.0.0.9"))[0]


def test_what_is_refused_is_not_counted_and_the_window_slides(house):
    now = [0.0]
    house.gate.exports._clock = lambda: now[0]
    for _ in range(MOST):
        assert said(house.press("anna", "of reports"))[0]
    now[0] = 599.0
    assert said(house.press("anna", "of reports"))[0] is None
    now[0] = 601.0
    assert said(house.press("anna", "of reports"))[0]
