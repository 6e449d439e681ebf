"""A thousand reports of which nothing may be seen outside the analyst: unique places, ids and words, and where they turn up.

A hit is a number pair that is a canary's place (RD or WGS84, either axis first, within 15 cm, or rounded to the decimals
that the pair has), or a piece of its text or its id, anywhere in an answer or file: base64, zlib and JSON are looked into.
"""

import base64
import html
import io
import itertools
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pypdf
import pyproj
import shapely
from PIL import Image
from scipy.spatial import cKDTree

from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST

N, CENTRES = 1_000, 40
NEAR_M = 0.15
LETTERS = "bcdfghjklmnpqrstvwxz"
NUMBER = re.compile(r"(?<![\w.])-?\d{1,6}(?:\.\d{1,17})?(?![\w.])")
BASE64 = re.compile(r"[A-Za-z0-9+/]{64,}={0,2}")
TO_WGS84 = pyproj.Transformer.from_crs(28992, 4326, always_xy=True)
CATEGORIES = ("nafluiten", "naroepen", "volgen", "betasten")


@dataclass(frozen=True, kw_only=True)
class Canaries:
    """Places (n×2, RD metres), words and ids of the reports, and what must have been masked before anybody reads it."""

    places: np.ndarray
    words: tuple[str, ...]
    ids: tuple[str, ...]
    masked: tuple[str, ...]
    _trees: dict = field(default_factory=dict, compare=False)

    def __post_init__(self):
        lon, lat = TO_WGS84.transform(self.places[:, 0], self.places[:, 1])
        degrees = np.column_stack([lon * 68_000.0, lat * 111_200.0])  # about metres here
        self._trees.update(rd=cKDTree(self.places), wgs84=cKDTree(degrees))
        rounded = {}
        for digits in (0, 1, 2):
            rounded[digits] = {(f"{x:.{digits}f}", f"{y:.{digits}f}") for x, y in self.places}
        for digits in (4, 5, 6, 7):
            rounded.setdefault(digits, set()).update(
                (f"{a:.{digits}f}", f"{b:.{digits}f}") for a, b in zip(lon, lat, strict=True)
            )
        self._trees["rounded"] = rounded

    def words_in(self, text):
        """Words and ids of canaries in a text."""
        found = set(re.findall(r"kn[a-z]{12}", text.lower())) & set(self.words)
        return sorted(found | (set(re.findall(r"K4N-\w{10}", text)) & set(self.ids)))

    def unmasked_in(self, text):
        """What should have been masked for everybody, the analyst too."""
        said = set(re.findall(r"06\d{8}", re.sub(r"(?<=\d)[\s.-](?=\d)", "", text))) | set(
            re.findall(r"m[a-z]{12}@voorbeeld\.nl", text)
        )
        return sorted(said & set(self.masked))

    def places_in(self, text):
        """Number pairs of a text that are a canary's place."""
        said = NUMBER.findall(text)
        if len(said) < 2:
            return []
        values = np.array(said, dtype=float)
        hits = []
        for tree, (x, y) in (("rd", (1.0, 1.0)), ("wgs84", (68_000.0, 111_200.0))):
            for first, second in ((values[:-1], values[1:]), (values[1:], values[:-1])):
                here = np.column_stack([first * x, second * y])
                low, high = self._trees[tree].mins - 10, self._trees[tree].maxes + 10
                worth = np.flatnonzero(((here >= low) & (here <= high)).all(axis=1))
                distance, _ = self._trees[tree].query(here[worth], distance_upper_bound=10.0)
                for i, metres in zip(worth[np.isfinite(distance)], distance[np.isfinite(distance)], strict=True):
                    pair = (said[i], said[i + 1])
                    if metres < NEAR_M or pair in self._rounded(pair) or pair[::-1] in self._rounded(pair):
                        hits.append(pair)
        return hits

    def _rounded(self, pair):
        """The places to as many decimals as a pair has."""
        return self._trees["rounded"].get(len(pair[0].partition(".")[2]), ())

    def near_vertices(self, text, *, within_m, moved=(0.0, 0.0)):
        """How many canaries, moved (n×2 or one vector, metres), lie near a WGS84 vertex that a text names."""
        said = [float(n) for n in NUMBER.findall(text)]
        vertices = [(a * 68_000.0, b * 111_200.0) for a, b in itertools.pairwise(said) if 4 < a < 6 and 51 < b < 53]
        if not vertices:
            return 0
        distance, _ = cKDTree(vertices).query(self._trees["wgs84"].data + moved, distance_upper_bound=within_m)
        return int(np.isfinite(distance).sum())

    def found_in(self, content):
        """Every hit in an answer or a file."""
        hits = []
        for text in readable(content):
            hits += [*self.words_in(text), *self.places_in(text), *self.unmasked_in(text)]
        return hits


