"""Everything a reader is told has English, and the committed catalogue is the one of this source."""

import string
import sys
from gettext import GNUTranslations

import pytest
from babel.messages.mofile import read_mo

from dashboard import cli
from tests import catalogue

FOUND = catalogue.found()
ENGLISH = {m.id: m for m in catalogue.english() if m.id}
DUTCH_WORDS = {
    "de",
    "het",
    "een",
    "meldingen",
    "kaart",
    "dag",
    "gemeente",
    "voor",
    "waar",
    "toon",
    "naam",
    "van",
    "uit",
}


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def words(text):
    return set(text.lower().replace(".", " ").replace(",", " ").replace(";", " ").split())


@pytest.fixture
def helped(monkeypatch, capsys):
    """What ``hotspotkaart … --help`` prints."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["hotspotkaart", *arguments, "--help"])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        assert not stopped.value.code
        return capsys.readouterr().out

    return run


def test_the_catalogue_holds_exactly_the_sentences_of_the_source():
    assert len(FOUND) > 500
    assert set(ENGLISH) == set(FOUND), "run python -m tests.catalogue and translate what is new"


def test_every_sentence_has_english_with_the_same_fields_and_edges():
    for message in FOUND:
        translated = catalogue.texts(ENGLISH[message].string)
        for dutch, english in zip(catalogue.texts(message), translated, strict=True):
            assert english.strip(), f"no English for {dutch!r}"
            assert fields(english) == fields(dutch), dutch
            assert (english[0] == " ", english[-1] == " ") == (dutch[0] == " ", dutch[-1] == " "), dutch


def test_no_sentence_is_left_in_dutch():
    prose = [text for message in FOUND for text in catalogue.texts(message) if len(text.split()) > 3]
    same = [text for text in prose if text in ENGLISH and ENGLISH[text].string == text]
    assert len(prose) > 300 and same == []


def test_the_compiled_catalogue_says_what_the_written_one_says():
    with (catalogue.EN / "hotspotkaart.mo").open("rb") as file:
        compiled = {catalogue.texts(m.id): catalogue.texts(m.string) for m in read_mo(file) if m.id}
    assert compiled == {catalogue.texts(key): catalogue.texts(m.string) for key, m in ENGLISH.items()}
    with (catalogue.EN / "hotspotkaart.mo").open("rb") as file:
        spoken = GNUTranslations(file)
    assert spoken.gettext("meldingen") == "reports"
    assert spoken.ngettext("{n} melding", "{n} meldingen", 1) == "{n} report"


def test_writing_the_catalogue_again_changes_no_byte(tmp_path, monkeypatch):
    committed = {path.name: path.read_bytes() for path in catalogue.EN.iterdir()}
    assert set(committed) == {"hotspotkaart.po", "hotspotkaart.mo"}
    (tmp_path / "hotspotkaart.po").write_bytes(committed["hotspotkaart.po"])
    monkeypatch.setattr(catalogue, "EN", tmp_path)
    assert catalogue.update() == (len(FOUND), 0)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == committed


@pytest.mark.parametrize("command", [(), ("snapshot",), ("hotspots",), ("areas", "import"), ("reports",)])
def test_help_is_in_the_language_that_was_asked_for(helped, command):
    dutch, english = helped(*command), helped("--language", "en", *command)
    assert "Opties:" in dutch and "Options:" in english
    assert len(words(dutch) & DUTCH_WORDS) >= 3
    assert words(english) & DUTCH_WORDS == set()


def test_help_of_a_snapshot_names_each_option_in_one_language(helped):
    dutch, english = (" ".join(helped("--language", code, "snapshot").split()) for code in ("nl", "en"))
    for sentence in ("Soort bestand.", "Laatste dag.", "Formaat (png en pdf).", "NAAM"):
        assert sentence in dutch and sentence not in english
        assert catalogue.texts(ENGLISH[sentence].string)[0] in english
