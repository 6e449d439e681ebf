"""Bytes to text, strictly: byte order mark, then UTF-8, then Windows-1252. Never a guess by statistics, never U+FFFD.

What cannot be decoded becomes a lone surrogate (PEP 383), so that the record it stands in can be found and set apart.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

import numpy as np

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHUNK: Final = 1 << 18
# These say how far they got, so that a character on the edge of a chunk is no error.
_DECODERS: Final = {
    "utf-8": codecs.utf_8_decode,
    "utf-16-le": codecs.utf_16_le_decode,
    "utf-16-be": codecs.utf_16_be_decode,
}
# A file that is Windows-1252 may hold a few lines garbled earlier, which look like UTF-8: so many to one decide.
_FEW: Final = 10
_CP1252_DEFINED: Final = bytes(set(range(256)) - {0x81, 0x8D, 0x8F, 0x90, 0x9D})
SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Encoding:
    """name: Python codec. bom: bytes to skip. clean: every byte decodes."""

    name: str
    bom: int
    clean: bool

    @property
    def errors(self) -> str:
        """The handler that keeps what cannot be decoded as lone surrogates."""
        return "surrogatepass" if self.name.startswith("utf-16") else "surrogateescape"


def detect(content: bytes) -> Encoding:
    """The encoding of a whole file.

    Not valid UTF-8: UTF-8 with bad lines when other lines hold valid multi-byte sequences, otherwise Windows-1252.
    """
    for mark, name in _BOMS:
        if content.startswith(mark):
            return Encoding(name=name, bom=len(mark), clean=_decodes(content, name, len(mark)))
    if name := _utf16_without_mark(content):
        return Encoding(name=name, bom=0, clean=_decodes(content, name, 0))
    if _decodes(content, "utf-8", 0):
        return Encoding(name="utf-8", bom=0, clean=True)
    if _mostly_utf8(content):
        return Encoding(name="utf-8", bom=0, clean=False)
    return Encoding(name="cp1252", bom=0, clean=_decodes(content, "cp1252", 0))


def to_text(content: bytes, encoding: Encoding) -> str:
    """The text after the byte order mark; bytes that mean nothing are lone surrogates."""
    body = content[encoding.bom :]
    if encoding.name.startswith("utf-16") and len(body) % 2:  # half a character at the end: a cut-off file
        return body[:-1].decode(encoding.name, encoding.errors) + "\udc80"
    return body.decode(encoding.name, encoding.errors)


def byte_length(text: str, encoding: Encoding) -> int:
    """How many bytes of the file ``text`` took."""
    return len(text.encode(encoding.name, encoding.errors))


def _decodes(content: bytes, name: str, start: int) -> bool:
    if name == "cp1252":
        return not content.translate(None, _CP1252_DEFINED)
    if name == "utf-8" and content.isascii():
        return True
    decode = _DECODERS[name]
    view = memoryview(content)
    at = start
    try:
        while at < len(content):
            at += decode(view[at : at + _CHUNK], "strict", at + _CHUNK >= len(content))[1]
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(content: bytes) -> str:
    """Text of mostly Latin letters in UTF-16 has a NUL in every other byte."""
    head = np.frombuffer(content[:4096], dtype=np.uint8)
    if len(head) < 8:
        return ""
    even, odd = (head[0::2] == 0).mean(), (head[1::2] == 0).mean()
    if odd > 0.6 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.05 else ""


def _mostly_utf8(content: bytes) -> bool:
    good = bad = 0
    for line in re.split(rb"[\r\n]+", content):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            bad += 1
    return good * _FEW >= bad
