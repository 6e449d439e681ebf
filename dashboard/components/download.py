"""A file for the browser to save."""

import base64


def download(content: bytes, name: str, *, media_type: str) -> dict[str, str | bool]:
    """The ``data`` of a dcc.Download."""
    return {"content": base64.b64encode(content).decode(), "filename": name, "type": media_type, "base64": True}
