"""A weight the user brings: one figure per buurt, such as passers-by a day, from a CSV file; all of it or nothing."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from data import area_columns
from data.archive import shown
from data.feature_table import find, numbers, read_cells, row_list, unclear_thousands
from data.reasons import FileRefused
from data.vector import Note, local_file, texts

MAX_NAME: Final = 60
_CODE: Final = "buurtcode bu_code code gwb_code statcode area"
_VALUE: Final = "value waarde aantal n gewicht weight"
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f]+")


@dataclass(frozen=True, kw_only=True, eq=False)
class Weight:
    """values: float64 by buurt code, without the buurten of which it is unknown. unit: what it counts."""

    name: str
    unit: str
    source: str
    values: pd.Series


@dataclass(frozen=True, kw_only=True)
class WeightRead:
    """A weight as read; ``notes`` say which buurten have none and which codes are not ours."""

    weight: Weight
    notes: tuple[Note, ...]


class WeightStore(Protocol):
    """What importing needs of a store (data.store.store.ReportStore)."""

    def areas(self, level: str) -> gpd.GeoDataFrame:
        """Areas of a level; no rows when there are none."""

    def replace_weight(self, weight: Weight) -> None:
        """Put this weight in the place of the one of the same name."""


def import_weight(
    path: Path | str, *, store: WeightStore, name: str, unit: str = "", attribution: str = "", label: str | None = None
) -> WeightRead:
    """Read a weight for the stored buurten and store it. Raises FileRefused; the store is then unchanged."""
    buurten = store.areas("buurt")
    dry = buurten[~buurten["water"].astype(bool)] if len(buurten) else buurten
    read = read_weight(
        path, codes=buurten["code"].tolist(), expected=dry["code"].tolist(), name=name, unit=unit,
        attribution=attribution, label=label,
    )  # fmt: skip
    store.replace_weight(read.weight)
    return read


def read_weight(
    path: Path | str,
    *,
    codes: Collection[str],
    expected: Collection[str] | None = None,
    name: str,
    unit: str = "",
    attribution: str = "",
    label: str | None = None,
) -> WeightRead:
    """Read ``code;value`` rows. codes: the buurten there are; expected: those that ought to have a figure (None: all).

    Codes that are not ours are left out and noted, so that a national file will do; so are buurten without a figure,
    which stay unknown, never 0. Raises FileRefused for a figure that is none or below 0, a code twice, or no known code.
    """
    file, label = local_file(path, name=label)
    name = checked_name(name, label=label)
    frame, rows, notes = read_cells(file, label)
    if notes:
        raise FileRefused(
            "too_wide", "{file}, rij {rows}: meer cellen dan kolommen.", file=label, rows=notes[0].fields["rows"]
        )
    code_column, value_column = _columns(frame, label)
    code = area_columns.codes(frame[code_column], "buurt", own_scheme=not _cbs(codes)).to_numpy(object)
    text = texts(frame[value_column])
    value = numbers(text)
    _refuse(text, value, code, rows, label=label, column=value_column)
    ours = np.isin(code, np.array(list(codes), dtype=object))
    if not ours.any():
        raise FileRefused(
            "no_known_code",
            "{file}: geen enkele code in kolom ‘{column}’ is die van een ingelezen buurt. Eerste code: {first}. Klopt het "
            "jaar van de grenzen? Lees anders eerst de buurten in (areas import).",
            file=label,
            column=shown(code_column),
            first=shown(str(code[0])) if len(code) else "–",
        )
    known = ours & np.isfinite(value)
    values = pd.Series(value[known], index=pd.Index(code[known], dtype="str")).sort_index()
    if not (values > 0).any():
        raise FileRefused("all_zero", "{file}: geen enkele buurt heeft een getal boven 0.", file=label)
    found = Weight(name=name, unit=unit.strip() or name, source=attribution.strip() or label, values=values)
    wanted = set(codes if expected is None else expected)
    return WeightRead(weight=found, notes=_notes(code[~ours], sorted(wanted - set(values.index))))


def checked_name(name: str, *, label: str) -> str:
    """A weight's name as it stands in lists and addresses: one line of at most 60 characters."""
    stripped = name.strip()
    if not _NAME.fullmatch(stripped) or len(stripped) > MAX_NAME:
        raise FileRefused(
            "weight_name",
            "{file}: ‘{name}’ kan geen naam zijn: geef één regel van hooguit {most} tekens.",
            file=label,
            name=shown(name),
            most=MAX_NAME,
        )
    return stripped


def _cbs(codes: Collection[str]) -> bool:
    return bool(area_columns.is_cbs(pd.Series(list(codes), dtype="str"), "buurt").all())


def _columns(frame: pd.DataFrame, label: str) -> tuple[str, str]:
    """The columns of code and value; with two columns of which one is the code, the other is the value."""
    present = [str(c) for c in frame.columns]
    code, value = find(present, _CODE.split()), find(present, _VALUE.split())
    others = [c for c in present if c != code]
    if code is not None and value is None and len(others) == 1:
        value = others[0]
    if code is None or value is None:
        raise FileRefused(
            "weight_columns",
            "{file}: de eerste rij moet de kolommen code en value noemen, bijvoorbeeld code;value. Aanwezig: {present}.",
            file=label,
            present=", ".join(shown(c, length=40) for c in present[:40]) or "–",
        )
    return code, value


def _refuse(text: pd.Series, value: np.ndarray, code: np.ndarray, rows: np.ndarray, *, label: str, column: str) -> None:
    """Raise FileRefused for what cannot be a table of figures, every row of the first kind of fault named."""
    filled = (text != "").to_numpy()
    doubled = pd.Series(code).duplicated(keep=False).to_numpy()
    for fault, bad, sentence in (
        ("no_code", code == "", "{file}, rij {rows}: geen code."),
        (
            "unclear_number",
            unclear_thousands(text),
            "{file}, rij {rows}: {value} kan op twee manieren gelezen worden. Schrijf getallen zonder punt of komma tussen "
            "de duizendtallen.",
        ),
        ("no_number", filled & ~np.isfinite(value), "{file}, rij {rows}: {value} in kolom ‘{column}’ is geen getal."),
        ("negative", value < 0, "{file}, rij {rows}: {value} in kolom ‘{column}’ is kleiner dan 0."),
        ("double_code", doubled, "{file}, rij {rows}: code {area} staat er meer dan eens in."),
    ):
        if bad.any():
            first = int(np.flatnonzero(bad)[0])
            raise FileRefused(
                fault,
                sentence,
                file=label,
                rows=row_list(rows[bad]),
                value=shown(str(text.iloc[first])),
                column=shown(column),
                area=shown(str(code[first])),
            )


def _notes(strange: np.ndarray, missing: list[str]) -> tuple[Note, ...]:
    said = []
    if len(strange):
        fields: dict[str, object] = {"n": len(strange), "codes": _some(strange.tolist())}
        said.append(
            Note("strange_codes", "Codes die bij geen ingelezen buurt horen, niet overgenomen ({n}): {codes}.", fields)
        )
    if missing:
        fields = {"n": len(missing), "codes": _some(missing)}
        said.append(Note("missing_codes", "Buurten zonder getal, die dus geen cijfer krijgen ({n}): {codes}.", fields))
    return tuple(said)


def _some(codes: list[str]) -> str:
    return ", ".join(shown(str(c)) for c in codes[:5]) + (f" (+{len(codes) - 5})" if len(codes) > 5 else "")
