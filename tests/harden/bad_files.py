"""The forty families of BAD_INPUT, ten variants and more of each: ``FAMILIES[number](chance, variant)`` gives a Bad file."""

import io
import json
import zipfile
from dataclasses import dataclass

import openpyxl

HEAD = ["id", "datum", "tijd", "lat", "lon", "categorie", "omschrijving", "status"]


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A file. rows: records that must be accounted for when it is taken; None: only balance is asked."""

    content: bytes
    rows: int | None = None
    name: str = "meldingen.csv"


def rows(chance, *changes, n=6):
    """n good rows with odd ones among them."""
    found = [
        {"id": f"g{i}", "datum": f"{1 + i % 28:02d}-05-2025", "tijd": f"{i % 24:02d}:1{i % 6}", "categorie": "nafluiten", "omschrijving": "",
         "lat": f"{51.80 + chance.random() / 50:.6f}", "lon": f"{4.66 + chance.random() / 50:.6f}", "status": ""} for i in range(n)
    ]  # fmt: skip
    for k, change in enumerate(changes):
        found.insert(chance.randrange(len(found) + 1), dict(found[0]) | {"id": f"x{k}"} | change)
    return found


def csv(
    found, *, sep=";", head=None, end="\n", encoding="utf-8", before="", after="", name="meldingen.csv", errors="strict"
):
    head = head or list(dict.fromkeys([*HEAD, *(k for row in found for k in row)]))
    lines = [sep.join(head), *(sep.join(str(row.get(h, "")) for h in head) for row in found)]
    return Bad(content=(before + end.join(lines) + end + after).encode(encoding, errors), rows=len(found), name=name)


def each(*changes, **how):
    """A family of rows: one odd row, or several, among good ones, in various layouts."""

    def make(chance, variant):
        some = [changes[variant % len(changes)]] if variant < 2 * len(changes) else chance.choices(changes, k=3)
        return csv(
            rows(chance, *some, n=2 + variant), sep=";\t"[variant % 2], end=("\n", "\r\n")[variant // 2 % 2], **how
        )

    return make


def encoded(encoding, text, *, bom=b""):
    def make(chance, variant):
        bad = csv(
            rows(chance, {"omschrijving": text}, n=variant + 1),
            sep="\t" if "16" in encoding else ";",
            encoding=encoding,
        )
        return Bad(content=bom + bad.content, rows=bad.rows)

    return make


def mixed(chance, variant):
    good = csv(rows(chance, n=3 + variant))
    return Bad(
        content=good.content + "z1;02-05-2025;10:00;51.81;4.67;nafluiten;caf\xe9 \x80 5;\n".encode("latin-1"),
        rows=good.rows + 1,
    )


def workbook(spoil=None, *, name="meldingen.xlsx", epoch=None):
    def make(chance, variant):
        book = openpyxl.Workbook()
        if epoch:
            book.epoch = epoch
        sheet = book.active
        found = rows(chance, n=2 + variant)
        sheet.append(HEAD)
        for row in found:
            sheet.append([float(v) if k in ("lat", "lon") else v for k, v in row.items()])
        if spoil:
            spoil(sheet, variant)
        out = io.BytesIO()
        book.save(out)
        return Bad(content=out.getvalue(), name=name)

    return make


def odd_cells(sheet, variant):
    acts = [
        lambda: sheet.__setitem__("A2", "=1+1"),
        lambda: sheet.__setitem__("D2", "#N/B"),
        lambda: sheet.merge_cells("A2:C2"),
        lambda: setattr(sheet.row_dimensions[2], "hidden", True),
        lambda: setattr(sheet.auto_filter, "ref", "A1:H3"),
        lambda: sheet.__setitem__("XFD2", "rand"),
        lambda: sheet.__setitem__("A9999", "ver weg"),
        lambda: sheet.__setitem__("B2", 45400.9375),
        lambda: sheet.insert_rows(1, 2),
        lambda: sheet.append(["Totaal", 7]),
    ]
    acts[variant % len(acts)]()


def package(chance, variant):
    """Zips that are no workbook, or one that would not fit in a memory."""
    out = io.BytesIO()
    lol = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {c} "{"&a;" * 10}">' for c in "bcdef") + "]>"
    parts = [
        {"xl/worksheets/sheet1.xml": b"<c>" + b"0" * 60_000_000},
        {"[Content_Types].xml": lol.encode() + b"<l>&f;</l>"},
        {"binnen.zip": b"PK\x03\x04" * 9},
        {"../../weg.csv": b"id;datum"},
        {f"m{i}": b"" for i in range(5000)},
        {"xl/vbaProject.bin": b"\0" * 99},
        {},
        {"xl/workbook.xml": b"\xff" * 40, "[Content_Types].xml": b"<"},
        {"[Content_Types].xml": b"<a>" * 50_000},
        {"xl/sharedStrings.xml": b"<si><t>" + b"x" * 40_000_000},
    ][variant % 10]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    content = out.getvalue()
    return Bad(
        content=content[: len(content) // 2] if variant > 9 else content,
        name=("a.xlsx", "a.xlsm", "a.csv")[variant % 3],
    )


def ole(chance, variant):
    return Bad(
        content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(99),
        name=("a.xls", "a.xlsx", "a.xlsm")[variant % 3],
    )


def virtual(chance, variant):
    texts = [
        "<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "/vsicurl/http://127.0.0.1:9/a.csv",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '{"type": "FeatureCollection", "features": "/vsicurl/http://127.0.0.1:9/x"}',
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
        '{"type": "Topology", "objects": {}}',
        "<html><script src=http://127.0.0.1:9/></html>",
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": ["a", null]}}]}',
        '{"type": "FeatureCollection", "features": ' + "[" * 5000,
        '{"type": "Point", "coordinates": [NaN, Infinity]}',
    ]
    return Bad(
        content=texts[variant % len(texts)].encode() + b" " * variant,
        name=("a.geojson", "a.csv", "a.json")[variant % 3],
    )


def boundaries(chance, variant):
    """Polygons where points of reports should be."""
    ring = [[4.6, 51.8], [4.7, 51.9], [4.7, 51.8], [4.6, 51.9], [4.6, 51.8]]
    kinds = ["Polygon", "MultiPolygon", "LineString", "GeometryCollection", "MultiPoint"]
    feature = {
        "type": "Feature",
        "properties": {"id": 1, "datum": "01-05-2025", "BU_CODE": "BU1", "water": "JA", "n": -99999999},
    }
    feature["geometry"] = {"type": kinds[variant % 5], "coordinates": [ring] * (1 + variant)}
    return Bad(content=json.dumps({"type": "FeatureCollection", "features": [feature] * 3}).encode(), name="a.geojson")


def layout(chance, variant):
    found = rows(chance, n=4)
    return [
        lambda: csv(found, before="Export meldpunt;;;\n\n"),
        lambda: csv(found, after="Totaal;4;;;;;;\n"),
        lambda: csv(found, head=list(reversed(HEAD))),
        lambda: csv(found, head=["id", "id", *HEAD[1:]]),
        lambda: csv(found, head=HEAD[1:]),
        lambda: csv(found, head=["id", "datum", "tijd"]),
        lambda: csv(found, head=[*HEAD, ""]),
        lambda: csv(found, before="a\nb\nc\n"),
        lambda: Bad(content=b"id;datum\n" * 9),
        lambda: csv([{k.upper(): v for k, v in row.items()} for row in found], head=[h.upper() for h in HEAD]),
    ][variant % 10]()


def broken_records(chance, variant):
    good = csv(rows(chance, n=3 + variant // 10)).content
    odd = ['q;"open;a;b\n', '"a\nb";01-05-2025;;51.81;4.67;nafluiten;;\n', "z;" * 40 + "\n", ";\n", '"""\n', 'a"b;c\n', "z;01-05-2025\n",
           ";;;;;;;\n", '"' * 99 + "\n", "\r\r\n"][variant % 10].encode()  # fmt: skip
    at = good.index(b"\n") + 1 if variant % 2 else len(good)
    return Bad(content=good[:at] + odd + good[at:])


