"""Freezing what others than analysts see, and writing down that it was done."""

from datetime import date

from dashboard.services.audit import AuditService
from dashboard.services.city import CityCache
from data import publishing, retention
from data.audit.chain import Action
from data.publishing import Frozen
from data.settings import Settings
from data.store import ReportStore
from data.store.saved import SavedStore
from data.viewer import Viewer
from geo.disclosure import PublishRule


def freeze(store: ReportStore, settings: Settings, audit: AuditService, *, by: Viewer, today: date) -> Frozen:
    """Publish what is closed and revise what changed enough, by the settings. One line in the log when something changed.

    Raises PublishingError (data.publishing) when it cannot be done; nothing is published then.
    """
    rule = PublishRule(k=settings.k_screen, cell_m=settings.cell_screen_m)
    eps_m = SavedStore.open(settings).publish_eps_m(usual=settings.eps_m)
    done = publishing.freeze(
        store,
        surroundings=CityCache(store, settings).city().surroundings,
        rule=rule,
        eps_m=eps_m,
        today=today,
        keep_from=retention.cut(settings, today=today).detail,
    )
    if done.changed and (version := done.published.version) is not None:
        audit.record(
            by,
            Action.PUBLICATION,
            f"version {version.version}",
            k=version.k,
            shown=version.n_shown,
            quarters=version.n_new,
            revised=version.n_revised,
            hotspots=len(done.published.spots),
        )
    return done
