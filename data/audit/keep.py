"""What is kept outside the log: the key that makes its hashes, and the anchors that tell where it ended."""

import json
import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from data.audit.chain import Anchor, moment
from data.reasons import UserError

KEY_BYTES: Final = 32


class AuditError(UserError):
    """The key or the anchors of the audit log cannot be used."""


def key(path: Path) -> bytes:
    """The key in a file that only its owner can read; made, at random, when there is none.

    Raises AuditError when the file cannot be read or made, or holds too little.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            found = path.read_bytes().strip()
        else:
            with os.fdopen(opened, "wb") as file:
                found = secrets.token_hex(KEY_BYTES).encode()
                file.write(found)
    except OSError as error:
        raise AuditError(
            "audit_key",
            "De sleutel van het logboek is niet te lezen of te maken: {path}. Kies met de instelling audit_key een bestand "
            "waarbij u mag lezen en schrijven.",
            path=path,
        ) from error
    if len(found) < KEY_BYTES:
        raise AuditError(
            "audit_key_short",
            "De sleutel van het logboek in {path} is te kort: {n} tekens, minstens {least} zijn nodig. Zet de juiste sleutel terug.",
            path=path,
            n=len(found),
            least=KEY_BYTES,
        )
    return found


def anchors(path: Path) -> list[Anchor]:
    """The anchors in a file, one JSON object a line; none when there is no file. Raises AuditError for anything else."""
    if not path.exists():
        return []
    try:
        return [_anchor(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AuditError(
            "audit_anchors",
            "De ankers van het logboek in {path} zijn niet te lezen. Zet een kopie van dit bestand terug.",
            path=path,
        ) from error


def add_anchor(path: Path, anchor: Anchor) -> None:
    """Write one more anchor, to the disk. Raises OSError when the place cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = json.dumps({"seq": anchor.seq, "mac": anchor.mac, "at": moment(anchor.at)})
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.write(told + "\n")
        file.flush()
        os.fsync(file.fileno())


def newest(found: Iterable[Anchor]) -> Anchor | None:
    """The anchor farthest along; None when there are none."""
    return max(found, key=lambda a: a.seq, default=None)


def _anchor(line: str) -> Anchor:
    told = json.loads(line)
    return Anchor(seq=int(told["seq"]), mac=str(told["mac"]), at=datetime.fromisoformat(told["at"]))
