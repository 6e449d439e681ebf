"""Whether the body of a callback's request is one that the page itself could have sent.

Dash answers a body it did not expect with a server error; here it is the asker's fault. A body names a callback that
runs on the server, its outputs exactly, and one entry per input and state: an id and property, for the wildcard ALL a list.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Known = Mapping[str, Any]


def well_formed(body: Any, callbacks: Mapping[str, Known]) -> bool:
    """callbacks: Dash's ``callback_map``."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return False
    known = callbacks.get(body["output"])
    if known is None or "callback" not in known:
        return False
    return (
        _are(body.get("inputs", []), known["inputs"])
        and _are(body.get("state", []), known["state"])
        and _are_outputs(body.get("outputs"), known["output"])
        and _are_changes(body.get("changedPropIds", []), body.get("inputs", []))
    )


def _are(given: Any, known: Sequence[Known]) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(known)
        and all(_is(part, expected) for part, expected in zip(given, known, strict=True))
    )


def _is(part: Any, expected: Known) -> bool:
    if expected["id"].startswith("{"):
        pattern = json.loads(expected["id"])
        if any(value == ["ALL"] for value in pattern.values()):  # many; ["MATCH"] is one
            return isinstance(part, list) and all(_matches(one, pattern, expected["property"]) for one in part)
        return _matches(part, pattern, expected["property"])
    return isinstance(part, dict) and part.get("id") == expected["id"] and part.get("property") == expected["property"]


def _matches(part: Any, pattern: Mapping[str, Any], prop: str) -> bool:
    return isinstance(part, dict) and part.get("property") == prop and _fits(part.get("id"), pattern)


def _fits(id_: Any, pattern: Mapping[str, Any]) -> bool:
    """Whether an id is one that a pattern stands for; its wildcards are anything but plain text."""
    return (
        isinstance(id_, dict)
        and id_.keys() == pattern.keys()
        and all(
            id_[key] == value if isinstance(value, str) else isinstance(id_[key], str | int)
            for key, value in pattern.items()
        )
    )


def _are_outputs(given: Any, known: Any) -> bool:
    several = isinstance(known, list | tuple)
    parts = given if several else [given]
    expected = known if several else [known]
    return (
        isinstance(parts, list)
        and len(parts) == len(expected)
        and all(_is_output(part, output) for part, output in zip(parts, expected, strict=True))
    )


def _is_output(part: Any, output: Any) -> bool:
    """A property that several callbacks write bears a mark after an @."""
    return (
        isinstance(part, dict)
        and (
            _fits(part.get("id"), output.component_id)
            if isinstance(output.component_id, dict)
            else part.get("id") == output.component_id
        )
        and isinstance(part.get("property"), str)
        and part["property"].partition("@")[0] == output.component_property
    )


def _are_changes(given: Any, inputs: list[Any]) -> bool:
    flat = [one for part in inputs for one in (part if isinstance(part, list) else [part])]
    names = {f"{_written(one['id'])}.{one['property']}" for one in flat}
    return isinstance(given, list) and all(isinstance(name, str) and name in names for name in given)


def _written(id_: Any) -> str:
    """An id as the browser writes it in a property's name."""
    return id_ if isinstance(id_, str) else json.dumps(id_, sort_keys=True, separators=(",", ":"))
