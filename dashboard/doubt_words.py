"""What speaks against a hotspot, a sentence with its figures for each doubt."""

from dashboard.context_words import quarter, share
from dashboard.i18n import _, _n, chance, number, percent
from geo.certainty import HotspotCertainty
from geo.context import CityContext, Doubt, HotspotContext, with_certainty
from geo.context_doubts import one_quarter_of
from geo.hotspots import Hotspot


def doubt_lines(
    hotspot: Hotspot, context: HotspotContext, certain: HotspotCertainty | None, *, city: CityContext
) -> list[str]:
    """Every doubt in a sentence, in the order of Doubt; certain: None when it was not tested."""
    doubts = with_certainty(context.doubts, certain)
    return [doubt_line(doubt, hotspot, context, certain, city=city) for doubt in doubts]


def doubt_line(
    doubt: Doubt, hotspot: Hotspot, context: HotspotContext, certain: HotspotCertainty | None, *, city: CityContext
) -> str:
    """One doubt with the figures it rests on."""
    match doubt:
        case Doubt.CHANCE | Doubt.WEAK:
            return _tested(doubt, certain)
        case Doubt.CHAIN | Doubt.ALONG_STREET | Doubt.LATTICE | Doubt.ONE_SOURCE_HOUR | Doubt.ONE_SOURCE_DAY:
            return _marked(doubt, hotspot)
        case Doubt.ONE_SOURCE | Doubt.ONE_QUARTER | Doubt.CAMPAIGN:
            return _uneven(doubt, hotspot, context, city)
        case _:
            return _plain(doubt, hotspot, context)


def _plain(doubt: Doubt, hotspot: Hotspot, context: HotspotContext) -> str:
    if doubt is Doubt.FEW_DATES:
        return _n(
            "De {of} meldingen vallen op {n} dag.",
            "De {of} meldingen vallen op {n} dagen.",
            hotspot.n_dates,
            of=number(hotspot.n),
        )
    if doubt is Doubt.WITH_THE_CITY:
        return _("Het aantal stijgt, maar in de hele stad ook: het aandeel verandert niet aantoonbaar.")
    if doubt is Doubt.FORMER:
        return _("In de laatste kwartalen was dit geen hotspot meer.")
    if doubt is Doubt.TIME_UNKNOWN:
        return _("Het tijdstip is onbekend van {share} meldingen.", share=share(hotspot.n_time_unknown, hotspot.n))
    if context.opinion is None:
        return ""
    agreed = round(context.opinion.share * context.opinion.n_core)
    return _(
        "Een tweede methode (HDBSCAN) houdt hier {share} kernmeldingen bij elkaar.",
        share=share(agreed, context.opinion.n_core),
    )


def _tested(doubt: Doubt, certain: HotspotCertainty | None) -> str:
    if certain is None:
        return ""
    if doubt is Doubt.CHANCE:
        return _("Dit kan toeval zijn (q {q}).", q=chance(certain.q))
    return _(
        "Bij andere instellingen en met een vijfde minder meldingen bestaat deze hotspot in {share} van de proeven.",
        share=percent(certain.lives),
    )


def _marked(doubt: Doubt, hotspot: Hotspot) -> str:
    if doubt is Doubt.CHAIN:
        return _("De hotspot is {m} meter lang: mogelijk meerdere plekken aan elkaar.", m=number(hotspot.diameter_m))
    if doubt is Doubt.ALONG_STREET:
        return _(
            "De hotspot is {m} meter lang en {w} meter breed: een strook langs een straat.",
            m=number(hotspot.diameter_m),
            w=number(hotspot.width_m),
        )
    if doubt is Doubt.LATTICE:
        return _("Meer dan de helft van de meldingen ligt op afgeronde plaatsen van één bron.")
    if doubt is Doubt.ONE_SOURCE_HOUR:
        return _("Meer dan de helft van de meldingen kwam binnen één uur uit één bron.")
    return _("Meer dan de helft van de meldingen kwam op één dag uit één bron.")


def _uneven(doubt: Doubt, hotspot: Hotspot, context: HotspotContext, city: CityContext) -> str:
    if doubt is Doubt.ONE_SOURCE:
        name, n = context.sources[0]
        return _(
            "Van de meldingen komen er {share} uit één bron ({name}); in de stad is dat {city}.",
            share=share(n, hotspot.n),
            name=name,
            city=percent(dict(city.sources)[name] / city.n),
        )
    if doubt is Doubt.ONE_QUARTER:
        at = one_quarter_of(context.quarters)
        if at is None:
            return ""
        return _(
            "Van alle meldingen op deze plek, ook die niet bij de hotspot horen, vielen er {share} in het {quarter}.",
            quarter=quarter(context.quarters.starts[at]),
            share=share(context.quarters.counts[at], sum(context.quarters.counts)),
        )
    return _(
        "Tijdens campagnes viel {share} van de meldingen; die duurden {days} van de dagen.",
        share=percent(context.campaign_share),
        days=percent(context.campaign_days_share),
    )
