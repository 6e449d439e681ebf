"""The chain: every line bears a keyed hash over itself and the line before it, so that no line can be changed unseen.

HMAC-SHA-256 (RFC 2104) over canonical JSON: sorted keys, no spaces, UTF-8, moments in UTC. Whoever does not hold the key
cannot make a line that fits; whoever cuts the tail off leaves an anchor, kept elsewhere, that points past the end.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

START: Final = "0" * 64  # what the first line takes for the line before it

Detail = Mapping[str, str | int | bool]


class Action(StrEnum):
    """What is written down. Never what a report says, never where it was."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    VIEW_REPORTS = "view_reports"  # single reports: exact points
    EXPORT = "export"
    EXPORT_REFUSED = "export_refused"
    DENIED = "denied"
    IMPORT = "import"
    DECISION = "decision"
    USER = "user"  # made, disabled, another role, other wijken, sessions ended
    SETTING = "setting"  # a threshold or a retention period
    PUBLICATION = "publication"  # cells frozen or revised
    RETENTION = "retention"
    MEASURE = "measure"
    BACKUP = "backup"
    RESTORE = "restore"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line. at: UTC, to the microsecond. subject: an id or a name of a thing, never of a victim."""

    seq: int
    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    detail: Detail
    mac: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """The chain's head at some moment, kept outside the log."""

    seq: int
    mac: str
    at: datetime


class Fault(StrEnum):
    """What can be wrong with a chain."""

    CHANGED = "changed"  # a line, or the one before it, is not what it was
    MISSING = "missing"  # numbers are skipped
    OUT_OF_ORDER = "out_of_order"  # numbers or moments go back
    CUT = "cut"  # an anchor points past the last line
    OTHER_CHAIN = "other_chain"  # the line an anchor points to has another hash


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One fault and the number of the line where it shows."""

    fault: Fault
    seq: int


def moment(at: datetime) -> str:
    """A moment as it stands in the chain: UTC with microseconds, always equally long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(line: Line, before: str) -> bytes:
    """The bytes that are hashed: the line and the hash of the one before it."""
    told = [line.seq, moment(line.at), line.actor, line.role, line.action, line.subject, dict(line.detail), before]
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def mac(line: Line, before: str, *, key: bytes) -> str:
    """The keyed hash of a line, 64 hexadecimal digits."""
    return hmac.new(key, canonical(line, before), hashlib.sha256).hexdigest()


def verify(lines: Iterable[Line], anchors: Sequence[Anchor] = (), *, key: bytes) -> list[Finding]:
    """Everything that is wrong with a chain, by line; empty when it is whole.

    lines: in the order stored. anchors: heads that were kept elsewhere, in any order.
    """
    found: list[Finding] = []
    pending = {a.seq: a for a in anchors}
    at_end = Line(
        seq=0, at=datetime.min.replace(tzinfo=UTC), actor="", role="", action="", subject="", detail={}, mac=START
    )
    for line in lines:
        if line.seq <= at_end.seq or line.at < at_end.at:
            found.append(Finding(fault=Fault.OUT_OF_ORDER, seq=line.seq))
        elif line.seq != at_end.seq + 1:
            found.append(Finding(fault=Fault.MISSING, seq=at_end.seq + 1))
        if not hmac.compare_digest(line.mac, mac(line, at_end.mac, key=key)):
            found.append(Finding(fault=Fault.CHANGED, seq=line.seq))
        anchor = pending.pop(line.seq, None)
        if anchor is not None and anchor.mac != line.mac:
            found.append(Finding(fault=Fault.OTHER_CHAIN, seq=line.seq))
        at_end = line
    found += [Finding(fault=Fault.CUT, seq=seq) for seq in sorted(pending)[:1]]
    return found
