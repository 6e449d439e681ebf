"""What leaves the house: closed quarters, grid cells, rounded counts, and the same hotspot everywhere."""

import hashlib
import json
from datetime import date

import pytest
import shapely
from PIL import Image

from dashboard.callbacks.exports import period
from dashboard.i18n import day
from dashboard.services.publication import NoData, NothingToPublish, UnknownArea
from dashboard.services.types import SnapshotRequest
from dashboard.state import FilterState
from data.viewer import LOCAL_ANALYST

TODAY = date(2026, 11, 21)


def service_of(services, today=TODAY):
    services.snapshots._today = lambda: today
    return services.snapshots


def published(services, **request):
    return service_of(services).publication(LOCAL_ANALYST, SnapshotRequest(format="png", **request))


def test_the_period_is_widened_to_closed_quarters_and_says_so(demo_services):
    made = published(demo_services, start=date(2025, 2, 3), end=date(2025, 8, 9))
    assert (made.start, made.end, made.widened) == (date(2025, 1, 1), date(2025, 9, 30), True)


def test_only_open_quarters_give_the_day_from_which_there_is_something(demo_services):
    with pytest.raises(NothingToPublish) as refused:
        published(demo_services, start=date(2026, 10, 1), end=date(2026, 11, 20))
    assert refused.value.opens == date(2027, 1, 30)


def test_published_cells_lie_on_the_export_grid_and_hold_no_report_position(demo_services):
    made = published(demo_services)
    corners = shapely.get_coordinates(made.cells.geometry.to_numpy())
    assert len(made.hotspots) >= 8 and (corners % 100 == 0).all()


def test_counts_are_rounded_rest_on_k_and_the_total_is_their_sum(demo_services):
    made = published(demo_services)
    assert all(h.n % 5 == 0 and h.n >= 10 for h in made.hotspots)
    assert made.total == sum(h.n for h in made.hotspots) + (made.elsewhere or 0)


def test_an_area_shows_its_hotspots_and_no_rest_that_could_be_subtracted(demo_services):
    west = published(demo_services, area="dordt west")
    assert west.area == "Dordt West" and west.elsewhere is None
    assert {h.id for h in west.hotspots} < {h.id for h in published(demo_services).hotspots}
    with pytest.raises(UnknownArea) as refused:
        published(demo_services, area="Atlantis")
    assert "Lijnbaan" in refused.value.known


def test_a_short_period_shows_fewer_hotspots_rather_than_small_ones(demo_services):
    quarter = published(demo_services, start=date(2025, 1, 1), end=date(2025, 3, 31))
    assert all(h.n >= 10 for h in quarter.hotspots)


@pytest.mark.parametrize(("format_", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("html", b"<!")])
def test_each_format_is_made_with_its_facts_and_without_single_reports(demo_services, format_, start):
    service = service_of(demo_services)
    made = service.snapshot(LOCAL_ANALYST, SnapshotRequest(format=format_, purpose="proef", recipient="de raad"))
    assert made.content.lower().startswith(start.lower())
    assert made.facts["sha256"] == hashlib.sha256(made.content).hexdigest()
    assert made.facts["synthetic"] is True and made.facts["purpose"] == "proef"
    assert b"SYN-0" not in made.content and "SYN-0" not in json.dumps(made.facts)


def test_the_same_request_on_the_same_day_gives_the_same_bytes(demo_services):
    service = service_of(demo_services)
    first, second = (service.snapshot(LOCAL_ANALYST, SnapshotRequest(format="png")) for _ in range(2))
    assert first.content == second.content and first.file_name == second.file_name


def test_a_slide_is_sixteen_by_nine_and_a_sheet_is_a4(demo_services, tmp_path):
    service = service_of(demo_services)
    for paper, ratio in (("A4", 297 / 210), ("16:9", 16 / 9)):
        file = tmp_path / "kaart.png"
        file.write_bytes(service.snapshot(LOCAL_ANALYST, SnapshotRequest(format="png", paper=paper)).content)
        with Image.open(file) as image:
            assert image.width / image.height == pytest.approx(ratio, rel=0.01)
            assert set(image.info) <= {"dpi"}


def test_the_page_and_the_export_name_the_same_hotspots(demo_services):
    view = demo_services.map.overview(LOCAL_ANALYST, FilterState(start=date(2024, 10, 1), end=date(2026, 9, 30)))
    made = published(demo_services)
    assert [h.id for h in made.hotspots] == [h.id for h in view.shown if h.n >= 10]


def test_each_hotspot_says_how_sure_it_is_and_the_facts_against_what_it_was_tested(demo_services):
    publication = published(demo_services)
    sure = demo_services.certainty.of(LOCAL_ANALYST, FilterState(start=publication.start, end=publication.end))
    facts = publication.facts()
    assert facts["method"]["chance"] == {"null": "smoothed", "runs": 999, "seed": sure.chance.seed}
    for told in facts["hotspots"]:
        assert told["more_than_chance"] == sure.of(told["id"]).significant
        assert told["strength"] == sure.of(told["id"]).strength
    assert facts["hotspots"] and "p" not in facts["hotspots"][0]  # figures of the test rest on exact counts


def test_a_period_without_any_data_is_refused_with_what_there_is_instead_of_shown_as_quiet(demo_services):
    choices = demo_services.map.choices(LOCAL_ANALYST)
    for start, end in ((date(2020, 1, 1), date(2020, 12, 31)), (date(2024, 4, 1), date(2024, 9, 30))):
        with pytest.raises(NoData) as refused:
            published(demo_services, start=start, end=end)
        assert day(choices.first) in str(refused.value) and day(choices.last) in str(refused.value)
    with pytest.raises(NoData):
        service_of(demo_services, date(2029, 6, 1)).publication(
            LOCAL_ANALYST, SnapshotRequest(format="png", start=date(2028, 1, 1), end=date(2028, 12, 31))
        )
    told = str(period(FilterState(start=date(2020, 1, 1), end=date(2020, 12, 31)), choices, today=TODAY))
    assert "zijn er geen gegevens" in told


def test_a_map_says_the_quarters_that_have_data_of_the_period_that_was_asked(demo_services):
    request = SnapshotRequest(format="html", start=date(2020, 1, 1), end=date(2025, 3, 31))
    made = service_of(demo_services).publication(LOCAL_ANALYST, request)
    assert (made.start, made.end, made.widened) == (date(2024, 10, 1), date(2025, 3, 31), True)
    page = demo_services.snapshots.snapshot(LOCAL_ANALYST, request).content.decode()
    assert "1 okt. 2024 – 31 mrt. 2025" in page or "1 okt 2024 – 31 mrt 2025" in page


def test_a_map_that_was_given_of_a_longer_period_says_the_same_again(demo_services, monkeypatch):
    request = SnapshotRequest(format="html", start=date(2024, 1, 1), end=date(2025, 3, 31))
    with monkeypatch.context() as before:
        before.setattr("dashboard.services.snapshots.with_data", lambda period, _choices, today: period)
        first = service_of(demo_services).snapshot(LOCAL_ANALYST, request)
    again = demo_services.snapshots.snapshot(LOCAL_ANALYST, request)
    assert again.facts["period"] == first.facts["period"] == {"from": "2024-01-01", "to": "2025-03-31"}