def readable(content, *, deep=3):
    """Every text in a content, looking into JSON's escapes, base64, zlib streams (PDF, PNG) and zips."""
    raw = content.encode() if isinstance(content, str) else bytes(content)
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield from readable(archive.read(name), deep=deep - 1)
        return
    text = raw.decode("utf-8", "replace") if b"\0" not in raw[:1000] else raw.decode("latin-1")
    yield text
    if "\\u" in text:
        yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text)
    if deep <= 0:
        return
    for part in BASE64.findall(text):
        try:
            yield from readable(base64.b64decode(part + "=" * (-len(part) % 4)), deep=deep - 1)
        except ValueError:
            continue
    for start in (m.start() for m in re.finditer(rb"stream\r?\n|IDAT|zTXt|iCCP", raw)):
        for skip in (4, 7, 8):
            try:
                yield zlib.decompressobj().decompress(raw[start + skip :], 20_000_000).decode("latin-1")
                break
            except zlib.error:
                continue


def told_by(content, form):
    """What a map says beyond its bytes: a PDF's text and metadata, a PNG's text chunks; nothing may be attached."""
    if form == "pdf":
        document = pypdf.PdfReader(io.BytesIO(content))
        assert not document.attachments
        pages = [page.extract_text() for page in document.pages]
        return [
            *pages,
            as_json(dict(document.metadata or {})),
            str(document.xmp_metadata and document.xmp_metadata.stream),
        ]
    if form == "png":
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            assert not image.getexif()
            return [as_json({str(name): str(value) for name, value in image.info.items()})]
    return [html.unescape(content.decode())]


def write(folder: Path, store: ReportStore, *, seed=31):
    """A file of canaries in the store's city, far from every vertex that a map may show; gives file and canaries."""
    rng = np.random.default_rng(seed)
    buurten = store.areas("buurt")
    buurten = buurten[~buurten["water"].astype(bool) & (buurten["inhabitants"] > 500)]
    shapes = [
        *store.areas("buurt").geometry,
        *(g for k in ("schools", "stops", "routes", "water", "railway") for g in store.features(k).geometry),
    ]
    vertices = cKDTree(shapely.get_coordinates(np.array(shapes, dtype=object)))
    land = shapely.union_all(buurten.geometry.to_numpy()).buffer(-60)
    shapely.prepare(land)
    centres = shapely.get_coordinates(buurten.geometry.representative_point().to_numpy())
    centres = centres[rng.choice(len(centres), CENTRES, replace=len(centres) < CENTRES)]
    places = []
    while len(places) < N:
        x, y = np.round(centres[len(places) % CENTRES] + rng.normal(0, 35, 2), 2)
        clear = all(5 < v % 25 < 20 for v in (x, y)) and vertices.query((x, y))[0] > 4
        if clear and land.contains(shapely.Point(x, y)):
            places.append((x, y))
    words = ["kn" + "".join(rng.choice(list(LETTERS), 12)) for _ in range(N)]
    ids = ["K4N-" + "".join(rng.choice(list("ABCDEFGH23456789"), 10)) for _ in range(N)]
    phones = [f"06{n}" for n in rng.choice(np.arange(10_000_000, 99_999_999), N, replace=False)]
    mails = [f"m{w[2:]}@voorbeeld.nl" for w in words]
    rows = ["id;datum;tijd;x;y;categorie;omschrijving"]
    first = date(2024, 10, 1)
    for i, (x, y) in enumerate(places):
        day = first + timedelta(days=int(rng.integers(0, 540)))
        when = f"{day:%d-%m-%Y};{int(rng.integers(0, 24)):02d}:{int(rng.integers(0, 60)):02d}"
        text = f"hij riep {words[i]} en liep mee, bel {phones[i]} of mail {mails[i]}"
        rows.append(f"{ids[i]};{when};{x:.2f};{y:.2f};{CATEGORIES[i % 4]};{text}")
    path = folder / "kanaries.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path, Canaries(places=np.array(places), words=tuple(words), ids=tuple(ids), masked=(*phones, *mails))


def fill(store: ReportStore, settings: Settings, folder: Path) -> Canaries:
    """Put the canaries in a store that has the demo's city."""
    path, found = write(folder, store)
    result = import_file(path, store=store, settings=settings, options=ImportOptions(source="kanarie"))
    assert (result.read, result.accepted) == (N, N), result.to_json()["rows"][:5]
    stored = store.reports(LOCAL_ANALYST)
    mine = stored[stored["source"] == "kanarie"]
    assert len(mine) == N and len(found.words_in(" ".join(mine["text"]))) == N  # they would be seen if they came out
    path.unlink()
    return found


def as_json(value):
    """A text of any value, for looking into it."""
    return json.dumps(value, ensure_ascii=False, default=str)
