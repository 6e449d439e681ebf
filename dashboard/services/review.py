"""ReviewService: what was left out and why, the doubtful texts, and the analyst's decisions about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.services.audit import AuditService
from dashboard.services.city import City, CityCache
from dashboard.services.map import MapService, to_report_filter
from dashboard.state import FilterState
from data.audit.chain import Action
from data.decisions import Kind, Subject, Verdict, refused
from data.store import ReportStore
from data.viewer import Right, Viewer
from geo import exclusions, report
from geo.hotspots import Hotspot

KEEPS_OUT: Final = (*exclusions.FLAGGED_OUT, report.COARSE_PLACE)  # flags that keep a report out of hotspots
KEEPING: Final = {
    Kind.FLAG: Verdict.NOT_SO,
    Kind.POINT: Verdict.REAL_PLACE,
    Kind.SOURCE_LATTICE: Verdict.ACCEPT,
    Kind.MARK: Verdict.NOT_SO,
}
MARKED: Final = "hotspot_mark"  # no reason to leave out: what speaks against a hotspot
ORDER: Final = (
    report.DEFAULT_POINT,
    report.LATTICE,
    report.COARSE_PLACE,
    report.PROBABLE_DUPLICATE,
    report.FLOOD,
    report.TEST_TEXT,
    report.NEAR_BORDER,
    exclusions.NO_PLACE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOutRow:
    """One thing that can be decided about: a report, a coordinate with its pile, a source on a lattice, a hotspot's mark."""

    subject: Subject | None  # None: nothing can be decided (a report without a place)
    source: str  # of a mark: the hotspot's id
    source_id: str = ""
    n: int = 1  # reports
    first: date | None = None
    last: date | None = None
    minute: int | None = None  # of the day, when it is known
    buurt: str = ""
    street: str = ""
    text: str = ""  # masked; only of a text that must be looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """All that is left out for one reason."""

    reason: str
    n: int  # reports
    n_rows: int  # of which ``rows`` may be the first few
    rows: tuple[LeftOutRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """What a view leaves out, by reason; what speaks against its hotspots; and the texts whose masking is doubtful.

    marked: n counts marks, by the hotspots' rank. doubtful: oldest first.
    """

    groups: tuple[Group, ...]
    marked: Group
    doubtful: Group


class ReviewService:
    """The analyst's view on what was left out. Everybody else is refused."""

    def __init__(self, store: ReportStore, maps: MapService, cache: CityCache, audit: AuditService) -> None:
        self._audit = audit
        self._store = store
        self._maps = maps
        self._cache = cache

    def left_out(self, viewer: Viewer, state: FilterState, *, most: int | None = None) -> LeftOut:
        """What the hotspots of a state leave out, in the area it looks at. Raises Denied for all but analysts.

        most: rows per reason that are given; None gives all.
        """
        viewer.require(Right.DECIDE)
        city = self._cache.city()
        reports = self._store.reports(viewer, to_report_filter(state))
        positions = self._cache.positions(reports)
        _, _, result = self._maps.clustered(viewer, state)
        reason = result.reasons.reindex(reports.index).fillna("")
        # Duplicates never come to the hotspots: they are not counted at all
        reason = reason.mask(report.has(reports["flags"], report.PROBABLE_DUPLICATE), report.PROBABLE_DUPLICATE)
        if state.area:
            here = city.in_area(reports, positions, state.area)
            reports, positions, reason = reports[here], positions[here], reason[here]
        buurten = _names(city, positions)
        doubtful = report.has(reports["flags"], report.REVIEW_TEXT).to_numpy()
        looked = LeftOut(
            groups=tuple(
                _group(reports[mine], buurten[mine], code, most=most)
                for code in _in_order(reason)
                if (mine := (reason == code).to_numpy()).any()
            ),
            marked=_marked(self._maps.overview(viewer, state).shown, most=most),
            doubtful=_group(reports[doubtful], buurten[doubtful], report.REVIEW_TEXT, most=most),
        )
        n = sum(len(group.rows) for group in (*looked.groups, looked.doubtful))
        self._audit.record(viewer, Action.VIEW_REPORTS, "review", rows=n)
        return looked

    def keep(self, viewer: Viewer, subjects: Iterable[Subject], *, note: str) -> tuple[int, ...]:
        """Let these count after all, or these marks not hold; gives the decisions' ids. Raises Denied or DecisionRefused.

        A report that is kept out by several flags is freed of them all.
        """
        viewer.require(Right.DECIDE)
        wanted = self._with_other_flags(viewer, dict.fromkeys(subjects))
        return self._decide(viewer, wanted, KEEPING, note=note)

    def leave_out(self, viewer: Viewer, subjects: Iterable[Subject], *, note: str) -> tuple[int, ...]:
        """Leave these out: a report gets the flag, a coordinate is nobody's place. Raises Denied or DecisionRefused."""
        viewer.require(Right.DECIDE)
        verdicts = {Kind.FLAG: Verdict.SO, Kind.POINT: Verdict.DEFAULT_POINT}
        wanted = list(dict.fromkeys(subjects))
        return self._decide(viewer, wanted, verdicts, note=note)

    def undo(self, viewer: Viewer, ids: Sequence[int], *, note: str) -> None:
        """Undo decisions. Raises Denied or DecisionRefused."""
        self._store.undo(viewer, ids, note=note)
        self._audit.record(viewer, Action.DECISION, "undo", decisions=len(ids))

    def mask(self, viewer: Viewer, source: str, source_id: str, *, words: Sequence[str], note: str) -> int:
        """Mask words of a report's text for good. Raises Denied or DecisionRefused."""
        done = self._store.mask_text(viewer, source, source_id, words=words, note=note)
        self._audit.record(viewer, Action.DECISION, "mask", decision=done)
        return done

    def history(self, viewer: Viewer) -> pd.DataFrame:
        """Every decision, newest first (data.store.decisions.COLUMNS). Raises Denied for all but analysts."""
        viewer.require(Right.DECIDE)
        return self._store.decisions(viewer)

    def flags_of(self, viewer: Viewer, source: str, source_id: str) -> tuple[str, ...]:
        """The flags a report bears, as decided. Raises Denied, or DecisionRefused when there is no such report."""
        viewer.require(Right.DECIDE)
        reports = self._store.reports(viewer)
        mine = reports[(reports["source"] == source) & (reports["source_id"] == source_id)]
        if mine.empty:
            raise refused("unknown_report", source=source, source_id=source_id)
        coarse = [report.COARSE_PLACE] if mine["uncertainty_m"].notna().any() else []
        flags = [flag for flag in str(mine["flags"].iloc[0]).split(report.SEPARATOR) if flag]
        return tuple(dict.fromkeys([*flags, *coarse]))

    def _decide(
        self, viewer: Viewer, subjects: Sequence[Subject], verdicts: Mapping[Kind, Verdict], *, note: str
    ) -> tuple[int, ...]:
        verdict = verdicts.get(subjects[0].kind, Verdict.SO) if subjects else Verdict.NOT_SO
        done = self._store.decide(viewer, subjects, verdict, note=note)
        self._audit.record(viewer, Action.DECISION, verdict.value, decisions=len(done))
        return done

    def _with_other_flags(self, viewer: Viewer, subjects: Iterable[Subject]) -> list[Subject]:
        wanted = list(subjects)
        freed = {(s.source, s.source_id) for s in wanted if s.kind is Kind.FLAG and s.flag in KEEPS_OUT}
        if not freed:
            return wanted
        reports = self._store.reports(viewer)
        flagged = reports[(reports["flags"] != "") & reports["source_id"].isin({id_ for _, id_ in freed})]
        others = [
            Subject.on_flag(source, source_id, flag)
            for source, source_id, cell in zip(flagged["source"], flagged["source_id"], flagged["flags"], strict=True)
            if (source, source_id) in freed
            for flag in cell.split(report.SEPARATOR)
            if flag in KEEPS_OUT
        ]
        return list(dict.fromkeys([*wanted, *others]))


def _marked(hotspots: Iterable[Hotspot], *, most: int | None) -> Group:
    """A row per mark of every hotspot."""
    rows = tuple(
        LeftOutRow(
            subject=Subject.on_mark(hotspot.id, mark),
            source=hotspot.id,
            n=hotspot.n,
            first=_day(hotspot.first),
            last=_day(hotspot.last),
            buurt=hotspot.buurt_name,
        )
        for hotspot in hotspots
        for mark in hotspot.marks
    )
    return Group(reason=MARKED, n=len(rows), n_rows=len(rows), rows=rows[:most])


def _in_order(reason: pd.Series) -> list[str]:
    """The reasons that occur, known ones first in ORDER."""
    found = [str(code) for code in reason.unique() if code]
    return sorted(found, key=lambda code: (ORDER.index(code) if code in ORDER else len(ORDER), code))


def _names(city: City, positions: NDArray[np.intp]) -> NDArray[Any]:
    return np.append(city.buurten["name"].to_numpy(object), "")[positions]


def _group(reports: pd.DataFrame, buurten: NDArray[Any], reason: str, *, most: int | None) -> Group:
    if reason == report.DEFAULT_POINT:
        rows = _piles(reports, buurten)
    elif reason == report.LATTICE:
        rows = _sources(reports)
    else:
        return Group(reason=reason, n=len(reports), n_rows=len(reports), rows=_reports(reports, buurten, reason, most))
    return Group(reason=reason, n=len(reports), n_rows=len(rows), rows=rows[:most])


def _reports(reports: pd.DataFrame, buurten: NDArray[Any], reason: str, most: int | None) -> tuple[LeftOutRow, ...]:
    """One row per report, oldest first."""
    order = ["event_date", "event_minute", "source", "source_id"]
    first = reports.assign(buurt=buurten).sort_values(order, na_position="first", kind="stable").iloc[:most]
    names = ("source", "source_id", "event_date", "event_minute", "street", "text", "buurt")
    return tuple(
        LeftOutRow(
            subject=None if reason == exclusions.NO_PLACE else Subject.on_flag(source, source_id, reason),
            source=source,
            source_id=source_id,
            first=_day(when),
            last=_day(when),
            minute=None if pd.isna(minute) else int(minute),
            buurt=buurt,
            street=street,
            text=text if reason == report.REVIEW_TEXT else "",
        )
        for source, source_id, when, minute, street, text, buurt in zip(*(first[n] for n in names), strict=True)
    )


def _piles(reports: pd.DataFrame, buurten: NDArray[Any]) -> tuple[LeftOutRow, ...]:
    """One row per coordinate, the largest pile first."""
    pile, _ = exclusions.piles(reports["x"].to_numpy(float), reports["y"].to_numpy(float))
    rows = []
    for members in pd.Series(np.arange(len(reports))).groupby(pile).indices.values():
        mine = reports.iloc[members]
        first, last = _span(mine)
        rows.append(
            LeftOutRow(
                subject=Subject.on_point(float(mine["x"].iloc[0]), float(mine["y"].iloc[0])),
                source=", ".join(sorted(set(mine["source"]))),
                n=len(mine),
                first=first,
                last=last,
                buurt=buurten[members[0]],
                street=_most(mine["street"]),
            )
        )
    return tuple(sorted(rows, key=lambda row: (-row.n, row.buurt, row.street)))


def _sources(reports: pd.DataFrame) -> tuple[LeftOutRow, ...]:
    """One row per source, the largest first."""
    rows = []
    for source, mine in reports.groupby("source"):
        first, last = _span(mine)
        subject = Subject.on_lattice(str(source))
        rows.append(LeftOutRow(subject=subject, source=str(source), n=len(mine), first=first, last=last))
    return tuple(sorted(rows, key=lambda row: (-row.n, row.source)))


def _span(reports: pd.DataFrame) -> tuple[date | None, date | None]:
    return _day(reports["event_date"].min()), _day(reports["event_date"].max())


def _day(when: Any) -> date | None:
    return None if pd.isna(when) else when.date()


def _most(streets: pd.Series) -> str:
    named = streets[streets != ""]
    return str(named.mode().iloc[0]) if len(named) else ""
