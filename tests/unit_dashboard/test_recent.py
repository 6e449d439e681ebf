"""The last few answers: made once however many ask, the oldest forgotten, and a failure is not an answer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from dashboard.services.recent import Recent


def test_what_many_ask_at_the_same_moment_is_made_once():
    recent, made, go = Recent(4), [], Barrier(8)

    def ask():
        go.wait()
        return recent.of("same", lambda: made.append(Event().wait(0.05)) or object())

    with ThreadPoolExecutor(8) as pool:
        answers = {id(one.result()) for one in [pool.submit(ask) for _ in range(8)]}
    assert len(made) == 1 and len(answers) == 1


def test_the_one_used_longest_ago_goes_first_and_none_is_an_answer_too():
    recent = Recent(2)
    assert recent.of("a", lambda: None) is None and recent.of("b", lambda: 2) == 2
    assert recent.of("a", lambda: 1) is None  # it is there, so it is not made again; and it was used last
    recent.of("c", lambda: 3)
    assert recent.get("b") is None and recent.of("b", lambda: 4) == 4 and recent.get("c") == 3


def test_what_could_not_be_made_is_made_for_the_next_who_asks():
    recent = Recent(2)
    with pytest.raises(ZeroDivisionError):
        recent.of("a", lambda: 1 // 0)
    assert recent.get("a") is None and recent.of("a", lambda: 5) == 5