def floods(chance, variant):
    good = rows(chance, n=2)
    whole = csv(good).content
    return [
        lambda: Bad(content=b""),
        lambda: Bad(content=(";".join(HEAD) + "\n").encode()),
        lambda: Bad(content=whole[: -len(whole) // 3]),
        lambda: csv(good + [dict(good[0]) | {"id": f"f{i}", "tijd": f"10:{i % 60:02d}"} for i in range(500)]),
        lambda: csv([r | {"omschrijving": "test"} for r in rows(chance, n=40)]),
        lambda: csv([dict(good[0]) | {"id": f"c{i}", "omschrijving": "campagne"} for i in range(80)]),
        lambda: Bad(content=b"\0" * 5000),
        lambda: Bad(content=chance.randbytes(4000)),
        lambda: Bad(content=b"\n" * 4000),
        lambda: Bad(content=whole.replace(b"\n", b"")),
    ][variant % 10]()


def again(chance, variant):
    return csv(rows(chance, n=3 + variant % 3), name=f"kopie {variant}.csv")


ATTACKS = [
    "</script><script>",
    "`${1}`",
    "javascript:alert(1)",
    '=HYPERLINK("http://x")',
    "＝1+1",
    "\u202eabc\u202c",
    "a\0b",
    "😀" * 50,
    "x" * 1_000_000,
    "+cmd|' /C calc'!A0",
]
PEOPLE = ["BSN 123456782", "bel 06-12345678", "O6 12 34 56 78", "nul zes twaalf", "jan@voorbeeld.nl", "kenteken 12-ABC-3", "@janjansen op insta",
          "Jan de Vries uit 4B", "mevrouw Yilmaz", "DE VRIES, J."]  # fmt: skip
PLACES = [("0", "0"), ("-1", "-1"), ("999999", "999999"), ("463000", "155000"), ("0.0", "0,0")]
FAMILIES = {
    1: encoded("utf-8", "é", bom=b"\xef\xbb\xbf"),
    2: encoded("cp1252", "Geïntimideerd bij café, € 5"),
    3: encoded("utf-16", "é€"),
    4: mixed,
    5: each(*({"omschrijving": t} for t in ("GeÃ¯ntimideerd", "cafÃ©", "â‚¬ 5"))),
    6: each({"lat": "51,8133", "lon": "4,6901"}),
    7: each({"lat": "51.813.300"}, {"lon": "4.690.187"}, {"lat": "51.813,300"}),
    8: each({"lat": "4.690187", "lon": "51.813312"}),
    9: each(*({"lat": f"{425_000 + i}", "lon": f"{105_000 + i}"} for i in range(5))),
    10: each({"x": "425187", "y": "105123", "lat": "", "lon": ""}),
    11: each(*({"lat": a, "lon": b} for a, b in PLACES)),
    12: each({"lat": "48.85", "lon": "2.35"}, {"lat": "54.2", "lon": "3.1"}, {"lat": "51.7001", "lon": "4.5001"}),
    13: lambda chance, variant: csv([r | {"lat": "51.8133", "lon": "4.6901"} for r in rows(chance, n=20 + variant)]),
    14: each({"lat": "51.81", "lon": "4.69"}, {"lat": "51.8", "lon": "4.7"}),
    15: each(*({"lat": v} for v in ("NaN", "Inf", "-inf", "1e308", "51.8N", "51°48'", "٥١", "0x33"))),
    16: each({"datum": "03-04-2025"}, {"datum": "13-04-2025"}, {"datum": "04-13-2025"}),
    17: each({"datum": "45400,9375"}, {"datum": "45400.9375"}, {"datum": "45400"}, {"datum": "1e9"}),
    18: workbook(
        lambda sheet, variant: sheet.__setitem__("B2", 43938.5 + variant),
        epoch=openpyxl.utils.datetime.CALENDAR_MAC_1904,
    ),
    19: each(
        *({"datum": d} for d in ("3 apr. 2025", "3-4-25", "31-02-2025", "2025-W14", "3 foo 2025")), {"tijd": "11:30 PM"}
    ),
    20: each({"datum": "26-10-2025", "tijd": "02:30"}, {"datum": "26-10-2025", "tijd": "02:00"}),
    21: each({"datum": "30-03-2025", "tijd": "02:30"}, {"datum": "31-03-2024", "tijd": "02:59"}),
    22: each(*({"tijd": t} for t in ("onbekend", "", "ca. 23u", "24:00", "25:00", "avond", "-"))),
    23: each(*({"datum": d} for d in ("01-01-2099", "30-12-1899", "01-01-1970", "01-01-2001", "03-04-0202"))),
    24: each({"datum": "2025-07-01T22:30Z", "tijd": ""}, {"datum": "2025-07-01T22:30:00+05:00", "tijd": ""}),
    25: again,
    26: each({"id": "dubbel"}, {"id": "dubbel2", "tijd": "00:15"}),
    27: each({"id": "g0", "omschrijving": "anders"}, {"id": "g1", "tijd": "11:11"}),
    28: each({"id": "g0", "status": "ingetrokken"}, {"id": "g1", "status": "Ingetrokken "}),
    29: each({"id": "komt nog", "status": "ingetrokken"}),
    30: each(
        {"categorie": "nafluiten; naroepen"}, {"categorie": "nafluiten|naroepen"}, {"categorie": "nafluiten, toeteren"}
    ),
    31: each(
        {"categorie": "Nafluiten "},
        {"categorie": "iets raars"},
        {"categorie": "NA"},
        {"id": "None"},
        {"id": "00123"},
        {"id": ""},
    ),
    32: broken_records,
    33: layout,
    34: workbook(odd_cells),
    35: package,
    36: virtual,
    37: boundaries,
    38: each(*({"omschrijving": t} for t in ATTACKS), *({"id": t[:60]} for t in ATTACKS)),
    39: each(*({"omschrijving": t} for t in PEOPLE)),
    40: floods,
}
EXTRA = {"35b": ole}
