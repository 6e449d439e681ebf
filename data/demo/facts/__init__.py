"""The facts the demo city is made of, as small tables (origin and licence: SOURCES.md beside them)."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd


def table(name: str) -> pd.DataFrame:
    """The CSV table ``name``: empty cells are "", but NaN among the inhabitants."""
    with (files(__name__) / f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, keep_default_na=False, na_values={"inhabitants": [""]}, dtype={"line": "str"})


@cache
def _parsed(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


def settings(name: str) -> dict[str, Any]:
    """The TOML file ``name``; do not change what it gives."""
    return _parsed(name)
