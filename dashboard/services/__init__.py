"""What the page, the command line and the exports call: the same question gives the same answer everywhere."""

from dataclasses import dataclass

from dashboard.services.audit import AuditService
from dashboard.services.calendar import CalendarService
from dashboard.services.certainty import CertaintyService
from dashboard.services.change import ChangeService
from dashboard.services.city import CityCache
from dashboard.services.context import ContextService
from dashboard.services.development import DevelopmentService
from dashboard.services.drawn import DrawnService
from dashboard.services.evidence import EvidenceService
from dashboard.services.imports import ImportService
from dashboard.services.jobs import Jobs
from dashboard.services.layers import LayerService
from dashboard.services.manage import ManageService
from dashboard.services.map import MapService
from dashboard.services.places import PlaceService
from dashboard.services.published import PublishedService
from dashboard.services.quarantine import QuarantineService
from dashboard.services.questions import QuestionService
from dashboard.services.review import ReviewService
from dashboard.services.saved import SavedService
from dashboard.services.snapshots import SnapshotService
from dashboard.services.surface import SurfaceService
from data.settings import Settings
from data.store import ReportStore


@dataclass(frozen=True, kw_only=True)
class Services:
    """All services of one store."""

    audit: AuditService
    map: MapService
    certainty: CertaintyService
    change: ChangeService
    context: ContextService
    development: DevelopmentService
    drawn: DrawnService
    evidence: EvidenceService
    questions: QuestionService
    jobs: Jobs
    surface: SurfaceService
    imports: ImportService
    quarantine: QuarantineService
    layers: LayerService
    calendar: CalendarService
    places: PlaceService
    review: ReviewService
    saved: SavedService
    snapshots: SnapshotService
    published: PublishedService
    manage: ManageService
    settings: Settings


def services_for(store: ReportStore, settings: Settings) -> Services:
    """The services over one open store."""
    audit = AuditService(settings)
    cache = CityCache(store, settings)
    map_service = MapService(store, settings, cache)
    certainty = CertaintyService(map_service)
    context = ContextService(map_service, store)
    jobs = Jobs()
    imports = ImportService(store, settings, audit, jobs)
    return Services(
        audit=audit,
        map=map_service,
        certainty=certainty,
        change=ChangeService(store, cache, map_service),
        drawn=DrawnService(store, cache, map_service),
        places=PlaceService(map_service),
        context=context,
        development=DevelopmentService(store, settings, cache, maps=map_service, context=context),
        evidence=EvidenceService(map_service, certainty, jobs),
        questions=QuestionService(map_service, jobs),
        jobs=jobs,
        surface=SurfaceService(map_service, settings),
        imports=imports,
        quarantine=QuarantineService(store, settings, audit, imports),
        layers=LayerService(store, settings, cache, audit),
        calendar=CalendarService(store, audit),
        review=ReviewService(store, map_service, cache, audit),
        saved=SavedService(settings, map_service, certainty, audit),
        snapshots=SnapshotService(store, settings, audit, maps=map_service, certainty=certainty),
        published=PublishedService(store, settings, cache),
        manage=ManageService(store, settings, audit),
        settings=settings,
    )
