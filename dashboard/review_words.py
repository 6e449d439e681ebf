"""What is said about reports that were left out and about decisions, on the page and by the command line."""

from collections.abc import Mapping
from typing import Any, Final

from dashboard.i18n import N_, _, _n, day
from dashboard.services.review import MARKED, Group, LeftOutRow
from data.decisions import Kind, Verdict
from geo import exclusions, hotspots, marks, report

DOUBTFUL: Final = report.REVIEW_TEXT

TITLES: Final = {
    report.DEFAULT_POINT: N_("Standaardpunt"),
    report.LATTICE: N_("Rooster"),
    report.COARSE_PLACE: N_("Grove plaats"),
    report.PROBABLE_DUPLICATE: N_("Waarschijnlijk dubbel"),
    report.FLOOD: N_("Stortvloed"),
    report.TEST_TEXT: N_("Proefmelding"),
    report.NEAR_BORDER: N_("Net buiten de gemeente"),
    exclusions.NO_PLACE: N_("Zonder plaats"),
    report.AMBIGUOUS_TIME: N_("Tijd in het dubbele uur"),
    report.MOJIBAKE: N_("Verminkte tekst"),
    DOUBTFUL: N_("Tekst nakijken"),
    MARKED: N_("Kanttekening bij een hotspot"),
    marks.MARK_CHAIN: N_("Lint van plekken"),
    marks.MARK_STREET: N_("Strook langs een straat"),
    marks.MARK_HOUR: N_("Eén bron in één uur"),
    marks.MARK_DAY: N_("Eén bron op één dag"),
}
EXPLAINED: Final = {
    report.DEFAULT_POINT: N_(
        "Op dit ene punt liggen zoveel meldingen dat het waarschijnlijk een invulpunt is, zoals het stadhuis of het midden "
        "van een buurt."
    ),
    report.LATTICE: N_(
        "De plaatsen van deze bron liggen op een rooster: ze zijn afgerond, en een hotspot zou op de afronding rusten."
    ),
    report.COARSE_PLACE: N_("De plaats is onzekerder dan de afstand waarop de hotspots worden gezocht."),
    report.PROBABLE_DUPLICATE: N_(
        "Binnen 25 meter en 10 minuten is er al een melding van dezelfde soort; deze telt nergens mee."
    ),
    report.FLOOD: N_("Van deze bron kwamen in één uur zo veel meldingen dat het geen losse melders lijken."),
    report.TEST_TEXT: N_("De tekst lijkt een proef, zoals “test” of “asdf”."),
    report.NEAR_BORDER: N_("De plaats ligt net over de gemeentegrens."),
    exclusions.NO_PLACE: N_("Zonder plaats kan een melding in geen hotspot liggen; hier valt niets te besluiten."),
    MARKED: N_(
        "Dit spreekt tegen een hotspot; er is niets om weggelaten. Wat hier niet klopt, wordt er daarna niet meer tegen "
        "ingebracht; het besluit en de reden blijven te zien."
    ),
    DOUBTFUL: N_("Het maskeren van deze teksten is twijfelachtig: kijk of er nog een persoon in staat."),
}
VERDICTS: Final = {
    (Kind.FLAG, Verdict.NOT_SO): N_("Telt toch mee"),
    (Kind.FLAG, Verdict.SO): N_("Weggelaten"),
    (Kind.POINT, Verdict.REAL_PLACE): N_("Echte plaats"),
    (Kind.POINT, Verdict.DEFAULT_POINT): N_("Standaardpunt"),
    (Kind.SOURCE_LATTICE, Verdict.ACCEPT): N_("Rooster aanvaard"),
    (Kind.MARK, Verdict.NOT_SO): N_("Klopt hier niet"),
}
LOOKED_AT: Final = N_("Tekst nagekeken")
UNDONE_BY: Final = {"intrekking": N_("de melding is ingetrokken"), "nieuwe tekst": N_("er kwam een nieuwe tekst")}


def title(reason: str) -> str:
    """A reason in a word or two; one that is new here by its code."""
    return _(TITLES[reason]) if reason in TITLES else reason


def within(words: str) -> str:
    """Words that begin a sentence, as they stand inside one. ‘Eén’ bears its first accent only as a small letter."""
    if words.startswith("Eé"):
        return "éé" + words[2:]
    return words[:1].lower() + words[1:]


