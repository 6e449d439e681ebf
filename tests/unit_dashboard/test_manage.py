"""Beheer: where settings come from, how far publication is, and what can and cannot be done to users."""

from dataclasses import fields, replace
from datetime import date

import pytest

from dashboard import manage_words as words
from dashboard.auth import passwords
from dashboard.auth.accounts import Accounts
from dashboard.callbacks import manage as acting
from dashboard.components import manage
from dashboard.services.manage import SHOWN, InForce
from data.audit.chain import Action
from data.settings import RANGES, Origin, Settings, origin
from data.store import ReportStore
from data.store.users import UserStore
from data.users import UserRefused, check_password
from data.viewer import Role, Viewer

BEA = Viewer(name="bea", role=Role.ADMIN)
HERE = Viewer(name="lokaal", role=Role.ADMIN)
GOOD = "paard stapel lamp wolken"


@pytest.fixture
def accounts(demo_services, tmp_path):
    settings = replace(demo_services.settings, store=f"sqlite:///{tmp_path / 'stad.sqlite'}")
    with ReportStore.open(settings.store) as store, UserStore.open(settings) as users:
        found = Accounts(users, store, demo_services.audit)
        found.add(HERE, "bea", role=Role.ADMIN, password=GOOD)
        found.add(HERE, "jan", role=Role.ANALYST, password=GOOD)
        yield found


def test_a_setting_says_whether_it_comes_from_the_file_the_environment_or_nowhere(tmp_path):
    file = tmp_path / "stad.toml"
    file.write_text("k_screen = 7\nk_export = 12\n", encoding="utf-8")
    there = {"HOTSPOTKAART_SETTINGS": str(file), "HOTSPOTKAART_K_EXPORT": "15"}
    assert [origin(name, there) for name in ("k_screen", "k_export", "backup_days")] == [
        Origin.FILE,
        Origin.ENVIRONMENT,
        Origin.DEFAULT,
    ]
    assert origin("k_screen", {"HOTSPOTKAART_SETTINGS": str(tmp_path / "weg.toml")}) is Origin.DEFAULT
    assert origin("k_screen", {}) is Origin.DEFAULT


def test_what_is_in_force_is_told_with_its_range_in_words_and_no_secret_among_it(demo_services):
    found = {one.name: one for one in demo_services.manage.in_force(BEA)}
    assert set(found) == set(SHOWN) == {name for _title, names in words.GROUPS for name in names}
    assert {"k_screen", "k_export", "detail_months", "retention_years", "backup_days"} <= set(found)
    for name, one in found.items():
        assert one.value == getattr(demo_services.settings, name) and (one.low, one.high) == RANGES[name]
        assert words.name(one) and words.value(one)[0].isdigit() and words.origin(one)
    hidden = {field.name for field in fields(Settings) if not field.repr}
    assert hidden and not hidden & set(found)
    asked = InForce(name="k_screen", value=5, low=3, high=25, origin=Origin.ENVIRONMENT, file="")
    assert "HOTSPOTKAART_K_SCREEN" in words.origin(asked)


def test_publication_says_what_may_be_fixed_and_when_the_next_quarter_may(demo_services):
    state = demo_services.manage.publication(BEA, today=date(2026, 11, 15))
    assert state.closed == date(2026, 9, 30) and state.opens == date(2027, 1, 30)
    state = demo_services.manage.publication(BEA, today=date(2027, 1, 29))
    assert state.closed == date(2026, 9, 30) and state.opens == date(2027, 1, 30)
    assert demo_services.manage.publication(BEA, today=date(2027, 1, 30)).closed == date(2026, 12, 31)


def test_passwords_that_are_made_are_good_enough_and_never_the_same():
    made = {passwords.made() for _ in range(200)}
    assert len(made) == 200
    for one in made:
        check_password(one, name="j.devries")


def test_the_last_beheerder_keeps_role_and_account_until_there_is_another(accounts):
    for change in (
        lambda: accounts.set_disabled(HERE, "bea", disabled=True),
        lambda: accounts.change_role(HERE, "bea", role=Role.ANALYST),
    ):
        with pytest.raises(UserRefused, match="laatste beheerder"):
            change()
    assert next(u for u in accounts.all(BEA) if u.name == "bea").role is Role.ADMIN
    accounts.add(BEA, "cor", role=Role.ADMIN, password=GOOD)
    assert accounts.set_disabled(HERE, "bea", disabled=True).disabled
    with pytest.raises(UserRefused, match="laatste beheerder"):
        accounts.change_role(HERE, "cor", role=Role.AUDITOR)


def test_each_button_of_the_dialog_does_what_it_says_and_writes_it_down(accounts, demo_services):
    auditor = Viewer(name="fred", role=Role.AUDITOR)
    before = demo_services.audit.count(auditor, action=Action.USER.value)

    def press(what, **more):
        return str(acting.done(accounts, BEA, what, "jan", **{"role": "analist", "wijken": []} | more))

    assert "nooit weer te zien" in press(manage.PASSWORD)
    assert "afgemeld" in press(manage.SESSIONS)
    assert "niet meer aanmelden" in press(manage.CLOSE)
    assert "weer aanmelden" in press(manage.OPEN)
    assert "gewijzigd" in press(manage.ROLE, role="auditor", wijken=["WK050503"])
    assert next(u for u in accounts.all(BEA) if u.name == "jan").role is Role.AUDITOR
    assert demo_services.audit.count(auditor, action=Action.USER.value) == before + 5
    with pytest.raises(UserRefused, match="Kies een rol"):
        press(manage.ROLE, role="koning")
    with pytest.raises(UserRefused):
        acting.done(accounts, BEA, manage.CLOSE, "niemand", role=None, wijken=None)


def test_a_made_password_is_shown_and_nowhere_kept(accounts, demo_services):
    user, password = acting.added(accounts, BEA, " Nieuw ", "auditor", None, external=False)
    assert user.name == "nieuw" and passwords.fits(password, user.password_hash)
    lines = demo_services.audit.lines(Viewer(name="fred", role=Role.AUDITOR))
    assert password not in str(lines) and password not in repr(user)
    assert acting.added(accounts, BEA, "extern", "auditor", None, external=True)[1] == ""


def test_the_table_names_states_and_offers_no_change_of_oneself(accounts):
    accounts.set_disabled(BEA, "jan", disabled=True)
    found = manage.rows(accounts.all(BEA), sessions=["bea", "bea"], locked=frozenset(), me="bea")
    shown = str(manage.users_table(found, may_write=True, wijken=[]))
    assert "gesloten" in shown and "open, 2 sessies" in shown
    assert "jan wijzigen" in shown and "bea wijzigen" not in shown
    assert "wijzigen" not in str(manage.users_table(found, may_write=False, wijken=[]))
