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
    texts = page.evaluate(
        "() => [...document.querySelectorAll('.hk-strips tr')].map(row => [row.cells[1], row.cells[row.cells.length - 2]]"
        ".map(cell => { const range = document.createRange(); range.selectNodeContents(cell); return range.getBoundingClientRect().left; }))"
    )
    assert all(line == pytest.approx(texts[0], abs=1) for line in texts), "text stands under the text of its head"
    rank = page.locator(".hk-strips .hk-rank").last
    name = page.locator(".hk-strips tbody tr", has=page.locator(".hk-rank")).last.locator("th")
    assert box(name)[0] - box(rank)[2] >= 6


@pytest.mark.parametrize("query", ["taal=nl", "taal=en", "taal=nl&kleur=inwoners", "taal=en&kleur=inwoners"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1100, 768), (390, 844)])
def test_the_legend_leaves_the_sources_in_sight(demo_url, new_page, query, width, height):
    page = new_page(f"{demo_url}/?{query}", width=width, height=height)
    page.set_default_timeout(PATIENCE)
    page.wait_for_selector(".leaflet-laag-areas-pane path")
    for closed in page.locator("details.hk-legend:not([open]) > summary").all():
        closed.click()
    legend, said = box(page.locator(".hk-legend")), box(page.locator(".hk-attribution"))
    assert legend[3] <= said[1] or legend[2] <= said[0]
    whole = box(page.locator(".hk-map"))
    assert legend[1] >= whole[1] and said[0] >= whole[0] and said[3] <= whole[3]
    page.locator(".hk-attribution > summary").click()
    assert page.evaluate(
        "() => [...document.querySelectorAll('.hk-attribution li')].every(line => { const {left, right, top, bottom} ="
        " line.getBoundingClientRect(); return line.parentElement.parentElement.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2)); })"
    )
