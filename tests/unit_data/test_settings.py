"""Settings: every value in its range, every mistake named with the value and what is allowed."""

import dataclasses

import pytest

from data.settings import RANGES, SettingError, Settings, load


def test_defaults_fit_their_own_ranges():
    assert load({}) == Settings()


def test_the_environment_goes_before_the_file_and_a_given_value_before_both(tmp_path):
    file = tmp_path / "stad.toml"
    file.write_text('municipality = "Gouda"\nk_export = 12\neps_m = 60\n', encoding="utf-8")
    env = {"HOTSPOTKAART_SETTINGS": str(file), "HOTSPOTKAART_K_EXPORT": "15", "HOTSPOTKAART_TILES": "true"}
    got = load(env, eps_m=80.0)
    assert (got.municipality, got.k_export, got.eps_m, got.tiles) == ("Gouda", 15, 80.0, True)


@pytest.mark.parametrize("name", RANGES)
def test_a_value_outside_its_range_is_refused_with_the_range(name):
    low, high = RANGES[name]
    for wrong in (low - 1, high + 1):
        with pytest.raises(SettingError, match=rf"{name} = {wrong:g}.*{low} en {high}"):
            dataclasses.replace(Settings(), **{name: int(wrong) if float(wrong).is_integer() else wrong})


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"HOTSPOTKAART_K_EXPORT": "veel"}, "k_export = veel: moet een geheel getal zijn"),
        ({"HOTSPOTKAART_TILES": "ja"}, r"tiles = ja: moet een keuze \(true of false\) zijn"),
        ({"HOTSPOTKAART_LANGUAGE": "fr"}, "language = fr: moet nl of en zijn"),
        ({"HOTSPOTKAART_SETTINGS": "/nergens/stad.toml"}, "/nergens/stad.toml is niet te lezen"),
    ],
)
def test_a_mistake_is_named_with_its_value(env, words):
    with pytest.raises(SettingError, match=words):
        load(env)


def test_an_unknown_setting_lists_the_known_ones(tmp_path):
    file = tmp_path / "stad.toml"
    file.write_text("kexport = 3\n", encoding="utf-8")
    with pytest.raises(SettingError, match=r"kexport.*Bekend zijn.*k_export"):
        load({"HOTSPOTKAART_SETTINGS": str(file)})
