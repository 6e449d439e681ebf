"""Where things stand: boxes measured in a real browser, because no rule of style can be read for what it does to a page."""

import pytest

PATIENCE = 60_000


def box(locator):
    """Left, top, right and bottom of one element, in pixels."""
    found = locator.bounding_box()
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


@pytest.mark.parametrize("width", [1366, 390])
def test_the_quarters_of_a_hotspot_stand_in_one_row_each_under_its_own_head(demo_url, new_page, width):
    page = new_page(f"{demo_url}/ontwikkeling", wait=False, width=width)
    page.set_default_timeout(PATIENCE)
    page.wait_for_selector(".hk-strips tbody tr")
    rows = page.evaluate(
        "() => [...document.querySelectorAll('.hk-strips tr')].map(row => [...row.cells].map(cell => cell.getBoundingClientRect())"
        ".map(({left, right, top}) => [left, right, top].map(Math.round)))"
    )
    head, *body = rows
    assert len(body) >= 2
    for row in body:
        assert len({top for _left, _right, top in row}) == 1
        assert [(left, right) for left, right, _top in row] == [(left, right) for left, right, _top in head]
    rank = page.locator(".hk-strips .hk-rank").last
    name = page.locator(".hk-strips tbody tr", has=page.locator(".hk-rank")).last.locator("th")
    assert box(name)[0] - box(rank)[2] >= 6
