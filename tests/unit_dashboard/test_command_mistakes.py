"""Mistakes in a command: whatever is mistyped is told in the reader's language, and nothing is made on the way."""

import ast
import gettext
import shutil
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from dashboard.i18n import LOCALE

DUTCH = LOCALE / "nl" / "LC_MESSAGES"
# Of click's modules: what a user of this program can come across. Its other sentences are for programmers.
SPOKEN = ("core.py", "exceptions.py", "parser.py", "termui.py", "types.py")
FOR_PROGRAMMERS = (
    "Argument", "Boolean option", "Choice(", "Could not determine", "DeprecationWarning", "Invalid start character", "Name '",
    "No options defined", "Press any key", "Unknown color", "Value must be an iterable", "deprecated", "(dynamic)", "{value!r} is not a valid UUID",
)  # fmt: skip

MISTYPED = [
    ((), ["Gebruik: hotspotkaart", "Opdrachten:"]),
    (("layer",), ["Gebruik: hotspotkaart layer", "Opdrachten:\n  import"]),
    (("analyse",), ["Gebruik: hotspotkaart analyse", "Opdrachten:\n  advice"]),
    (("audit",), ["Gebruik: hotspotkaart audit", "Opdrachten:\n"]),
]
MISTAKES = [
    (("hotspots", "--from", "gisteren"), "'gisteren' is geen datum. Schrijf hem als 2025-01-31 of 31-01-2025."),
    (("hotspots", "--eps", "ver"), "'ver' is geen geldig getal."),
    (("demo", "--port", "80x"), "'80x' is geen geldig getal"),
    (("demo", "--port", "0"), "0 ligt niet in het bereik"),
    (("snapshot", "--format", "gif"), "'gif' is geen van 'png', 'pdf', 'html'."),
    (("snapshot", "--format"), "De optie '--format' vraagt een waarde."),
    (("snapshot",), "Er ontbreekt een optie: '--format'."),
    (("layer", "import"), "Er ontbreekt een argument: 'FILE'."),
    (("hotspots", "--epsilon", "3"), "Onbekende optie '--epsilon'."),
    (("hotspots", "a.csv", "b.csv"), "Onverwacht argument (b.csv)"),
    (("layer", "imprt"), "Onbekende opdracht 'imprt'."),
    (("hotspots", "--json=ja"), "De optie '--json' heeft geen waarde."),
    (("backup", "{folder}/bestand"), "bestand' is een bestand."),
    (("restore", "{folder}"), "' is een map."),
    (("review", "keep", "--point", "1,2", "--mark", "x"), "De optie '--mark' vraagt 2 waarden."),
]


def sentences():
    """Every sentence of click that a user can meet, as it asks gettext for it."""
    for name in SPOKEN:
        for call in ast.walk(ast.parse((Path(click.__file__).parent / name).read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("_", "ngettext"):
                first = call.args[0]
                if isinstance(first, ast.Constant) and not str(first.value).startswith(FOR_PROGRAMMERS):
                    yield str(first.value)


def test_every_sentence_of_the_command_line_library_has_its_dutch():
    dutch = gettext.translation("messages", LOCALE, languages=["nl"])
    told = [one for one in sentences() if dutch.gettext(one) == one and dutch.ngettext(one, one, 1) == one]
    assert len(list(sentences())) > 30 and told == []


def test_the_compiled_sentences_are_those_of_the_catalogue():
    with (DUTCH / "messages.po").open("rb") as file:
        written = read_po(file)
    dutch = gettext.translation("messages", LOCALE, languages=["nl"])
    for message in written:
        if isinstance(message.id, str) and message.id:
            assert dutch.gettext(message.id) == message.string


@pytest.mark.parametrize(("arguments", "words"), MISTAKES, ids=lambda given: str(given)[:40])
def test_a_mistake_is_told_in_dutch_on_one_line(command, tmp_path, arguments, words):
    (tmp_path / "bestand").touch()
    code, out, err = command(*(part.format(folder=tmp_path) for part in arguments))
    assert (code, out) == (2, "") and words in err and err.count("\n") == 1


def test_a_date_that_is_none_is_told_in_english_too(command):
    _code, _out, err = command("--language", "en", "hotspots", "--from", "gisteren")
    assert "'gisteren' is no date. Write it as 2025-01-31 or 31-01-2025." in err


@pytest.mark.parametrize(("arguments", "words"), MISTYPED)
def test_a_command_without_its_subcommand_gives_its_help_line_by_line(command, arguments, words):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "") and err.count("\n") > 5
    assert all(word in err for word in words)


def test_a_map_goes_into_a_folder_that_is_there(command, demo_store_path, tmp_path):
    store = tmp_path / "stad.sqlite"
    shutil.copy(demo_store_path, store)
    out = tmp_path / "nergens" / "kaart.png"
    code, said, err = command("snapshot", "--store", store, "--format", "png", "--out", out)
    assert (code, said) == (2, "") and f"de map {out.parent} bestaat niet" in err
    assert not out.parent.exists()


def test_a_wijk_may_be_called_what_maps_call_it(demo_services):
    city = demo_services.map.city()
    named = {str(name): str(code) for name, code in zip(city.wijken["name"], city.wijken["code"], strict=True)}
    full = next(
        name for name in named if name.startswith("Wijk ") and name.split(" ", 2)[2] not in set(city.buurten["name"])
    )
    short = full.split(" ", 2)[2]
    assert city.area_key(short) == city.area_key(short.upper()) == city.area_key(full) == named[full]
    assert city.area(short) is not None and city.area_name(short) == full
    assert city.area_key("Wijk") == "" and city.area_key("01") == ""
