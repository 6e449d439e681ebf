"""What a page is: where it stands, what it is called, who may see it and what it shows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dashboard.services import Services
from data.viewer import Denied, Right, Viewer


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a page puts on the screen. actions: its own buttons in the header. beside: dialogs and stores.

    parts: what the places of the view (dashboard.view) show at first.
    """

    main: Any
    class_name: str = "hk-sheet"  # of <main>; "hk-main" is the map's three columns
    actions: tuple[Any, ...] = ()
    beside: tuple[Any, ...] = ()
    parts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. rights: any one of them lets a viewer in. title: Dutch, marked with N_.

    build: everything that stands on it when it opens, by the query of its address. It asks services that require a
    right of their own.
    """

    path: str
    title: str
    rights: tuple[Right, ...]
    build: Callable[[Services, Viewer, str], Shown]

    def may(self, viewer: Viewer) -> bool:
        """Whether the viewer may open this page."""
        return any(viewer.may(right) for right in self.rights)

    def require(self, viewer: Viewer) -> None:
        """Nothing when the viewer may open this page. Raises Denied else."""
        if not self.may(viewer):
            raise Denied(viewer.role, self.rights[0])
