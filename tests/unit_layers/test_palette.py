"""Colours can be told apart and text can be read; computed, because no tool judges a map's contrast."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from layers import palette

ROOT = Path(__file__).parents[2]
GROUNDS = (*palette.CLASS_FILLS, palette.NO_DATA, palette.BACKGROUND, palette.WATER_FILL, palette.AREA.fill)


def test_black_on_white_has_the_contrast_that_wcag_gives_it():
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("ground", GROUNDS)
def test_a_hotspots_outline_stands_out_from_every_ground_and_from_its_own_fill(ground):
    fill = palette.over(palette.HOTSPOT_FILL, ground, opacity=palette.HOTSPOT.fill_opacity)
    assert palette.contrast(palette.HOTSPOT_LINE, ground) >= 3
    assert palette.contrast(palette.HOTSPOT_LINE, fill) >= 2
    assert palette.contrast(fill, ground) >= 1.5


@pytest.mark.parametrize("ground", GROUNDS)
def test_names_and_marks_stand_out_from_every_ground(ground):
    assert palette.contrast(palette.NAME_INK, ground) >= 4.5
    assert palette.contrast(palette.SCHOOL, ground) >= 3
    assert palette.contrast(palette.TRANSPORT, ground) >= 3
    assert palette.contrast(palette.RAILWAY, ground) >= 3


def test_texts_on_paper_and_numbers_on_their_discs_can_be_read():
    for ink in (palette.INK, palette.INK_SOFT, palette.ACCENT, palette.NAME_INK):
        assert palette.contrast(ink, palette.PAPER) >= 4.5
        assert palette.contrast(ink, palette.BACKGROUND) >= 4.5
    assert palette.contrast(palette.NUMBER_INK, palette.NUMBER_FILL) >= 7


def test_classes_get_darker_and_the_last_of_several_is_always_the_darkest():
    for n in range(2, 6):
        light = [palette.contrast(fill, "#000000") for fill in palette.ramp(n)]
        assert light == sorted(light, reverse=True)
        assert len(set(light)) == n
        assert palette.ramp(n)[-1] == palette.CLASS_FILLS[-1]


def test_six_classes_are_refused_with_the_number_that_can_be_had():
    with pytest.raises(ValueError, match="1 to 5 classes, not 6"):
        palette.ramp(6)


def test_the_style_sheet_has_the_panes_and_colours_of_the_palette():
    css = (ROOT / "layers/static/map_layers.css").read_text(encoding="utf-8")
    found = {int(a): int(b) for a, b in re.findall(r"\.hk-z(\d+) \{ z-index: (\d+); \}", css)}
    assert found == {order: order for order in palette.PANES.values()}
    for colour in (palette.BACKGROUND, palette.NUMBER_FILL, palette.NAME_INK, palette.INK):
        assert colour in css


def test_every_colour_of_a_style_is_six_hex_digits():
    styles = [value for value in vars(palette).values() if isinstance(value, palette.Style)]
    assert len(styles) >= 10
    for style in styles:
        for field in fields(style):
            if field.name in ("fill", "stroke") and getattr(style, field.name) is not None:
                assert re.fullmatch(r"#[0-9a-f]{6}", getattr(style, field.name))
