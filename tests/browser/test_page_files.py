"""Files in and out of the page: dropped reports, the report of every row, and a map to hand out."""

import csv
import io
import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HEADER = "id;datum;tijd;lat;lon;categorie;omschrijving\n"
GOOD = "G{i};0{i}-04-2026;22:30;51,8133;4,6736;nafluiten;werd nagefloten\n"
BAD = (
    HEADER
    + "".join(GOOD.format(i=i) for i in range(1, 4))
    + "B1;31-02-2026;10:00;51,8133;4,6736;nafluiten;\n"
    + "B2;05-04-2026;10:00;51.813.300;4,6736;nafluiten;\n"
    + "B3;05-04-2026;10:00;51,8133;4,6736;=HYPERLINK(1);\n"
    + GOOD.format(i=1)
)
SWAPPED = HEADER + "".join(f"S{i};0{i}-04-2026;22:30;4,6736;51,8133;nafluiten;\n" for i in range(1, 6))


def upload(page, text, name="meldingen.csv"):
    page.click("#upload-open")
    page.locator("#upload").wait_for(state="visible")
    page.set_input_files("#upload input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": text.encode()})


def reports_shown(page):
    return int(page.locator(".hk-figure-value").first.inner_text().replace(".", ""))


def test_every_row_of_a_dropped_file_is_accounted_for_and_the_map_follows(serve_copy, new_page):
    page = new_page(serve_copy())
    before = reports_shown(page)
    upload(page, BAD)
    page.wait_for_selector(".hk-invariant")
    invariant = page.locator(".hk-invariant").inner_text()
    assert invariant == "7 gelezen = 3 overgenomen + 3 in quarantaine + 1 dubbel + 0 ingetrokken"
    page.wait_for_selector(".hk-problems .ag-row")
    rows = page.locator(".hk-problems .ag-center-cols-container .ag-row")
    told = [rows.nth(i).inner_text().split("\n") for i in range(rows.count())]
    assert {cells[0] for cells in told} >= {"5", "6", "7"}
    assert any("31-02-2026" in cells for cells in told)
    expect(page.locator(".hk-figure-value").first).not_to_have_text(str(before))
    assert reports_shown(page) == before + 3
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Opslaan als CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text)))
    assert {line["Rij"] for line in table} == {"5", "6", "7", "8"}
    assert all(line["Wat is er mis"] for line in table)
    assert all(line["Wat te doen"] for line in table if line["Uitkomst"] == "In quarantaine")
    assert [line["Waarde"] for line in table if line["Rij"] == "7"] == ["'=HYPERLINK(1)"]
    assert page.seen.complaints == []


def test_the_same_file_again_adds_nothing(serve_copy, new_page):
    page = new_page(serve_copy())
    for accepted in (3, 0):
        upload(page, HEADER + "".join(GOOD.format(i=i) for i in range(1, 4)))
        expect(page.locator(".hk-invariant")).to_contain_text(f"3 gelezen = {accepted} overgenomen")
        page.keyboard.press("Escape")
        page.locator("#upload").wait_for(state="hidden")


def test_swapped_axes_are_refused_and_can_be_swapped_with_one_button(serve_copy, new_page):
    page = new_page(serve_copy())
    before = reports_shown(page)
    upload(page, SWAPPED)
    page.wait_for_selector(".hk-refused")
    expect(page.locator(".hk-refused")).to_contain_text("verwisseld", use_inner_text=True)
    page.get_by_role("button", name="Assen omwisselen en opnieuw").click()
    page.wait_for_selector(".hk-invariant")
    expect(page.locator(".hk-invariant")).to_contain_text("5 gelezen = 5 overgenomen")
    expect(page.locator(".hk-figure-value").first).not_to_have_text(str(before))
    assert reports_shown(page) == before + 5


