"""Users, sessions and failed attempts: what is kept, for how long, and what ends it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from data.rights import Role
from data.settings import Settings
from data.store import engine
from data.store.users import UserStore
from data.users import (
    FIRST_LOCK_S,
    LONGEST_LOCK_S,
    User,
    UserRefused,
    check_password,
    checked_name,
    checked_wijken,
    lock_s,
)

JAN = User(name="jan", role=Role.ANALYST, password_hash="$argon2id$x")
MINUTE = 60


class Clock:
    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def users(store_url, clock):
    with UserStore.open(Settings(store=store_url), clock=clock) as opened:
        yield opened


def raw(users):
    """Everything in the three tables as text."""
    with engine.reading(users._engine) as connection:
        return str(
            [
                connection.execute(text(f"SELECT * FROM {name}")).all()
                for name in ("sign_in_users", "sign_in_sessions", "sign_in_attempts")
            ]
        )


def test_a_user_is_found_as_added_and_only_once(users):
    assert not users.any()
    made = replace(JAN, role=Role.DISTRICT_MANAGER, wijken=frozenset({"WK1", "WK2"}))
    users.add(made)
    assert users.any()
    assert replace(users.find("jan"), created_at=made.created_at) == made
    with pytest.raises(UserRefused, match="al een gebruiker jan"):
        users.add(JAN)
    assert users.find("piet") is None and users.of_subject("") is None


def test_a_session_is_its_users_until_it_ends_and_its_id_is_nowhere_kept(users):
    users.add(JAN)
    token = users.start_session("jan")
    assert users.who(token).name == "jan"
    assert token not in raw(users) and len(token) >= 43  # 256 bits
    users.end_session(token)
    assert users.who(token) is None
    assert users.who("") is None and users.who("x" * 10_000) is None and users.who("\udcff") is None


def test_no_two_sessions_have_the_same_id(users):
    users.add(JAN)
    assert len({users.start_session("jan") for _ in range(50)}) == 50


def test_a_session_ends_after_half_an_hour_without_a_question(users, clock):
    users.add(JAN)
    token = users.start_session("jan")
    clock.now += 29 * MINUTE
    assert users.who(token) is not None
    clock.now += 29 * MINUTE
    assert users.who(token) is not None  # the question before counted
    clock.now += 31 * MINUTE
    assert users.who(token) is None


def test_a_session_ends_after_twelve_hours_however_busy(users, clock):
    users.add(JAN)
    token = users.start_session("jan")
    for _ in range(12 * 6 - 1):
        clock.now += 10 * MINUTE
        assert users.who(token) is not None
    clock.now += 10 * MINUTE
    assert users.who(token) is None
    users.start_session("jan")
    assert len(users.sessions()) == 1  # what is over is swept away


@pytest.mark.parametrize(
    "change",
    [{"role": "auditor"}, {"wijken": frozenset({"WK9"})}, {"password_hash": "other"}, {"disabled": True}],
    ids=str,
)
def test_whatever_changes_about_a_user_ends_their_sessions_and_nobody_elses(users, change):
    users.add(JAN)
    users.add(replace(JAN, name="piet"))
    mine, other = [users.start_session("jan") for _ in range(3)], users.start_session("piet")
    users.change("jan", **change)
    assert [users.who(token) for token in mine] == [None] * 3
    assert users.who(other).name == "piet"


def test_a_disabled_user_has_no_session_even_if_one_was_opened(users):
    users.add(replace(JAN, disabled=True))
    assert users.who(users.start_session("jan")) is None


def test_changing_or_signing_out_somebody_who_is_not_there_is_refused(users):
    with pytest.raises(UserRefused, match="geen gebruiker piet"):
        users.change("piet", disabled=True)
    with pytest.raises(UserRefused, match="geen gebruiker piet"):
        users.end_sessions("piet")


@pytest.mark.parametrize("name", ["jan", "bestaat-niet"])
def test_after_five_attempts_a_name_is_locked_whether_it_exists_or_not(users, clock, name):
    users.add(JAN)
    assert [users.attempt(name) for _ in range(5)] == [0] * 5
    assert users.attempt(name) == FIRST_LOCK_S
    clock.now += FIRST_LOCK_S - 1
    assert users.attempt(name) == 1
    clock.now += 1
    assert users.attempt(name) == 0
    assert users.attempt(name) == 2 * FIRST_LOCK_S  # one more, twice as long
    assert users.locked() == ({"jan"} if name == "jan" else set())


def test_signing_in_well_forgets_the_failures(users):
    for _ in range(4):
        users.attempt("jan")
    users.forget_attempts("jan")
    assert [users.attempt("jan") for _ in range(5)] == [0] * 5


def test_what_people_type_for_a_name_is_not_kept(users):
    users.attempt("mijn geheime wachtwoord")
    assert "geheime" not in raw(users)


def test_many_guesses_at_once_are_no_more_than_five(store_url, clock):
    with UserStore.open(Settings(store=store_url), clock=clock) as users, ThreadPoolExecutor(8) as pool:
        assert sum(wait == 0 for wait in pool.map(users.attempt, ["jan"] * 24)) == 5


@given(st.integers(0, 10_000))
def test_the_lock_never_gets_shorter_with_more_failures_and_never_longer_than_a_day(failures):
    assert 0 <= lock_s(failures) <= lock_s(failures + 1) <= LONGEST_LOCK_S
    assert (lock_s(failures) == 0) == (failures < 5)


@pytest.mark.parametrize(
    "name", ["", "x", "Jan de Vries", "a" * 81, "../jan", "jan\n", "lokaal", "onbekend", "<b>", ".jan"]
)
def test_a_name_that_cannot_be_is_refused(name):
    if name == "jan\n":
        assert checked_name(name) == "jan"
        return
    with pytest.raises(UserRefused, match="gebruikersnaam"):
        checked_name(name)


def test_a_name_is_kept_in_small_letters_and_may_be_a_mail_address():
    assert checked_name(" J.deVries@Gemeente.NL ") == "j.devries@gemeente.nl"


@pytest.mark.parametrize(
    "password",
    [
        "",
        "elf tekens!",
        "x" * 257,
        "aaaaaaaaaaaaaaaa",
        "wachtwoord123",
        "W4chtw00rd2025!",
        "Welkom2025!!",
        "gemeente-welkom-1",
        "qwertyuiop123",
        "123456789012",
        "abcdefghijklmnop",
        "zomer2025zomer2025",
        "j.devries-vier-woorden",
        "Hotspotkaart2026",
    ],
)
def test_a_password_that_somebody_would_try_is_refused_without_repeating_it(password):
    with pytest.raises(UserRefused) as refused:
        check_password(password, name="j.devries")
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize(
    "password",
    ["paard stapel lamp wolken", "Tq8-vluchtheuvel.zee", "k9#fLq2!vZx7", "een heel lange zin die niemand kent"],
)
def test_a_good_password_is_taken(password):
    check_password(password, name="j.devries")


def test_only_a_district_manager_has_wijken_and_always_has():
    assert checked_wijken(Role.DISTRICT_MANAGER, [" wk050503 ", ""]) == {"WK050503"}
    assert checked_wijken(Role.ANALYST, []) == frozenset()
    for role, wijken in ((Role.DISTRICT_MANAGER, []), (Role.ANALYST, ["WK050503"])):
        with pytest.raises(UserRefused):
            checked_wijken(role, wijken)
