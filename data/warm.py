"""Compile what a large import runs, before anybody waits for it: ``python -m data.warm`` at set-up, a thread at the server's start."""

from data.sources.delimited import read_delimited
from data.suspects import suspects

ROWS = 20_000  # enough to be read as a large file is, in more than one block


def warm_up() -> None:
    """Run every compiled loop of data on a made-up file; what is compiled is kept on disk for the next start."""
    rows = (
        f"M{i};{i % 28 + 1:02d}-03-2025;51.{800_000 + i};{i} keer iets over wat hier wel vaker gebeurt, {'zo' * 40}"
        for i in range(ROWS)
    )
    read_delimited("\n".join(["kenmerk;datum;lat;omschrijving", *rows]).encode(), name="warm.csv")
    suspects(["er stond niemand"])


if __name__ == "__main__":
    warm_up()
