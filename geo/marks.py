"""What can speak against a hotspot: the marks that an analyst answers."""

from typing import Final

CHAIN_M = 500.0  # longer than this, or than CHAIN_EPS times eps, a hotspot is probably several places strung together
CHAIN_EPS = 5.0
STREET_M = 250.0  # longer than this and STREET_TIMES as long as wide, a hotspot lies along a street
STREET_TIMES = 4.0
MARK_CHAIN: Final = "chain"  # is_chain
MARK_STREET: Final = "along_street"
MARK_HOUR: Final = "one_source_hour"  # more than half of the reports from one source within one hour
MARK_DAY: Final = "one_source_day"  # the same within one day (and not within one hour)
MARK_LATTICE: Final = "lattice"  # more than half of the reports on the lattice of their source
MARKS: Final = (MARK_CHAIN, MARK_STREET, MARK_HOUR, MARK_DAY, MARK_LATTICE)


def is_chain(diameter_m: float, *, eps_m: float) -> bool:
    """Longer than 500 m or 5 eps: probably several places strung together."""
    return diameter_m > CHAIN_M or diameter_m > CHAIN_EPS * eps_m
