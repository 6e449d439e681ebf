"""``hotspotkaart analyse …``: one module per question, loaded when it is asked."""

from importlib import import_module
from typing import Final

import click

from dashboard.console import translated

# In the order in which one defends a hotspot (docs/how-to/analyse.md).
SUBJECTS: Final = (
    "advice",
    "sweep",
    "chance",
    "opinion",
    "time",
    "trend",
    "life",
    "compare",
    "near",
    "rates",
    "density",
    "gi",
    "moran",
    "knox",
    "spacetime",
    "scan",
    "windows",
)


class Subjects(click.Group):
    """The questions, each a module with a ``command``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All subjects."""
        return list(SUBJECTS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One subject, its module loaded now, its help in the current language."""
        if cmd_name not in SUBJECTS:
            return None
        found: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return translated(found)


@click.group("analyse", cls=Subjects)
def group() -> None:
    """Vragen aan de meldingen: cijfers met hun marge en waar ze op rusten."""
