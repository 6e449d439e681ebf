"""``hotspotkaart user``: making, changing and closing users, with passwords never on the command line."""

import io
import json

import geopandas as gpd
import pytest
from shapely.geometry import box

from data.rights import Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore

GOOD = "paard stapel lamp wolken"


@pytest.fixture
def store_path(tmp_path):
    return tmp_path / "stad.sqlite"


@pytest.fixture
def user(command, monkeypatch, store_path):
    """Run ``hotspotkaart user …`` with a password on the standard input."""

    def run(*arguments, stdin=GOOD + "\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        return command("user", *arguments, "--store", store_path)

    return run


@pytest.fixture
def users(store_path):
    ReportStore.open(str(store_path)).close()
    with UserStore.open(Settings(store=str(store_path))) as opened:
        yield opened


def test_a_user_is_made_listed_changed_and_closed(user, users, command, store_path):
    assert "nog geen gebruikers" in user("list")[1]
    assert user("add", "Jan", "--role", "analist", "--password-stdin") == (
        0,
        "Gebruiker jan is gemaakt: analist.\n",
        "",
    )
    session = users.start_session("jan")
    assert "1 sessie" in user("list")[1] and "jan" in user("sessions")[1]
    assert user("role", "jan", "wijkmanager", "--wijk", "wk050503")[0] == 0
    assert users.who(session) is None and users.find("jan").wijken == {"WK050503"}
    session = users.start_session("jan")
    assert user("password", "jan", "--password-stdin", stdin="vier andere woorden hier\n")[0] == 0
    assert users.who(session) is None
    session = users.start_session("jan")
    assert user("end-sessions", "jan")[1] == "1 sessie beëindigd.\n"
    assert user("disable", "jan")[0] == 0 and users.find("jan").disabled
    [told] = json.loads(user("list", "--json")[1])
    assert told == {"name": "jan", "role": "wijkmanager", "wijken": ["WK050503"], "external": False, "disabled": True, "locked": False}  # fmt: skip
    for _ in range(5):
        users.attempt("jan")
    assert "tijdelijk op slot" in user("list")[1]
    assert user("enable", "jan")[0] == 0 and not users.find("jan").disabled and not users.locked()
    _code, log, _err = command("audit", "show", "--store", store_path)
    assert log.count("gebruiker gewijzigd · jan") == 6 and GOOD not in log


def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_made(user, users):
    for arguments, stdin, said in (
        (("jan", "--role", "analist", "--password-stdin"), "kort\n", "4 tekens"),
        (("jan", "--role", "analist", "--password-stdin"), "welkom2025!!\n", "te makkelijk"),
        (("jan", "--role", "analist", "--password-stdin"), "", "0 tekens"),
        (("jan", "--role", "analist"), GOOD, "--password-stdin"),  # no terminal to ask on
        (("jan", "--role", "wijkmanager", "--password-stdin"), GOOD, "heeft een wijk nodig"),
        (("jan", "--role", "auditor", "--wijk", "WK1", "--password-stdin"), GOOD, "Laat de wijken weg"),
        (("Jan de Vries", "--role", "analist", "--password-stdin"), GOOD, "gebruikersnaam"),
    ):
        code, out, err = user("add", *arguments, stdin=stdin)
        assert (code, out) == (2, "") and said in err and err.count("\n") == 1, arguments
    assert not users.any()
    for arguments in (("role", "piet", "analist"), ("disable", "piet"), ("end-sessions", "piet"), ("sessions", "piet")):
        code, _out, err = user(*arguments)
        assert code == 2 and "geen gebruiker piet" in err, arguments


def test_a_password_can_not_be_given_as_an_argument(user):
    code, _out, err = user("add", "jan", "--role", "analist", "--password", GOOD)
    assert code == 2 and GOOD not in err


def test_a_wijk_that_the_municipality_does_not_have_is_refused_with_those_it_has(user, users, store_path):
    frame = gpd.GeoDataFrame(
        {
            "code": ["WK050503"], "level": ["wijk"], "name": ["Oud Krispijn"], "wijk_code": ["WK050503"],
            "gemeente_code": ["GM0505"], "inhabitants": [100.0], "water": [False],
        },
        geometry=[box(0, 0, 10, 10)], crs=28992,
    )  # fmt: skip
    with ReportStore.open(str(store_path)) as store:
        store.replace_areas("wijk", frame, attribution="x")
    code, _out, err = user("add", "jan", "--role", "wijkmanager", "--wijk", "WK999", "--password-stdin")
    assert code == 2 and "WK999" in err and "WK050503 Oud Krispijn" in err
    assert user("add", "jan", "--role", "wijkmanager", "--wijk", "WK050503", "--password-stdin")[0] == 0


def test_a_user_with_the_municipalitys_account_has_no_password(user, users):
    assert user("add", "jan@gemeente.nl", "--role", "auditor", "--external", stdin="")[0] == 0
    assert users.find("jan@gemeente.nl").external and users.find("jan@gemeente.nl").role is Role.AUDITOR
    code, _out, err = user("password", "jan@gemeente.nl", "--password-stdin")
    assert code == 2 and "gemeenteaccount" in err
