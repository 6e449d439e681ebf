"""aria-… and data-… attributes, whose names are no Python names."""

from typing import Any


def aria(**attributes: str) -> dict[str, Any]:
    """Keyword arguments for a component: label="Kaart" becomes "aria-label": "Kaart"."""
    return {f"aria-{name}": value for name, value in attributes.items()}


def data(**attributes: str) -> dict[str, Any]:
    """The same for data-…, which assets/page.js reads."""
    return {f"data-{name}": value for name, value in attributes.items()}
