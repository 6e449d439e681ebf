"""The three papers: the algorithm register's entry, the input for a DPIA, and the overview of the processing."""

from datetime import date

from dashboard.i18n import _, day
from dashboard.papers import tables, terms
from dashboard.papers.paper import Block, Facts, Heading, Paper, Question, Text
from data.settings import Settings


def papers(settings: Settings, *, today: date, version: str) -> tuple[Paper, ...]:
    """All papers for the settings in force."""
    made = _("Gemaakt op {day} uit de instellingen van Hotspotkaart {version}.", day=day(today), version=version)
    return (_register(settings, made), _dpia(settings, made), _processing(settings, made))


def _register(settings: Settings, made: str) -> Paper:
    name = settings.municipality
    blocks: tuple[Block, ...] = (
        Heading(_("Algemeen")),
        Facts(
            (_("veld"), _("inhoud")),
            (
                (_("Naam"), "Hotspotkaart"),
                (_("Organisatie"), _("Gemeente {name}", name=name)),
                (_("Korte beschrijving"), _("Zoekt in meldingen van straatintimidatie de plekken en tijden waar ze zich concentreren, en zegt hoe zeker dat is.")),
                (_("Thema"), _("Openbare orde en veiligheid")),
                (_("Soort algoritme"), _("Statistisch; geen lerend systeem en geen oordeel over personen")),
            ),
        ),
        Question(_("Contactgegevens, begindatum en status (in ontwikkeling, in gebruik, buiten gebruik).")),
        Heading(_("Doel en gevolgen")),
        Text(_("De kaart helpt te kiezen waar verlichting, toezicht of een schoolprogramma zin heeft en of dat heeft gewerkt. Zij zegt niets over daders en wijst geen personen aan. Een verkeerde hotspot kan een straat een slechte naam geven; een te precieze kaart kan een slachtoffer schaden.")),
        Heading(_("Afweging en menselijke tussenkomst")),
        Text(_("Een hotspot is een aanwijzing, geen besluit. Een analist beoordeelt elke hotspot, kan weggelaten meldingen met een notitie terughalen en kiest de instellingen; een mens besluit over maatregelen.")),
        Question(_("Wie besluit er over maatregelen, en hoe wordt dat vastgelegd?")),
        Heading(_("Gegevens")),
        tables.columns(settings),
        Text(terms.in_short(settings)),
        Text(_("Herkomst: {source}. Er is geen gegeven over afkomst, nationaliteit, geloof of inkomen, en geen beschrijving van daders.", source=settings.source_name)),
        Heading(_("Werking")),
        Text(_("Meldingen die hooguit {eps} meter uit elkaar liggen zijn buren; waar genoeg meldingen dicht bij elkaar liggen ontstaat een hotspot (DBSCAN). Hoeveel genoeg is volgt uit het aantal meldingen: zo dat toeval hooguit één kernmelding geeft. Elke hotspot wordt vergeleken met 999 keer toeval en met andere instellingen.", eps=f"{settings.eps_m:g}")),
        Heading(_("Grenzen")),
        Text(_("Niet iedereen meldt; campagnes geven meer meldingen zonder dat er meer gebeurt. Met weinig meldingen zegt het programma dat een uitspraak niet kan. Drukte is alleen bij benadering verrekend.")),
        Heading(_("Risico’s en maatregelen")),
        tables.measures(),
        Heading(_("Wettelijke grondslag")),
        Question(_("Op welke taak of bevoegdheid berust het gebruik (bijvoorbeeld artikel 6 lid 1 onder e AVG met de Gemeentewet), en welke effectbeoordelingen zijn er?")),
    )  # fmt: skip
    return Paper(
        name="algoritmeregister",
        title=_("Algoritmeregister: Hotspotkaart {name}", name=name),
        intro=made,
        blocks=blocks,
    )


def _dpia(settings: Settings, made: str) -> Paper:
    blocks: tuple[Block, ...] = (
        Heading(_("De verwerking")),
        Text(_("Meldingen van straatintimidatie worden ingelezen, gecontroleerd en van namen ontdaan, op een kaart samengevat en als afgeronde cijfers gedeeld. Melders zijn vaak vrouwen, meisjes en lhbti+-personen, soms minderjarig: het gaat om kwetsbare mensen en om een precieze plaats en tijd.")),
        Heading(_("Welke gegevens, waarvoor en hoe lang")),
        tables.columns(settings),
        Heading(_("Wat er wordt bewaard")),
        Text(terms.in_short(settings)),
        tables.stored(settings),
        Heading(_("Wie mag wat")),
        tables.roles(),
        Heading(_("Wat naar buiten gaat")),
        Text(_("Alleen cijfers die op minstens {k} meldingen rusten, afgerond op vijf, over gesloten kwartalen, als rastercellen van {cell} meter. Binnen de gemeente is de drempel {k_screen} en de cel {cell_screen} meter.", k=settings.k_export, cell=settings.cell_export_m, k_screen=settings.k_screen, cell_screen=settings.cell_screen_m)),
        Heading(_("Risico’s en maatregelen")),
        tables.measures(),
        Heading(_("Wat de gemeente zelf moet beantwoorden")),
        Question(_("Is de verwerking noodzakelijk en evenredig; kan het met minder?")),
        Question(_("Hoe zijn melders geïnformeerd, en hoe kunnen zij hun rechten uitoefenen?")),
        Question(_("Zijn melders of hun vertegenwoordigers gehoord?")),
        Question(_("Wie beheert de server, en welke verwerkersovereenkomst geldt?")),
        Question(_("Wat is het advies van de functionaris gegevensbescherming?")),
        Heading(_("Instellingen zoals ze nu staan")),
        tables.settings_in_force(settings),
    )  # fmt: skip
    return Paper(
        name="dpia-invoer",
        title=_("Invoer voor een DPIA: Hotspotkaart {name}", name=settings.municipality),
        intro=made,
        blocks=blocks,
    )


def _processing(settings: Settings, made: str) -> Paper:
    blocks: tuple[Block, ...] = (
        Facts(
            (_("veld"), _("inhoud")),
            (
                (_("Verantwoordelijke"), _("Gemeente {name}", name=settings.municipality)),
                (_("Doel"), _("Weten waar en wanneer straatintimidatie zich concentreert, passende maatregelen kiezen en nagaan of ze werken")),
                (_("Betrokkenen"), _("Mensen die straatintimidatie melden")),
                (_("Bron"), settings.source_name),
                (_("Ontvangers van losse meldingen"), _("Alleen analisten van de gemeente")),
                (_("Ontvangers van cijfers"), _("Wie een uitgegeven kaart krijgt, zoals politie, scholen en het vervoerbedrijf")),
                (_("Doorgifte buiten de EU"), _("Geen door dit programma")),
                (_("Bewaartermijnen"), terms.in_short(settings)),
            ),
        ),
        Question(_("Contactgegevens van de verantwoordelijke en van de functionaris gegevensbescherming.")),
        Heading(_("Gegevens")),
        tables.columns(settings),
        Heading(_("Wat er wordt bewaard")),
        tables.stored(settings),
        Heading(_("Wie mag wat")),
        tables.roles(),
        Heading(_("Beveiliging")),
        tables.measures(),
    )  # fmt: skip
    return Paper(
        name="verwerkingsoverzicht",
        title=_("Overzicht van de verwerking: Hotspotkaart {name}", name=settings.municipality),
        intro=made,
        blocks=blocks,
    )
