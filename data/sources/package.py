"""The zip around a workbook: looked over before anything in it is believed (BAD_INPUT 35)."""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from data.sources import reasons

MAX_UNPACKED: Final = 200_000_000
_MAX_RATIO: Final = 100
_SMALL: Final = 1_000_000  # below this size a member may be packed as tight as it likes
_MAX_MEMBERS: Final = 2_000
_MAX_DIRECTORY: Final = 1_000_000  # bytes of the list of members, read before zipfile reads it
_MAX_PROLOG: Final = 65_536
_MAX_DEPTH: Final = 100
_MAX_NAMES: Final = 10_000  # different names of elements and attributes in one part
_MAX_SMALL_PART: Final = 20_000_000  # everything but sheets and shared texts
_ARCHIVES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b\x08", b"7z\xbc\xaf", b"Rar!")
_CHUNK: Final = 1 << 16
_SPREADSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml."
MAIN_TYPE: Final = _SPREADSHEET + "sheet.main+xml"

# What reading a damaged package can raise; the front turns it into one refusal.
BROKEN: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    ValueError,
)


class Package:
    """The parts of an OOXML package by name; ``open`` gives a part's bytes as a stream."""

    def __init__(self, content: bytes, *, name: str) -> None:
        self.name = name
        if _directory_size(content) > _MAX_DIRECTORY:
            raise reasons.too_large_unpacked(name)
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._parts = self._checked()

    def __contains__(self, part: str) -> bool:
        """Whether there is such a part."""
        return part.casefold() in self._parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """The part's bytes. Raises KeyError when it is not there, zipfile.BadZipFile when it is damaged."""
        with self._zip.open(self._parts[part.casefold()]) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def size(self, part: str) -> int:
        """Bytes when unpacked."""
        return self._parts[part.casefold()].file_size

    def _checked(self) -> dict[str, zipfile.ZipInfo]:
        members = self._zip.infolist()
        if len(members) > _MAX_MEMBERS or sum(info.file_size for info in members) > MAX_UNPACKED:
            raise reasons.too_large_unpacked(self.name)
        parts: dict[str, zipfile.ZipInfo] = {}
        for info in members:
            part = info.filename.casefold()
            if ".." in part.split("/") or part.startswith("/") or "\\" in info.orig_filename or ":" in part:
                raise reasons.strange_parts(self.name, _shown(info))
            if info.flag_bits & 0x1:
                raise reasons.old_or_protected_workbook(self.name)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise reasons.strange_parts(self.name, _shown(info))
            if info.file_size > _SMALL and info.file_size > _MAX_RATIO * info.compress_size:
                raise reasons.too_large_unpacked(self.name)
            if part in parts:
                raise reasons.strange_parts(self.name, _shown(info))
            parts[part] = info
        if "[content_types].xml" not in parts:
            raise reasons.not_a_table(self.name, "zip")
        for info in members:
            self._check_head(info)
        return parts

    def _check_head(self, info: zipfile.ZipInfo) -> None:
        with self._zip.open(info) as stream:
            if info.filename.casefold().endswith((".xml", ".rels", ".vml")):
                if has_doctype(stream.read(_MAX_PROLOG)):
                    raise reasons.declares_entities(self.name, _shown(info))
            elif stream.read(8).startswith(_ARCHIVES):
                raise reasons.strange_parts(self.name, _shown(info))


def _shown(info: zipfile.ZipInfo) -> str:
    """A member's name that can stand in a sentence."""
    return "".join(letter if letter.isprintable() else "?" for letter in info.filename[:60])


