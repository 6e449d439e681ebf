"""Zip files from strangers: what is in them, checked before anything is unpacked."""

import errno
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.reasons import FileRefused

MAX_MEMBERS: Final = 10_000
MAX_UNPACKED: Final = 2 << 30
# Map data packs 3 to 20 times; a bomb thousands of times. Small members may pack well by chance.
MAX_RATIO: Final = 200
RATIO_FROM: Final = 20 << 20
_ARCHIVES: Final = (".zip", ".kmz", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".7z", ".rar", ".jar")
_SYSTEM = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)")

Members = dict[str, zipfile.ZipInfo]


@contextmanager
def open_zip(path: Path, *, label: str) -> Iterator[tuple[zipfile.ZipFile, Members]]:
    """The archive and its file members by name (folders and Mac leftovers left out).

    Raises FileRefused ``unsafe_zip`` for members that point outside the archive, links, encrypted members and archives
    in the archive; ``unreadable`` for what is no whole zip file, also when it turns out so while reading.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _checked(archive.infolist(), label)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        zlib.error,
        UnicodeDecodeError,
        OSError,
    ) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:  # EINVAL: a damaged directory seeks nowhere
            raise
        raise FileRefused(
            "unreadable", "{file}: het zip-bestand is beschadigd of niet volledig overgekomen.", file=label
        ) from error


def _checked(infos: list[zipfile.ZipInfo], label: str) -> Members:
    if len(infos) > MAX_MEMBERS:
        raise FileRefused(
            "unsafe_zip", "{file}: het zip-bestand bevat {n} bestanden; dat is te veel.", file=label, n=len(infos)
        )
    for info in infos:
        name = info.filename
        raw = info.orig_filename  # zipfile turns backslashes into slashes and cuts at NUL
        pointing = name.startswith("/") or ":" in name or ".." in re.split(r"[/\\]", raw) or "\\" in raw or "\0" in raw
        linked = stat.S_ISLNK(info.external_attr >> 16)
        if pointing or linked or info.flag_bits & 0x1 or name.lower().endswith(_ARCHIVES):
            raise FileRefused(
                "unsafe_zip",
                "{file}: het zip-bestand bevat ‘{member}’, en dat wordt niet geopend (een pad naar buiten, een "
                "koppeling, een versleuteld bestand of een zip in een zip). Pak het uit en lever alleen het bestand "
                "zelf aan.",
                file=label,
                member=shown(name),
            )
    return {i.filename: i for i in infos if not i.is_dir() and not _SYSTEM.search(i.filename)}


def check_size(members: Iterable[zipfile.ZipInfo], *, label: str, limit: int = MAX_UNPACKED) -> None:
    """Raise FileRefused ``too_big`` when these members together unpack to more than ``limit`` bytes, or one is a bomb.

    zipfile never gives more bytes than a member declares, so the declared sizes are what counts.
    """
    chosen = list(members)
    total = sum(m.file_size for m in chosen)
    bomb = any(m.file_size > RATIO_FROM and m.file_size > MAX_RATIO * max(m.compress_size, 1) for m in chosen)
    if total > limit or bomb:
        raise FileRefused(
            "too_big",
            "{file}: uitgepakt wordt dit {mb} MB. Dat is meer dan hier wordt uitgepakt ({limit} MB), of verdacht sterk "
            "ingepakt.",
            file=label,
            mb=total >> 20,
            limit=limit >> 20,
        )


def unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write one member to ``target``, a name of our own choosing."""
    with archive.open(member) as source, target.open("wb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)


def shown(name: str, *, length: int = 80) -> str:
    """A name from a file, fit for a message: printable and short."""
    text = "".join(c if c.isprintable() else "·" for c in name)
    return text if len(text) <= length else text[: length - 1] + "…"
