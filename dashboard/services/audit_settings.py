"""Thresholds, retention periods and limits as they are now, held against what the audit log last said of them.

They come from a file and from the environment, so nobody is signed in when one changes: the first start of the server,
freeze or retention after it writes the change down.
"""

from collections.abc import Iterable
from typing import Final

from dashboard.services.audit import AuditService
from dashboard.services.manage import SHOWN
from data.audit.chain import Action, Line
from data.settings import Settings
from data.viewer import Viewer

IN_FORCE: Final = "in_force"  # subject of the first line: all values at once

Value = str | int


def write_down(audit: AuditService, settings: Settings, *, by: Viewer) -> None:
    """Write a line for every setting that is not what the log last said; all of them in one line when it said nothing.

    Raises AuditError or StoreError, as AuditService.ready.
    """
    now = {name: _value(settings, name) for name in SHOWN}
    before = last_said(audit.written(Action.SETTING))
    if not before:
        audit.record(by, Action.SETTING, IN_FORCE, **now)
        return
    for name, value in now.items():
        if name not in before:
            audit.record(by, Action.SETTING, name, now=value)
        elif before[name] != value:
            audit.record(by, Action.SETTING, name, before=before[name], now=value)


def last_said(lines: Iterable[Line]) -> dict[str, Value]:
    """What lines about settings, oldest first, say of each of SHOWN in the end."""
    found: dict[str, Value] = {}
    for line in lines:
        told = line.detail if line.subject == IN_FORCE else {line.subject: line.detail.get("now")}
        found |= {name: value for name, value in told.items() if name in SHOWN and value is not None}
    return found


def _value(settings: Settings, name: str) -> Value:
    value = getattr(settings, name)
    return value if isinstance(value, int) else f"{value:g}"  # an audit line holds words and whole numbers