def _directory_size(content: bytes) -> int:
    """Bytes of the zip's list of members, by its last record; zipfile would read all of it without asking."""
    at = content.rfind(b"PK\x05\x06", max(0, len(content) - 65_557))
    if at < 0 or at + 22 > len(content):
        return 0
    size = int(struct.unpack_from("<I", content, at + 12)[0])
    locator = content[max(0, at - 20) : at]
    if locator.startswith(b"PK\x06\x07"):
        record = struct.unpack_from("<Q", locator, 8)[0]
        beside = content.rfind(b"PK\x06\x06", 0, at)  # zipfile looks here too
        for place in (record, beside):
            if 0 <= place <= len(content) - 56:
                size = max(size, int(struct.unpack_from("<Q", content, place + 40)[0]))
    return size


def has_doctype(head: bytes) -> bool:
    """Whether an XML part declares a document type: entities live there, workbooks never need one.

    It can only stand before the first element, so parsing stops there; a part without an element in its first 64 kB
    counts as having one.
    """
    seen: list[bool] = []

    def stop(found: bool) -> None:
        seen.append(found)
        raise _Enough

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: stop(True)
    parser.StartElementHandler = lambda *_: stop(False)
    try:
        parser.Parse(head, False)
    except _Enough:
        return seen[0]
    except expat.ExpatError:
        return b"<!DOCTYPE" in head.upper().replace(b"\0", b"")
    return len(head) >= _MAX_PROLOG


class _Enough(Exception):
    """Stops the parser."""


def parse(chunks: Iterator[bytes], parser: expat.XMLParserType) -> None:
    """Feed a part to a parser, whole; see ``fed``."""
    for _ in fed(chunks, parser):
        pass


def fed(chunks: Iterator[bytes], parser: expat.XMLParserType) -> Iterator[int]:
    """Feed a part to a parser bit by bit; gives the bytes of each bit once it is parsed.

    Entities cannot be declared, for a document type is refused here too. Raises ValueError for that, and for more
    different names than a workbook has, which the parser would all remember.
    """

    def refuse(*_: object) -> None:
        raise ValueError("DOCTYPE")

    parser.StartDoctypeDeclHandler = refuse
    for chunk in chunks:
        parser.Parse(chunk, False)
        if len(parser.intern) > _MAX_NAMES:
            raise ValueError("names")
        yield len(chunk)
    parser.Parse(b"", True)


def elements(package: Package, part: str, wanted: frozenset[str]) -> list[tuple[str, dict[str, str]]]:
    """The wanted elements of a small part in order: local name and attributes (with local names).

    Raises ValueError for one that is not small, or nested absurdly deep.
    """
    if package.size(part) > _MAX_SMALL_PART:
        raise ValueError("size")
    found: list[tuple[str, dict[str, str]]] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise ValueError("depth")
        if (name := local(tag)) in wanted:
            found.append((name, {local(key): value for key, value in attributes.items()}))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parse(package.chunks(part), parser)
    return found


def local(tag: str) -> str:
    """A name without its prefix."""
    return tag.rpartition(":")[2]


def workbook_part(package: Package) -> str:
    """The name of the workbook's main part. Raises FileRefused for anything else than a plain .xlsx."""
    types = [
        (attributes.get("PartName", "").lstrip("/"), attributes.get("ContentType", ""))
        for _, attributes in elements(package, "[Content_Types].xml", frozenset({"Override", "Default"}))
    ]
    if any("macroenabled" in kind.casefold() or "vbaproject" in kind.casefold() for _, kind in types):
        raise reasons.macro_workbook(package.name)
    for part, kind in types:
        if kind == MAIN_TYPE:
            return part or "xl/workbook.xml"
    raise reasons.not_a_table(package.name, next((kind for _, kind in types if "main" in kind), "zip")[:80])


def related(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Parts a part refers to: id → (kind, name). References to places outside the package are left out."""
    folder, base = posixpath.split(part)
    links = posixpath.join(folder, "_rels", base + ".rels")
    if links not in package:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for _, attributes in elements(package, links, frozenset({"Relationship"})):
        if attributes.get("TargetMode") == "External":
            continue
        target = attributes.get("Target", "")
        name = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], name)
    return found
