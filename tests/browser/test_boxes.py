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


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_no_name_is_cut_by_the_edge_of_the_map_or_by_the_sources_and_it_comes_back_when_moved_into_sight(
    demo_url, new_page, width, height
):
    page = new_page(demo_url, width=width, height=height)
    page.set_default_timeout(PATIENCE)
    page.wait_for_selector(".hk-name", state="attached")
    page.seen.quiet(page)
    whole = box(page.locator(".leaflet-container"))
    over = [box(page.locator(one)) for one in (".hk-attribution", ".hk-legend", ".hk-pictures")]

    def names():
        return page.evaluate(
            "() => [...document.querySelectorAll('.hk-name')].map(name => [name.textContent, name.style.visibility, name.getBoundingClientRect()])"
            ".map(([text, seen, {left, top, right, bottom}]) => ({text, drawn: seen !== 'hidden' && right > left, at: [left, top, right, bottom]}))"
        )

    page.wait_for_function("() => document.querySelector('.hk-name[style*=hidden]')")
    drawn = [name for name in names() if name["drawn"]]
    assert len(drawn) >= 4
    for name in drawn:
        left, top, right, bottom = name["at"]
        if right < whole[0] or left > whole[2] or bottom < whole[1] or top > whole[3]:
            continue  # out of sight altogether
        assert left >= whole[0] and top >= whole[1] and right <= whole[2] and bottom <= whole[3], name
        assert all(right < x0 or left > x1 or bottom < y0 or top > y1 for x0, y0, x1, y1 in over), name
    cut = next(name for name in names() if name["at"][0] < whole[0] < name["at"][2])
    assert not cut["drawn"]
    if width == 390:  # there it comes to lie under a number
        return
    page.locator(".leaflet-container").focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(600)  # the map slides, and takes no key meanwhile
    page.wait_for_function(
        "text => [...document.querySelectorAll('.hk-name')].some(name => name.textContent === text && name.style.visibility !== 'hidden')",
        arg=cut["text"],
    )
