"""Scripts and styles of web maps: the HTML export carries them inside, the page serves them from here."""

from pathlib import Path

STATIC = Path(__file__).parent