def test_a_file_that_is_no_table_is_refused_in_a_sentence_and_nothing_changes(serve_copy, new_page):
    page = new_page(serve_copy())
    before = reports_shown(page)
    upload(page, "%PDF-1.7 geen tabel", name="brief.csv")
    page.wait_for_selector(".hk-refused")
    text = page.locator(".hk-refused").inner_text()
    assert "brief.csv" in text and "Er is niets veranderd" in text
    assert reports_shown(page) == before


def test_names_in_a_file_stay_text(serve_copy, new_page):
    page = new_page(serve_copy())
    evil = "<img src=x onerror=document.title='stuk'>"
    upload(page, HEADER + f"E1;01-04-2026;22:30;51,8133;4,6736;{evil};\n", name=f"{evil}.csv")
    page.wait_for_selector(".hk-problems .ag-row")
    expect(page.locator(".hk-problems")).to_contain_text(evil, use_inner_text=True)
    assert page.title() == "Hotspotkaart Dordrecht"
    expect(page.locator("img[src=x]")).to_have_count(0)


def test_a_file_may_be_dropped_anywhere_on_the_page(serve_copy, new_page):
    page = new_page(serve_copy())
    text = json.dumps(HEADER + GOOD.format(i=1))
    page.evaluate(
        f"""() => {{
        const data = new DataTransfer();
        data.items.add(new File([{text}], "los.csv", {{type: "text/csv"}}));
        const map = document.querySelector(".leaflet-container");
        for (const kind of ["dragenter", "dragover", "drop"])
            map.dispatchEvent(new DragEvent(kind, {{dataTransfer: data, bubbles: true, cancelable: true}}));
        }}"""
    )
    page.wait_for_selector(".hk-invariant")
    expect(page.locator("#upload-report")).to_contain_text("los.csv", use_inner_text=True)


def test_a_map_is_handed_out_as_png_for_closed_quarters_without_narrow_filters(demo_url, new_page):
    page = new_page(f"{demo_url}/?uur=22-4")
    page.click("#export-open")
    page.wait_for_selector(".hk-export-period")
    said = page.locator("#export-period").inner_text()
    assert "1 okt 2024 – 30 sep 2026" in said and "gaan niet mee" in said
    with page.expect_download() as waiting:
        page.click("#export-make")
    assert waiting.value.suggested_filename.endswith(".png")
    assert waiting.value.path().read_bytes().startswith(b"\x89PNG")
    page.wait_for_selector("#export-said p")
    assert page.seen.complaints == []


@pytest.mark.parametrize(("label", "start"), [("PDF", b"%PDF"), ("HTML", b"<!DOCTYPE html>")])
def test_pdf_and_html_are_handed_out_too(demo_url, new_page, label, start):
    page = new_page(demo_url)
    page.click("#export-open")
    page.wait_for_selector(".hk-export-period")
    page.locator("#export-format label", has_text=label).click()
    with page.expect_download() as waiting:
        page.click("#export-make")
    assert waiting.value.path().read_bytes()[:200].lower().startswith(start.lower())


def test_too_large_a_file_is_told_at_once_and_not_sent(serve_copy, new_page):
    page = new_page(serve_copy(max_upload_mb=1))
    asked = len(page.seen.urls)
    upload(page, HEADER + "x" * 1_100_000)
    page.locator("#upload-too-large").wait_for(state="visible")
    expect(page.locator("#upload-too-large")).to_contain_text("hooguit 1 MB", use_inner_text=True)
    expect(page.locator(".hk-invariant, .hk-refused")).to_have_count(0)
    assert page.seen.complaints == []
    assert not [url for url in page.seen.urls[asked + 1 :] if "_dash-update" in url]
    page.set_input_files(
        "#upload input[type=file]",
        {"name": "a.csv", "mimeType": "text/csv", "buffer": (HEADER + GOOD.format(i=1)).encode()},
    )
    page.wait_for_selector(".hk-invariant")
    assert page.locator("#upload-too-large").is_hidden()
