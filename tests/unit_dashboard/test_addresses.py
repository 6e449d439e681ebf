"""Addresses: what a page's view is written as is read back, and signing in leads to a page of ours or to the map."""

from datetime import date
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import addresses, published_words
from dashboard.audit_state import AuditState
from dashboard.components import published_map
from dashboard.published_state import PublishedState
from dashboard.services.published import Breakdown, Geography, PublishedCell, PublishedOverview, Short, Window
from dashboard.services.published import Fallback as Because
from data.audit.chain import Action

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1)) | st.none()
TEXT = st.text(max_size=40)


@given(
    st.sampled_from(addresses.ALL),
    st.dictionaries(st.sampled_from(["van", "gebied", "per"]), st.text("ab12-", min_size=1)),
)
def test_after_signing_in_one_comes_back_where_one_was(path, query):
    text = "&".join(f"{key}={value}" for key, value in query.items())
    assert addresses.back(addresses.onward(path, text)) == path + (f"?{text}" if text else "")


@given(TEXT)
def test_whatever_a_link_says_signing_in_never_leads_elsewhere(text):
    for query in (text, f"{addresses.PAGE}={text}", f"{addresses.PAGE}=//elders.nl/{text}"):
        parts = urlsplit(addresses.back(query))
        assert parts.scheme == "" and parts.netloc == "" and parts.path in addresses.ALL


@given(st.sampled_from(Window), DAYS, st.sampled_from(Geography), st.sampled_from(Breakdown))
def test_a_published_view_is_read_back_from_its_address(window, start, geography, breakdown):
    state = PublishedState(window=window, start=start, geography=geography, breakdown=breakdown)
    assert PublishedState.from_query("?" + state.to_query()) == state


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=90),
    st.sampled_from([*Action, ""]),
    DAYS,
    st.integers(1, 999_999),
)
def test_a_view_of_the_log_is_read_back_from_its_address(actor, action, on, sheet):
    state = AuditState(actor=actor, action=str(action), on=on, sheet=sheet)
    assert AuditState.from_query("?" + state.to_query()) == state


@given(TEXT, TEXT, TEXT, TEXT)
def test_a_mangled_address_still_opens(one, two, three, four):
    query = f"?venster={one}&vanaf={two}&per={three}&deel={four}&persoon={one}&handeling={two}&dag={three}&blad={four}"
    assert isinstance(PublishedState.from_query(query), PublishedState)
    assert AuditState.from_query(query).sheet >= 1


def overview(fallback, *, n=None, breakdown=Breakdown.NONE, window=Window.FOUR):
    cell = PublishedCell(code="WK01", name="Centrum", part="", n=n)
    given_ = dict.fromkeys(PublishedOverview.__dataclass_fields__)
    return PublishedOverview(
        **given_
        | {
            "window": window,
            "geography": Geography.WIJK,
            "breakdown": breakdown,
            "cells": (cell,),
            "fallback": fallback,
            "k": 5,
        }
    )


@pytest.mark.parametrize("short", list(Short))
@pytest.mark.parametrize("n", [None, 15])
@pytest.mark.parametrize("breakdown", list(Breakdown))
def test_every_reason_for_another_view_is_a_sentence_without_gaps(short, n, breakdown):
    fields = {
        "asked": "quarter",
        "window": "four",
        "k": 5,
        "geography": "wijk",
        "start": "2025-01-01",
        "end": "2025-12-31",
    }
    told = published_words.why(overview(Because(why=short, fields=fields), n=n, breakdown=breakdown))
    assert told.endswith(".") and "{" not in told and len(told) > 30
    assert published_words.why(overview(None, n=n, breakdown=breakdown)) == ""


def test_too_little_anywhere_says_so_and_never_that_there_is_none():
    told = published_words.why(overview(Because(why=Short.FEW_REPORTS, fields={"asked": "four"})))
    assert "Te weinig meldingen" in told and "Dat kan ook betekenen dat er geen meldingen zijn" in told


def test_windows_have_names():
    assert published_words.window(Window.QUARTER, date(2025, 7, 1)) == "3e kwartaal 2025"
    assert published_words.window(Window.FOUR, date(2025, 1, 1)) == "2025"
    assert published_words.window(Window.EIGHT, date(2024, 1, 1)) == "2024–2025"


def test_the_legend_begins_at_k_because_less_is_not_shown():
    assert [published_map._from_k(label, 5) for label in ("0–20", "0–5", "21–40", "<5", "5")] == [
        "5–20",
        "5",
        "21–40",
        "<5",
        "5",
    ]
