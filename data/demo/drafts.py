"""The synthetic reports before they are written as text: one row each, with what is planted in it.

Columns: group ("background", "default_pin" or a hotspot's id); x, y (RD metres); day (position in the calendar);
minute; lasts (minutes until the end it is known by, 0 for one moment); reported (datetime64[s]); category, text, street; error ("" or a key of the scenario's errors); double_of
(position of the report it repeats, -1); personal (position in texts.toml's personal, -1).
"""

import zlib
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo import calendar, facts, outline, places

BACKGROUND: Final = "background"
DEFAULT_PIN: Final = "default_pin"
BACKGROUND_ONLY: Final = ("swapped_axes", "null_island", "coarse_place", "withdrawn")  # so planted numbers stay true
TWO_CATEGORIES: Final = 0.15  # share of reports that name a second one
SPELLINGS: Final = 0.06  # share written as people write: without capital, or with a space behind
LATE: Final = 0.3  # share reported days, not minutes, after
FROM_TO: Final = 0.4  # share of those that is known by from–to
LASTS: Final = (15, 30, 45, 60, 90, 120, 180)  # minutes
DOUBLE_M: Final = 9.0
DOUBLE_MINUTES: Final = 6

Ints = NDArray[np.int64]


def generator(seed: int, purpose: str) -> np.random.Generator:
    """An independent stream per purpose, so that a change in one part leaves the others as they were."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(purpose.encode())]))


def drafts(seed: int) -> pd.DataFrame:
    """All reports of the scenario, background first; the columns are told above."""
    scenario = facts.settings("scenario")
    rows = pd.concat(
        [background(seed, scenario["n_background"]), *(_hotspot(seed, h) for h in scenario["hotspot"]), _pin(seed)],
        ignore_index=True,
    )
    rows = rows.assign(category=_categories(len(rows), generator(seed, "category")))
    rows = rows.assign(reported=_reported(rows, generator(seed, "reported")), error="", double_of=-1, personal=-1)
    rows = _with_errors(rows, scenario["errors"], generator(seed, "errors"))
    rows = _with_doubles(rows, scenario["errors"]["duplicates"], generator(seed, "duplicates"))
    rows = rows.assign(lasts=_lasts(rows, generator(seed, "lasts")))
    return rows.assign(text=_texts(rows, generator(seed, "text")))


def background(seed: int, n: int) -> pd.DataFrame:
    """Reports (n) without any planted place: group, x, y, street, day, minute."""
    rng = generator(seed, BACKGROUND)
    xy, buurt = places.background(n, rng)
    day, minute = calendar.draw(calendar.general(), n, rng)
    streets = np.array([_street(name) for name in places.land().names], dtype=object)
    return _rows(BACKGROUND, xy, streets[buurt], day, minute)


def _street(buurt: str) -> str:
    """The street many buurten are named after; "" for the others."""
    return buurt.removesuffix(" en omgeving") if buurt.endswith(" en omgeving") else ""


def _hotspot(seed: int, planted: dict[str, Any]) -> pd.DataFrame:
    rng = generator(seed, planted["id"])
    centre = outline.points_rd([[planted["lon"], planted["lat"]]])[0]
    n, profile = planted["n"], facts.settings("scenario")["profile"][planted["profile"]]
    known = calendar.calendar()
    first, last = planted["quarters"]
    alive = ((known.quarter >= first) & (known.quarter <= last))[:, None]
    own, n_own = calendar.window(profile), round(profile["share"] * n)
    inside = calendar.draw(own * known.campaign[:, None] * alive, n_own, rng)
    outside = calendar.draw(calendar.general() * ~own * alive, n - n_own, rng)
    day, minute = (np.concatenate(both) for both in zip(inside, outside, strict=True))
    xy = places.around(centre, n=n, sigma_m=planted["sigma_m"], rng=rng)
    return _rows(planted["id"], xy, planted["street"], day, minute)


def _pin(seed: int) -> pd.DataFrame:
    pin = facts.settings("scenario")["default_pin"]
    day, minute = calendar.draw(calendar.general(), pin["n"], generator(seed, DEFAULT_PIN))
    xy = np.repeat(outline.points_rd([[pin["lon"], pin["lat"]]]), pin["n"], axis=0)
    return _rows(DEFAULT_PIN, xy, pin["street"], day, minute)


def _rows(group: str, xy: NDArray[np.float64], street: object, day: Ints, minute: Ints) -> pd.DataFrame:
    return pd.DataFrame({"group": group, "x": xy[:, 0], "y": xy[:, 1], "street": street, "day": day, "minute": minute})


def _categories(n: int, rng: np.random.Generator) -> NDArray[np.object_]:
    weighted: dict[str, int] = facts.settings("scenario")["categories"]
    names = np.array(list(weighted), dtype=object)
    share = np.array(list(weighted.values())) / sum(weighted.values())
    first, second = (names[rng.choice(len(names), size=n, p=share)] for _ in range(2))
    two = (rng.random(n) < TWO_CATEGORIES) & (first != second)
    cells = np.where(two, first + ", " + second, first)
    spelling = rng.random(n) / SPELLINGS
    lower = np.array([str(cell).lower() for cell in cells], dtype=object)
    return np.where(spelling < 0.5, lower, np.where(spelling < 1, cells + " ", cells))


def _reported(rows: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    minutes = np.where(
        rng.random(len(rows)) < LATE, rng.uniform(300, 4 * 1440, len(rows)), 2 + rng.exponential(90, len(rows))
    )
    known = calendar.calendar()
    happened = known.days[rows["day"]] + pd.to_timedelta(rows["minute"].to_numpy(), unit="min")
    moments = happened + pd.to_timedelta(np.ceil(minutes).astype(np.int64), unit="min")
    in_change = (moments.hour == 2) & moments.normalize().isin(known.days[np.flatnonzero(~known.possible.all(axis=1))])
    return pd.Series(moments + pd.to_timedelta(np.where(in_change, 60, 0), unit="min"), index=rows.index)


def _lasts(rows: pd.DataFrame, rng: np.random.Generator) -> Ints:
    """How long it may have lasted, of some that were reported the day after or later: then people know from when till when."""
    happened = calendar.calendar().days[rows["day"]] + pd.to_timedelta(rows["minute"].to_numpy(), unit="min")
    late = (rows["reported"].to_numpy() - happened.to_numpy()) >= np.timedelta64(1, "D")
    plain = (rows["error"] == "").to_numpy() & (rows["group"] != DEFAULT_PIN).to_numpy()
    plain[rows.loc[rows["double_of"] >= 0, "double_of"]] = False  # a double has its original's moment
    plain &= rows["minute"].to_numpy() >= 4 * 60  # not in the hour that the clock changes
    chosen = late & plain & (rng.random(len(rows)) < FROM_TO)
    return np.where(chosen, rng.choice(np.array(LASTS), size=len(rows)), 0)


def _with_errors(rows: pd.DataFrame, wanted: dict[str, int], rng: np.random.Generator) -> pd.DataFrame:
    error, personal = rows["error"].to_numpy(object, copy=True), rows["personal"].to_numpy(copy=True)
    is_background = (rows["group"] == BACKGROUND).to_numpy()
    is_real = (rows["group"] != DEFAULT_PIN).to_numpy()
    for name in (*BACKGROUND_ONLY, "missing_time"):
        eligible = (is_background if name in BACKGROUND_ONLY else is_real) & (error == "")
        error[rng.choice(np.flatnonzero(eligible), size=wanted[name], replace=False)] = name
    n = wanted["personal_data"]
    chosen = rng.choice(np.flatnonzero(is_real & (error == "")), size=n, replace=False)
    personal[chosen] = np.arange(n) % len(facts.settings("texts")["personal"])
    return rows.assign(error=error, personal=personal)


def _with_doubles(rows: pd.DataFrame, n: int, rng: np.random.Generator) -> pd.DataFrame:
    """The rows, and n of them again: other id, a few metres and minutes apart, same category."""
    eligible = (rows["group"] != DEFAULT_PIN) & (rows["error"] == "") & (rows["personal"] < 0)
    eligible &= rows["minute"] < 1440 - DOUBLE_MINUTES
    source = np.sort(rng.choice(np.flatnonzero(eligible.to_numpy()), size=n, replace=False))
    again = rows.iloc[source].copy()
    angle, distance = rng.random(n) * 2 * np.pi, rng.uniform(1, DOUBLE_M, n)
    later = rng.integers(1, DOUBLE_MINUTES + 1, n)
    again = again.assign(
        x=again["x"] + distance * np.cos(angle),
        y=again["y"] + distance * np.sin(angle),
        minute=again["minute"] + later,
        reported=again["reported"] + pd.to_timedelta(later, unit="min"),
        error="duplicates",
        double_of=source,
    )
    return pd.concat([rows, again], ignore_index=True)


def _texts(rows: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    """Short Dutch descriptions from building blocks, some with somebody's fictitious details."""
    blocks = facts.settings("texts")
    pick = rng.random((len(rows), 4))
    texts = []
    for category, personal, dice in zip(
        rows["category"].tolist(), rows["personal"].tolist(), pick.tolist(), strict=True
    ):
        first = category.split(",")[0].strip().capitalize()
        sentence = f"{_one(blocks['what'][first], dice[0])} {_one(blocks['where'], dice[1])}."
        if dice[2] < 0.6:
            sentence += " " + _one(blocks["after"], dice[3])
        if personal >= 0:
            sentence += " " + blocks["personal"][personal]["sentence"]
        texts.append(sentence)
    return texts


def _one(options: list[str], dice: float) -> str:
    return options[int(dice * len(options))]
