"""SnapshotService: a publication drawn as PNG, PDF or a self-contained HTML page, with its accompanying facts."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from dashboard import messages
from dashboard.i18n import _, _n, day, language, number
from dashboard.services.audit import AuditService
from dashboard.services.certainty import CertaintyService
from dashboard.services.city import City
from dashboard.services.map import MapService
from dashboard.services.publication import (
    Found,
    Publication,
    PublishedHotspot,
    UnknownArea,
    find,
    frozen,
    widened_period,
    with_data,
)
from dashboard.services.published import window_span
from dashboard.services.register import ExportRegister, nothing_frozen
from dashboard.services.types import Snapshot, SnapshotRequest
from dashboard.source_words import in_words
from dashboard.state import FilterState
from data.settings import Settings
from data.store import ReportStore
from data.viewer import Right, Role, Viewer
from geo.disclosure import ROUND_TO, PublishRule
from geo.publish import windows
from geo.spots import QUARTERS
from layers import build, palette
from layers.print import to_print
from layers.sheet import Row, Sheet
from layers.spec import LayerSpec
from layers.standalone import to_html

NOBODY: Final = Viewer(name="kaart", role=Role.ADMIN)  # sees no reports
MEDIA = {"png": "image/png", "pdf": "application/pdf", "html": "text/html; charset=utf-8"}


class SnapshotService:
    """Hands out maps. What leaves the house is a Publication, whoever asks, and is written down first."""

    def __init__(
        self,
        store: ReportStore,
        settings: Settings,
        audit: AuditService,
        *,
        maps: MapService,
        certainty: CertaintyService,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._store = store
        self._settings = settings
        self._maps = maps
        self._certainty = certainty
        self._today = today
        self._register = ExportRegister(store, settings, audit)

    def snapshot(self, viewer: Viewer, request: SnapshotRequest) -> Snapshot:
        """Draw one and write it down.

        Raises Denied; ExportRefused for what earlier maps would make too telling; NoData, NothingToPublish or UnknownArea
        (dashboard.services.publication).
        """
        published = self.publication(viewer, request)
        self._register.check(viewer, published)
        demo = self._maps.is_demo()
        specs, sheet = self._specs(published), self._sheet(published, demo=demo)
        content = to_html(specs, sheet) if request.format == "html" else to_print(specs, sheet, format=request.format)
        facts = self._facts(published, sheet, content, demo=demo)
        self._register.keep(viewer, published, facts["sha256"])
        return Snapshot(
            content=content,
            media_type=MEDIA[request.format],
            file_name=f"hotspotkaart-{published.end:%Y%m%d}-{published.id[-8:]}.{request.format}",
            facts=facts,
        )

    def publication(self, viewer: Viewer, request: SnapshotRequest) -> Publication:
        """What a map would show: of any closed quarters for who may ask freely, else of frozen years and own wijken.

        The figures of a period are found once: a later map of it, of whatever area, shows those of the first.
        """
        viewer.require(Right.EXPORT)
        return self._asked_freely(viewer, request) if viewer.may(Right.CUSTOM) else self._frozen(viewer, request)

    def _asked_freely(self, viewer: Viewer, request: SnapshotRequest) -> Publication:
        city, choices = self._maps.city(), self._maps.choices(viewer)
        if request.area and city.area(request.area) is None:
            raise UnknownArea(request.area, (*city.focus, *(name for _code, name in choices.wijken)))
        period = widened_period(request, choices, today=self._today())
        rule = PublishRule(k=self._settings.k_export, cell_m=self._settings.cell_export_m)
        found = self._register.found(period, rule)
        if found is None:  # a map that was given says the same again, whatever has been deleted since
            period = with_data(period, choices, today=self._today())
            found = self._register.found(period, rule) or find(
                viewer, period, maps=self._maps, certainty=self._certainty, settings=self._settings
            )
        return self._of(request, found.in_area(city.area_key(request.area)), period, found=found)

    def _frozen(self, viewer: Viewer, request: SnapshotRequest) -> Publication:
        published, city = self._store.published(), self._maps.city()
        wijken = viewer.wijken if viewer.role is Role.DISTRICT_MANAGER else frozenset(city.wijken["code"])
        key = city.area_key(request.area)
        if request.area and key not in wijken:
            raise UnknownArea(request.area, tuple(city.area_name(code) for code in sorted(wijken)))
        asked = (request.start or date.min, request.end or date.max)
        years = [
            (start, window_span(start, n))
            for start, n in windows(min(published.quarters, default=0), max(published.quarters, default=-1))
            if n == QUARTERS
        ]
        fitting = [(start, span) for start, span in years if span[0] <= asked[1] and span[1] >= asked[0]]
        if not fitting:
            raise nothing_frozen()
        start, period = max(fitting)
        found = frozen(published, start, wijken=wijken, settings=self._settings)
        own = "" if viewer.role is not Role.DISTRICT_MANAGER else _named(city, wijken)
        return self._of(request, found.in_area(key), period, found=found, whole=own)

    def _of(
        self, request: SnapshotRequest, shown: Found, period: tuple[date, date], *, found: Found, whole: str = ""
    ) -> Publication:
        """whole: what is shown when no area is named; "" for the municipality."""
        city = self._maps.city()
        nobody = self._store.reports(NOBODY)
        return Publication(
            request=request,
            start=period[0],
            end=period[1],
            area=city.area_name(request.area) if request.area else whole,
            params=shown.params,
            tested=shown.tested,
            rule=shown.rule,
            hotspots=shown.hotspots,
            cells=shown.cells,
            total=sum(h.n for h in shown.hotspots) + (shown.elsewhere or 0),
            elsewhere=shown.elsewhere,
            bounds=self._maps.bounds(FilterState(area=city.area_key(request.area)), nobody),
            data_version=shown.data_version,
            made=self._today(),
            widened=period != (request.start, request.end),
            found=found,
        )

    def _facts(self, published: Publication, sheet: Sheet, content: bytes, *, demo: bool) -> dict[str, Any]:
        return {
            "id": published.id,
            "sha256": hashlib.sha256(content).hexdigest(),
            "title": sheet.title,
            "synthetic": demo,
            **published.facts(),
            "sources": list(sheet.sources),
        }

    def _specs(self, published: Publication) -> list[LayerSpec]:
        """The layers of a handed-out map: buurten without figures (one geography per publication), hotspots on top."""
        city = self._maps.city()
        source = {
            kind: in_words(str(frame.attrs.get("attribution", ""))) or "–" for kind, frame in city.features.items()
        }
        areas = in_words(str(city.buurten.attrs.get("attribution", ""))) or "–"
        texts = {h.id: hotspot_line(h) for h in published.hotspots}
        specs = [
            build.outline_layer(
                city.buurten, id="buurten", title=_("Buurtgrens"), attribution=areas, style=palette.AREA
            ),
            build.water_layer(city.features["water"], title=_("Water"), attribution=source["water"]),
            build.outline_layer(city.wijken, id="wijken", title=_("Wijkgrens"), attribution=areas),
            build.lines_layer(
                city.features["railway"],
                id="railway",
                title=_("Spoor"),
                attribution=source["railway"],
                style=palette.RAIL,
            ),
            build.lines_layer(city.features["routes"], id="routes", title=_("OV-lijn"), attribution=source["routes"]),
            build.hotspots_layer(
                published.cells,
                published.hotspots,
                title=_("Hotspot (rastercellen van {m} m)", m=published.rule.cell_m),
                attribution=self._settings.source_name,
                tooltips=texts,
                round_m=published.rule.cell_m * 0.45,
            ),
            build.points_layer(
                city.features["stops"],
                id="stops",
                title=_("Halte"),
                attribution=source["stops"],
                style=palette.STOP_POINT,
                tooltips=list(city.features["stops"]["name"].astype(str)),
            ),
            build.points_layer(
                city.features["schools"],
                id="schools",
                title=_("School"),
                attribution=source["schools"],
                tooltips=list(city.features["schools"]["name"].astype(str)),
            ),
            build.names_layer(city.wijken[~city.wijken["water"]], title=_("Wijknaam"), attribution=areas),
        ]
        return [spec for spec in specs if len(spec.frame)]

    def _sheet(self, published: Publication, *, demo: bool) -> Sheet:
        rule = published.rule
        rows = tuple(
            Row(rank=str(h.rank), key=h.id, place=h.buurt or h.wijk or h.id, n=f"± {number(h.n)}", detail=_detail(h))
            for h in published.hotspots
        )
        notes = [
            _(
                "Alleen hotspots met minstens {k} meldingen op minstens 3 dagen; aantallen afgerond op {r}.",
                k=rule.k,
                r=ROUND_TO,
            ),
            _("Een hotspot is waar meldingen zich concentreren; meldgedrag en drukte spelen mee."),
            _(
                "Stevig, redelijk of zwak: hoe goed hij standhoudt bij andere instellingen; meer dan toeval, tenzij er "
                "iets anders staat ({runs} proeven).",
                runs=published.tested.get("runs", 0),
            ),
        ]
        if not published.tested:
            notes.pop()
        if demo:
            notes.insert(0, _("Synthetische demogegevens – geen echte meldingen."))
        sources = (
            _("Meldingen: {source}", source=self._settings.source_name),
            *(self._maps.attribution().split(" · ")),
        )
        return Sheet(
            title=_("Hotspots straatintimidatie {city}", city=published.area or self._settings.municipality),
            subtitle=self._subtitle(published),
            legend_title=_("Legenda"),
            table_title=_("Hotspots"),
            table_some=_("Hotspots: eerste {n} van {total}"),
            table_head=(_("nr."), _("plaats"), _("meldingen")),
            rows=rows,
            method=_method(published),
            sources=tuple(dict.fromkeys(s for s in sources if s)),
            footer=self._footer(published),
            notes=tuple(notes),
            empty=_("Geen hotspot met genoeg meldingen om te tonen. Kies een langere periode of een groter gebied."),
            paper=published.request.paper,
            extent=_focus_on(published),
            lang=language(),
            no_script=_(
                "De kaart zelf wordt met JavaScript getekend, en dat staat hier uit. De lijst en de legenda staan er wel."
            ),
            label_zoom_in=_("Inzoomen"),
            label_zoom_out=_("Uitzoomen"),
            badge=_("Synthetische gegevens") if demo else "",
        )

    def _subtitle(self, published: Publication) -> str:
        parts = [
            f"{day(published.start)} – {day(published.end)}",
            published.area or _("hele gemeente"),
            _("alle uren en soorten"),
            _("ongeveer {n} meldingen", n=number(published.total))
            if published.total
            else _("minder dan {k} meldingen", k=published.rule.k),
            _n("{n} hotspot", "{n} hotspots", len(published.hotspots)),
        ]
        return " · ".join(parts)

    def _footer(self, published: Publication) -> str:
        parts = [
            _("Gemeente {name}", name=self._settings.municipality),
            _("gemaakt {date}", date=day(published.made)),
            _("geldig tot {date}", date=day(published.expires)),
            published.id,
            _("doel: {purpose}", purpose=published.request.purpose or _("niet opgegeven")),
            _("voor: {recipient}", recipient=published.request.recipient or _("niet opgegeven")),
        ]
        return " · ".join(parts)


def _named(city: City, wijken: Iterable[str]) -> str:
    return ", ".join(sorted(city.area_name(code) for code in wijken))


def _method(published: Publication) -> str:
    """How it was made, in one line."""
    if published.params is None:
        return _(
            "Gepubliceerde cijfers, versie {n}: hotspots van een kalenderjaar, getoond als rastercellen van {cell} m",
            n=published.found.version,
            cell=published.rule.cell_m,
        )
    return _(
        "DBSCAN in RD New (EPSG:28992), eps {eps} m, minimaal {m} meldingen; getoond als rastercellen van {cell} m",
        eps=number(published.params.eps_m),
        m=published.params.min_samples,
        cell=published.rule.cell_m,
    )


def hotspot_line(hotspot: PublishedHotspot) -> str:
    """A hotspot in one tooltip: the place, then the rounded count and what is near."""
    lines = [
        f"{hotspot.rank}. {hotspot.buurt or hotspot.wijk or hotspot.id}",
        _("± {n} meldingen", n=number(hotspot.n)),
        _near(hotspot),
    ]
    return "\n".join(line for line in lines if line)


def _detail(hotspot: PublishedHotspot) -> str:
    """How sure it is, and what is near."""
    sure = ""
    if hotspot.significant is not None and hotspot.strength is not None:
        sure = messages.certainty_short(significant=hotspot.significant, strength=hotspot.strength)
    return " · ".join(part for part in (sure, _near(hotspot)) if part)


def _near(hotspot: PublishedHotspot) -> str:
    if not hotspot.near:
        return ""
    if hotspot.near_m < 50:
        return _("bij {name}", name=hotspot.near)
    return _("± {m} m van {name}", m=hotspot.near_m, name=hotspot.near)


def _focus_on(published: Publication) -> tuple[float, float, float, float]:
    """The looked-at area together with every shown hotspot, so that none is cut off."""
    xmin, ymin, xmax, ymax = published.bounds
    if len(published.cells):
        a, b, c, d = published.cells.total_bounds
        xmin, ymin, xmax, ymax = min(xmin, a), min(ymin, b), max(xmax, c), max(ymax, d)
    margin = 0.03 * max(xmax - xmin, ymax - ymin)
    return xmin - margin, ymin - margin, xmax + margin, ymax + margin
