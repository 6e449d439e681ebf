"""SnapshotService: a publication drawn as PNG, PDF or a self-contained HTML page, with its accompanying facts."""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from dashboard import messages
from dashboard.i18n import _, _n, day, language, number
from dashboard.services.certainty import CertaintyService
from dashboard.services.map import MapService
from dashboard.services.publication import Publication, PublishedHotspot, publish
from dashboard.services.types import Snapshot, SnapshotRequest
from data.settings import Settings
from data.viewer import Right, Viewer
from geo.disclosure import ROUND_TO
from layers import build, palette
from layers.print import to_print
from layers.sheet import Row, Sheet
from layers.spec import LayerSpec
from layers.standalone import to_html

MEDIA = {"png": "image/png", "pdf": "application/pdf", "html": "text/html; charset=utf-8"}


class SnapshotService:
    """Hands out maps. What leaves the house is a Publication, whoever asks."""

    def __init__(
        self,
        settings: Settings,
        maps: MapService,
        certainty: CertaintyService,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._settings = settings
        self._maps = maps
        self._certainty = certainty
        self._today = today

    def snapshot(self, viewer: Viewer, request: SnapshotRequest) -> Snapshot:
        """Draw one. Raises Denied, NothingToPublish or UnknownArea (dashboard.services.publication)."""
        viewer.require(Right.EXPORT)
        published = publish(
            viewer,
            request,
            maps=self._maps,
            certainty=self._certainty,
            settings=self._settings,
            today=self._today(),
        )
        demo = self._maps.choices(viewer).is_demo
        specs, sheet = self._specs(published), self._sheet(published, demo=demo)
        content = to_html(specs, sheet) if request.format == "html" else to_print(specs, sheet, format=request.format)
        return Snapshot(
            content=content,
            media_type=MEDIA[request.format],
            file_name=f"hotspotkaart-{published.end:%Y%m%d}-{published.id[-8:]}.{request.format}",
            facts=self._facts(published, sheet, content, demo=demo),
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
        source = {kind: str(frame.attrs.get("attribution", "")) or "–" for kind, frame in city.features.items()}
        areas = str(city.buurten.attrs.get("attribution", "")) or "–"
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
        if not published.hotspots:
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
            table_head=(_("nr."), _("plaats"), _("meldingen")),
            rows=rows,
            method=_(
                "DBSCAN in RD New (EPSG:28992), eps {eps} m, minimaal {m} meldingen; getoond als rastercellen van {cell} m",
                eps=number(published.params.eps_m),
                m=published.params.min_samples,
                cell=rule.cell_m,
            ),
            sources=tuple(dict.fromkeys(s for s in sources if s)),
            footer=self._footer(published),
            notes=tuple(notes),
            empty=_("Geen hotspot met genoeg meldingen om te tonen. Kies een langere periode of een groter gebied."),
            paper=published.request.paper,
            extent=_focus_on(published),
            lang=language(),
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
