"""A threshold or a retention period that changes is written down, once, by whatever starts first after it."""

import json
from dataclasses import replace

import pytest

from dashboard import audit_words, i18n
from dashboard.audit_state import AuditState
from dashboard.commands import serve
from dashboard.components import audit as page
from dashboard.schedule import SERVER
from dashboard.services.audit import AuditService
from dashboard.services.audit_settings import IN_FORCE, write_down
from dashboard.services.manage import SHOWN
from data.audit import keep
from data.audit.chain import Action
from data.audit.log import anchors_file
from data.settings import RANGES, Settings
from data.store import ReportStore
from data.viewer import Role, Viewer

FG = Viewer(name="fg", role=Role.AUDITOR)
ANN = Viewer(name="ann", role=Role.ANALYST)


@pytest.fixture
def settings(store_url, tmp_path):
    return Settings(store=store_url, audit_key=str(tmp_path / "key"), audit_anchors=str(tmp_path / "anchors"))


def started(settings):
    """Start with these settings; every line about settings, oldest first."""
    audit = AuditService(settings)
    write_down(audit, settings, by=SERVER)
    lines = audit.lines(FG, action="setting")[::-1]
    assert audit.verify(FG) == []
    audit.close()
    return lines


def test_the_first_start_writes_all_that_is_in_force_in_one_line(settings):
    (line,) = started(settings)
    assert (line.actor, line.action, line.subject) == ("server", "setting", IN_FORCE)
    assert dict(line.detail) == {name: getattr(settings, name) for name in SHOWN}


def test_nothing_is_written_when_nothing_changed(settings):
    assert (
        len(started(settings)) == len(started(settings)) == len(started(replace(settings, municipality="Utrecht"))) == 1
    )


@pytest.mark.parametrize("name", SHOWN)
def test_every_setting_that_is_shown_is_written_down_when_it_changes(settings, name):
    was = getattr(settings, name)
    value = next(int(v) for v in RANGES[name] if v != was)
    started(settings)
    *_, line = started(replace(settings, **{name: value}))
    assert (line.subject, dict(line.detail)) == (name, {"before": was, "now": value})


def test_several_changes_are_several_lines_and_changing_back_is_a_change(settings):
    started(settings)
    lines = started(replace(settings, k_screen=7, detail_months=6))
    assert [line.subject for line in lines[1:]] == ["k_screen", "detail_months"]
    lines = started(replace(settings, detail_months=6))
    assert [(x.subject, dict(x.detail)) for x in lines[3:]] == [("k_screen", {"before": 7, "now": 5})]
    assert len(started(replace(settings, detail_months=6))) == 4


def test_other_lines_about_settings_do_not_count(settings):
    audit = AuditService(settings)
    audit.record(ANN, Action.SETTING, "publish_eps_m", run=1, eps_m="100")
    audit.close()
    assert [line.subject for line in started(settings)] == ["publish_eps_m", IN_FORCE]
    assert len(started(settings)) == 2


def test_a_setting_of_a_later_version_is_written_without_what_it_was(settings):
    audit = AuditService(settings)
    known = {name: getattr(settings, name) for name in SHOWN if name != "k_export"}
    audit.record(SERVER, Action.SETTING, IN_FORCE, **known)
    audit.close()
    *_, line = started(settings)
    assert (line.subject, dict(line.detail)) == ("k_export", {"now": 10})


def test_the_end_of_the_log_is_anchored_when_a_command_is_done(settings):
    started(settings)
    lines = started(replace(settings, k_screen=7, k_export=11, backup_days=9))
    assert keep.newest(keep.anchors(anchors_file(settings))).seq == lines[-1].seq


def test_a_change_is_told_in_words_with_its_unit_in_the_log_and_on_the_page(settings):
    started(settings)
    first, k, months = started(replace(settings, k_screen=7, detail_months=6))
    assert audit_words.told(months) == (
        "instelling gewijzigd · Gemaskeerde tekst en exact punt · eerst 12 maanden, nu 6 maanden"
    )
    assert audit_words.told(k).endswith("eerst 5 meldingen, nu 7 meldingen")
    assert "wat geldt · " in audit_words.told(first) and "Reservekopieën 30 dagen" in audit_words.told(first)
    assert not any(name in audit_words.told(line) for line in (first, months, k) for name in SHOWN)
    shown = json.dumps(page.lines([months], state=AuditState(), n=1), default=lambda c: c.to_plotly_json())
    assert "eerst 12 maanden, nu 6 maanden" in shown and "detail_months" not in shown
    with i18n.use("en"):
        assert "12 months" in audit_words.told(months)


def test_serving_publishing_and_retention_write_it_down_and_counting_does_not(command, tmp_path, monkeypatch):
    store = tmp_path / "stad.sqlite"
    ReportStore.open(str(store)).close()

    def lines():
        told = json.loads(command("audit", "show", "--store", store, "--action", "setting", "--json")[1])
        return [(line["subject"], line["actor"]) for line in told][::-1]

    assert command("retention", "--store", store, "--dry-run")[0] == 0
    assert lines() == []
    assert command("retention", "--store", store)[0] == 0
    assert lines() == [(IN_FORCE, "server")]
    monkeypatch.setenv("HOTSPOTKAART_K_EXPORT", "12")
    command("publish", "freeze", "--store", store)  # there are no areas to publish; the change is written all the same
    assert lines()[1:] == [("k_export", "server")]
    monkeypatch.setenv("HOTSPOTKAART_K_EXPORT", "15")
    monkeypatch.setattr("dashboard.app.serve", lambda *_, **__: None)
    monkeypatch.setattr(serve, "warm_up", lambda: None)
    assert command("serve", "--store", store)[0] == 0
    assert lines()[2:] == [("k_export", "server")]


@pytest.mark.parametrize(("language", "words"), [("nl", "versie 12"), ("en", "version 12")])
def test_published_figures_are_named_in_the_language_of_the_page(language, words):
    with i18n.use(language):
        assert audit_words.subject("version 12") == words
    assert audit_words.subject("version 12.csv") == "version 12.csv"
