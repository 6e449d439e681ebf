"""Why a map cannot be handed out, in words."""

from dashboard.i18n import _, day
from dashboard.services.publication import NothingToPublish, UnknownArea


def refusal(refused: NothingToPublish | UnknownArea) -> str:
    """Why there is no map, and what would do."""
    if isinstance(refused, UnknownArea):
        known = ", ".join(sorted(refused.known))
        return _("Er is geen gebied {name}. Bekend zijn: {known}.", name=refused.name, known=known)
    return _(
        "In deze periode ligt nog geen afgesloten kwartaal: een export kan pas 30 dagen na het einde van een kwartaal."
        " Kies een eerdere periode, of wacht tot {day}.",
        day=day(refused.opens),
    )
