"""The demo's calendar file: its campaigns, school holidays and public holidays, as a user would bring them."""

from pathlib import Path
from typing import Final

import pandas as pd

from data.demo import facts
from data.demo.files import write_csv

FILE: Final = "kalender.csv"
NAMES: Final = {2: "Voorjaarsvakantie", 4: "Meivakantie", 7: "Zomervakantie", 10: "Herfstvakantie", 12: "Kerstvakantie"}


def write_calendar(folder: Path) -> None:
    """Write FILE into ``folder`` (made when absent): the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    campaigns, known = facts.settings("scenario")["campaign"], facts.settings("calendar")
    rows = [
        *(("campagne", c["name"], c["from"], c["to"], c["factor"]) for c in campaigns),
        *(("vakantie", NAMES[first.month], first, last, "") for first, last in known["school_holidays"]),
        *(("feestdag", "Feestdag", day, day, "") for day in known["public_holidays"]),
    ]
    table = pd.DataFrame(rows, columns=["soort", "naam", "van", "tot", "factor"]).astype("str")
    write_csv(folder / FILE, table)