def explained(reason: str) -> str:
    """Why such reports are left out, in one sentence."""
    return _(EXPLAINED[reason]) if reason in EXPLAINED else ""


def answered(hotspot: hotspots.Hotspot) -> str:
    """What an analyst found not to hold of a hotspot; "" when nothing."""
    if not hotspot.answered:
        return ""
    return _(
        "Weerlegd door een analist: {marks}. De reden staat bij de besluiten over weggelaten meldingen.",
        marks=", ".join(within(title(mark)) for mark in hotspot.answered),
    )


def count(group: Group) -> str:
    """How many reports (or texts) a group holds."""
    if group.reason == DOUBTFUL:
        return _n("{n} tekst", "{n} teksten", group.n)
    if group.reason == MARKED:
        return _n("{n} kanttekening", "{n} kanttekeningen", group.n)
    return _n("{n} melding", "{n} meldingen", group.n)


def what(row: LeftOutRow) -> str:
    """What the row is about: a report by its source and id, a coordinate, a source, a mark by its hotspot's id."""
    if row.subject is not None and row.subject.kind is Kind.MARK:
        return f"{title(row.subject.flag)} ({row.source})"
    if row.subject is not None and row.subject.kind is Kind.POINT:
        return point(row.subject.x_cm, row.subject.y_cm)
    return f"{row.source} {row.source_id}".rstrip()


def point(x_cm: int | None, y_cm: int | None) -> str:
    """A coordinate as the commands take it, in RD metres."""
    return f"{(x_cm or 0) / 100:.2f},{(y_cm or 0) / 100:.2f}"


def when(row: LeftOutRow) -> str:
    """The day, with the time when it is known; of several reports the first and the last day."""
    if row.first is None:
        return "–"
    if row.last not in (None, row.first):
        return f"{day(row.first)} – {day(row.last)}"
    return day(row.first) + ("" if row.minute is None else f" {row.minute // 60:02d}:{row.minute % 60:02d}")


def where(row: LeftOutRow) -> str:
    """Buurt and street."""
    return ", ".join(part for part in (row.buurt, row.street) if part) or "–"


def verdict(row: Mapping[Any, Any]) -> str:
    """A decision's outcome in words; ``row`` is one of ``ReviewService.history``."""
    if row["flag"] == DOUBTFUL and row["verdict"] == Verdict.NOT_SO:
        return _(LOOKED_AT)
    said = _(VERDICTS[Kind(row["kind"]), Verdict(row["verdict"])])
    return f"{said} ({within(title(row['flag']))})" if row["flag"] else said


def decided_about(row: Mapping[Any, Any]) -> str:
    """What a decision is about; of a withdrawn report only that it was one."""
    if row["kind"] == Kind.POINT:
        gone = row["x"] != row["x"]  # NaN
        return _("een punt dat is vergeten") if gone else f"{row['x']:.2f},{row['y']:.2f}"
    if row["kind"] == Kind.MARK:
        return f"hotspot {row['source']}"
    if row["kind"] == Kind.FLAG and not row["source_id"]:
        return _("een ingetrokken melding")
    return f"{row['source']} {row['source_id']}".rstrip()


def by(row: Mapping[Any, Any]) -> str:
    """Who decided, and on which day."""
    return f"{row['decided_by']}, {day(row['decided_at'])}"


def undone(row: Mapping[Any, Any]) -> str:
    """By whom, when and why a decision was undone; "" while it holds."""
    if row["undone_at"] is None or row["undone_at"] != row["undone_at"]:  # NaT
        return ""
    if row["undone_by"] in UNDONE_BY:
        return f"{day(row['undone_at'])}: {_(UNDONE_BY[row['undone_by']])}"
    return _("{day} door {name}: {note}", day=day(row["undone_at"]), name=row["undone_by"], note=row["undone_note"])


def is_held(row: Mapping[Any, Any]) -> bool:
    """Whether a decision still holds."""
    return not undone(row)


def done(n: int) -> str:
    """That so many decisions were written."""
    return _n("{n} besluit genomen; het is ongedaan te maken.", "{n} besluiten genomen; ze zijn ongedaan te maken.", n)


def numbers(ids: tuple[int, ...]) -> str:
    """The decisions' numbers, a row of them as a span."""
    if len(ids) > 3 and ids[-1] - ids[0] == len(ids) - 1:
        return f"{ids[0]}–{ids[-1]}"
    return ", ".join(str(id_) for id_ in ids)
