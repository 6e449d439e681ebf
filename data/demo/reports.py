"""Two years of synthetic reports with a truth file: what was planted, where, and which rows bear which error."""

from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo import calendar, facts, outline, places
from data.demo.drafts import BACKGROUND, DEFAULT_PIN, background, drafts
from data.demo.files import DECIMALS, write_csv, write_json
from geo import report
from geo.crs import RD, to_wgs84

FILES: Final = {"reports": "meldingen.csv", "truth": "waarheid.json"}
SYNTHETIC: Final = "synthetisch"
COARSE_DECIMALS: Final = 2
UNKNOWN_TIMES: Final = ("", "onbekend", "", "ca. 23u")

Texts = NDArray[np.object_]


class Demo(NamedTuple):
    """table: the export as text, as a supplier would send it. truth: what a perfect analysis would find in it."""

    table: pd.DataFrame
    truth: dict[str, Any]


def write_reports(folder: Path, *, seed: int = 2025) -> None:
    """Write meldingen.csv and waarheid.json into ``folder`` (made when absent); same seed, same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    demo = generate(seed)
    write_csv(folder / FILES["reports"], demo.table, separator=";", bom=True)
    write_json(folder / FILES["truth"], demo.truth)


def generate(seed: int = 2025) -> Demo:
    """The synthetic export and its truth. Pure: nothing but the seed and the facts decides what comes out."""
    rows = drafts(seed)
    order = np.argsort(rows["reported"].to_numpy(), kind="stable")
    ids = np.empty(len(rows), dtype=object)
    ids[order] = [f"SYN-{i:05d}" for i in range(1, len(rows) + 1)]
    return Demo(_export(rows, ids).iloc[order].reset_index(drop=True), _truth(rows, ids, seed))


def noise_city(seed: int, n: int) -> pd.DataFrame:
    """Reports (n) over the demo city without any planted place (geo.report.COLUMNS): what a test must find nothing in."""
    rows = background(seed, n)
    table = report.empty().reindex(range(n))
    return table.assign(
        source=SYNTHETIC,
        source_id=[f"RUIS-{i:06d}" for i in range(1, n + 1)],
        x=rows["x"],
        y=rows["y"],
        event_date=calendar.calendar().days[rows["day"]],
        event_minute=rows["minute"].astype("float64"),
        categories="nastaren",
        **dict.fromkeys(("text", "street", "postcode", "status", "flags"), ""),
    ).astype(report.COLUMNS)


def _export(rows: pd.DataFrame, ids: Texts) -> pd.DataFrame:
    """Every row as text, in the order of the drafts, with its planted errors."""
    error = rows["error"].to_numpy(object)
    latitude, longitude = _places(rows)
    clock = np.array([f"{m // 60:02d}:{m % 60:02d}" for m in rows["minute"].tolist()], dtype=object)
    unknown = np.flatnonzero(error == "missing_time")
    clock[unknown] = np.resize(np.array(UNKNOWN_TIMES, dtype=object), len(unknown))
    recent = rows["reported"] > rows["reported"].quantile(0.95)
    status = np.where(error == "withdrawn", "ingetrokken", np.where(recent, "in behandeling", "afgehandeld"))
    return pd.DataFrame(
        {
            "kenmerk": ids,
            "datum": calendar.calendar().days[rows["day"]].strftime("%d-%m-%Y"),
            "tijd": clock,
            "tijd_tot": _until(rows),
            "gemeld_op": rows["reported"].dt.strftime("%d-%m-%Y %H:%M").to_numpy(),
            "breedtegraad": latitude,
            "lengtegraad": longitude,
            "categorie": rows["category"].to_numpy(),
            "omschrijving": rows["text"].to_numpy(),
            "straat": rows["street"].to_numpy(),
            "status": status,
            "bron": SYNTHETIC,
        }
    )


def _until(rows: pd.DataFrame) -> Texts:
    """The time until which it may have been, after midnight if need be; "" for one moment."""
    ends = ((rows["minute"] + rows["lasts"]) % 1440).tolist()
    return np.array(
        [f"{m // 60:02d}:{m % 60:02d}" if lasts else "" for m, lasts in zip(ends, rows["lasts"].tolist(), strict=True)],
        dtype=object,
    )


def _places(rows: pd.DataFrame) -> tuple[Texts, Texts]:
    """Latitude and longitude as text with a decimal comma, spoiled where that is planted."""
    lon, lat = to_wgs84(rows["x"].to_numpy(), rows["y"].to_numpy())
    pin, error = facts.settings("scenario")["default_pin"], rows["error"].to_numpy(object)
    is_pin = (rows["group"] == DEFAULT_PIN).to_numpy()
    lon[is_pin], lat[is_pin] = pin["lon"], pin["lat"]
    lon[error == "null_island"] = lat[error == "null_island"] = 0.0
    decimals = np.where(error == "coarse_place", COARSE_DECIMALS, DECIMALS)
    latitude, longitude = (
        np.array([f"{v:.{d}f}".replace(".", ",") for v, d in zip(values, decimals, strict=True)], dtype=object)
        for values in (lat, lon)
    )
    swapped = error == "swapped_axes"
    return np.where(swapped, longitude, latitude), np.where(swapped, latitude, longitude)


def _truth(rows: pd.DataFrame, ids: Texts, seed: int) -> dict[str, Any]:
    """What was planted, by id; numbers of hotspots leave out their double submissions."""
    scenario, error = facts.settings("scenario"), rows["error"]
    original = error != "duplicates"
    pin = scenario["default_pin"]
    kinds = [name for name in scenario["errors"] if name not in ("duplicates", "personal_data")]
    doubles = np.flatnonzero(~original)
    personal = np.flatnonzero(rows["personal"] >= 0)
    fragments = facts.settings("texts")["personal"]
    x, y = outline.points_rd([[pin["lon"], pin["lat"]]])[0]
    unusable = int(error.isin(["swapped_axes", "null_island"]).sum())
    withdrawn = int((error == "withdrawn").sum())
    return {
        "note": "Verzonnen meldingen; geen enkele plaats of melding is echt.",
        "seed": seed,
        "crs": RD,
        "first_day": str(scenario["first_day"]),
        "last_day": str(scenario["last_day"]),
        "n_rows": len(rows),
        "n_background": int(((rows["group"] == BACKGROUND) & original).sum()),
        "expected_import": {
            "read": len(rows),
            "accepted": len(rows) - unusable - withdrawn,
            "quarantined": unusable,
            "duplicates": 0,
            "withdrawn": withdrawn,
        },
        "hotspots": [
            _hotspot_truth(planted, ids[((rows["group"] == planted["id"]) & original).to_numpy()])
            for planted in scenario["hotspot"]
        ],
        "campaigns": [
            {"name": c["name"], "from": str(c["from"]), "to": str(c["to"]), "factor": c["factor"]}
            for c in scenario["campaign"]
        ],
        "default_pin": {
            "name": pin["name"],
            **_centre(pin["lon"], pin["lat"], x, y),
            "ids": _sorted(ids[(rows["group"] == DEFAULT_PIN).to_numpy()]),
        },
        "duplicates": [{"id": ids[i], "of": ids[rows["double_of"].iloc[i]]} for i in doubles],
        "errors": {name: _sorted(ids[(error == name).to_numpy()]) for name in kinds},
        "personal_data": [
            {"id": ids[i], **{key: fragments[rows["personal"].iloc[i]][key] for key in ("kind", "text")}}
            for i in personal
        ],
    }


def _hotspot_truth(planted: dict[str, Any], ids: Texts) -> dict[str, Any]:
    x, y = outline.points_rd([[planted["lon"], planted["lat"]]])[0]
    known = calendar.calendar()
    first, last = planted["quarters"]
    days = known.days[(known.quarter >= first) & (known.quarter <= last)]
    return {
        "id": planted["id"],
        "name": planted["name"],
        "street": planted["street"],
        **_centre(planted["lon"], planted["lat"], x, y),
        "sigma_m": planted["sigma_m"],
        "radius_m": places.REACH_M,
        "n": len(ids),
        "from": days[0].date().isoformat(),
        "to": days[-1].date().isoformat(),
        "quarters": planted["quarters"],
        "class": planted["class"],
        "profile": planted["profile"],
        "ids": _sorted(ids),
    }


def _centre(lon: float, lat: float, x: float, y: float) -> dict[str, float]:
    return {"x": round(float(x), 2), "y": round(float(y), 2), "lon": lon, "lat": lat}


def _sorted(ids: Texts) -> list[str]:
    return sorted(str(i) for i in ids)
