"""The sign-in page. It needs no script: it is the one page that everybody gets."""

from typing import Final

from markupsafe import Markup

from dashboard import i18n, theme
from dashboard.auth import cookies
from dashboard.auth.gate import SIGN_IN, STYLE
from dashboard.i18n import LANGUAGES, _

NAMES: Final = {"nl": "Nederlands", "en": "English"}
PAGE: Final = Markup("""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="/assets/mark.svg">
<style>{variables}</style>
<link rel="stylesheet" href="{style}">
</head>
<body>
<header class="in-header"><span class="in-mark" aria-hidden="true"></span><span class="in-name">{name}</span>
<nav class="in-languages" aria-label="{language_label}">{languages}</nav></header>
<main class="in-main">
<section class="in-card">
<h1>{heading}</h1>
{notice}{forms}
</section>
<p class="in-care">{care}</p>
</main>
</body>
</html>
""")
FORM: Final = Markup("""<form method="post" action="{action}">
<input type="hidden" name="{field}" value="{token}">
<input type="hidden" name="verder" value="{onward}">
<label for="name">{name_label}</label>
<input id="name" name="name" type="text" value="" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="80" required{focus}{described}>
<label for="password">{password_label}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="256" required{described}>
<button type="submit">{submit}</button>
</form>
""")
NOTICE: Final = Markup('<p id="notice" class="in-notice{kind}" role="{role}">{text}</p>\n')
EXTERNAL: Final = Markup('<p class="in-or"><span>{word}</span></p>\n')
BUTTON: Final = Markup('<a class="in-external" href="{href}">{text}</a>\n')


def sign_in(
    *, municipality: str, token: str, onward: str, local: bool, external: bool, error: str = "", notice: str = ""
) -> str:
    """The page. token: for its form. onward: the query to go on with afterwards. error, notice: one sentence each."""
    parts = []
    if external:
        parts.append(BUTTON.format(href=f"{SIGN_IN}/gemeente?{onward}", text=_("Aanmelden met uw gemeenteaccount")))
    if external and local:
        parts.append(EXTERNAL.format(word=_("of")))
    if local:
        parts.append(_form(token=token, onward=onward, described=bool(error)))
    said = error or notice
    name = _("Hotspotkaart {city}", city=municipality)
    return PAGE.format(
        lang=i18n.language(),
        title=_("Aanmelden – {name}", name=name),
        variables=Markup(theme.css_variables()),  # noqa: S704  # nosec B704  # our own colours
        style=STYLE,
        name=name,
        language_label=_("Taal"),
        languages=_languages(),
        heading=_("Aanmelden"),
        notice=NOTICE.format(kind=" in-error" if error else "", role="alert" if error else "status", text=said)
        if said
        else "",
        forms=Markup("").join(parts),
        care=_(
            "Deze kaart rust op meldingen van mensen die zijn lastiggevallen. Wat u ziet, wordt vastgelegd in het logboek."
        ),
    )


def _form(*, token: str, onward: str, described: bool) -> Markup:
    return FORM.format(
        action=SIGN_IN,
        field=cookies.FIELD,
        token=token,
        onward=onward,
        name_label=_("Naam"),
        password_label=_("Wachtwoord"),
        submit=_("Aanmelden"),
        focus=Markup(" autofocus"),
        described=Markup(' aria-describedby="notice"') if described else "",
    )


def _languages() -> Markup:
    link = Markup('<a href="?taal={code}" hreflang="{code}" lang="{code}" aria-label="{name}"{current}>{short}</a>')
    here = i18n.language()
    return Markup("").join(
        link.format(
            code=code,
            name=f"{code.upper()} – {NAMES[code]}",
            short=code.upper(),
            current=Markup(' aria-current="true"') if code == here else "",
        )
        for code in LANGUAGES
    )
