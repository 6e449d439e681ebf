"""Who looks at the page: whoever the request's session belongs to, as that user is at this moment (dashboard.auth)."""

from flask_login import current_user

from data.reasons import Explained
from data.viewer import Viewer


class NotSignedIn(Explained):
    """Nobody is signed in, or not any more."""

    def __init__(self) -> None:
        super().__init__("not_signed_in", "U bent niet aangemeld. Meld u aan om verder te gaan.")


def viewer_or_none() -> Viewer | None:
    """The viewer of the present request; None when nobody is signed in, and outside any request."""
    found = getattr(current_user, "viewer", None)
    return found if isinstance(found, Viewer) else None


def current_viewer() -> Viewer:
    """The viewer of the present request. Raises NotSignedIn when there is none."""
    found = viewer_or_none()
    if found is None:
        raise NotSignedIn
    return found
