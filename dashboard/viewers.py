"""Who looks at the page. Without sign-in the server listens on loopback only, so it is the analyst at this machine."""

from data.viewer import LOCAL_ANALYST, Viewer


def current_viewer() -> Viewer:
    """The viewer of the present request."""
    return LOCAL_ANALYST
