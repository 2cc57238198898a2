"""The words by which a request says what it is about, in English and German, each as a pattern; texts are `plain`."""

import re


def _any(patterns: str) -> re.Pattern[str]:
    """One pattern for all of these, which stand between slashes."""
    return re.compile(r"\b(?:" + "|".join(" ".join(one.split()) for one in re.split(r"\s/\s", patterns)) + ")")


# The whole site.
EVERYWHERE = _any(
    r"""
    everywhere\b / all (?:the |our |of the |other |\w+ )?pages\b / (?:every|each)(?: single)? page\b / site-?wide\b
    / (?:whole|entire|complete) (?:web ?)?site\b / (?:on|across|throughout|of|in) (?:the|our|my) (?:web)?site\b /
    all over\b / throughout\b / (?:two|three|four|five|six|seven|eight|nine|ten|\d+) pages\b / uberall\b
    / ueberall\b / alle[nr]? (?:\w+ )?seiten\b / jeder seite\b / jede seite\b /
    ganzen? (?:website|webseite|homepage|auftritt|seite)\b / gesamten? (?:website|webseite|homepage|auftritt)\b /
    auf (?:der|unserer|meiner) (?:website|webseite|homepage|internetseite)\b /
    (?:zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn) seiten\b
    """
)
HOME = _any(
    r"""
    home ?page\b / start ?page\b / front ?page\b / landing ?page\b / main page\b / first page\b / index page\b /
    startseite\b / hauptseite\b / titelseite\b / (?:on|of) home\b
    """
)
GERMAN = _any(r"der\b / die\b / das\b / unsere[rn]?\b / auf\b / bitte\b / und\b / meine[rn]?\b")
STYLE = _any(
    r"""
    colou?r / background / fonts?\b / typeface / theme\b / styl(?:e|ing) / design / layout / css\b / bold / italic /
    bigger / smaller / larger / wider / narrower / centre / center / align / margin / padding / spacing /
    space between / darker / lighter / brighter / rounded / shadow / border / modern / prettier / nicer / contrast /
    phone screen / mobile / responsive / column / look / farb / hintergrund / schrift / fett\b / kursiv / grosser /
    kleiner / breiter / dunkler / heller / zentrier / abstand / gestalt / schoner / rahmen / schatten / aussehen /
    spalte / stil\b / optik
    """
)
PICTURE = _any(
    r"""
    picture / photo / image / logo / icon / gallery / alt[- ]text / alternative text / bild / foto
    """
)
LINK = _any(r"links?\b / linked / url\b / button / verlink / schaltflache / knopf / point to / lead to")
FILE = _any(r"files?\b / pdf / documents?\b / download / datei / dokument / attach / anhang / angehangt")
NEW_PAGE = _any(
    r"""
    (?:add|create|make|need|want|build)\b[^.\n]{0,40}\bpages?\b / new (?:sub)?page\b / second language /
    \w+ version of\b / translat / copy of\b / split\b / neue (?:unter)?seite /
    seite\b[^.\n]{0,60}\b(?:anlegen|erstellen|hinzu) / (?:erstelle|lege|mache|brauche)\b[^.\n]{0,40}\bseite /
    ubersetz / fassung / menu item / menupunkt / blog ?post / article\b / rename / umbenenn / move\b / benenne
    """
)
REMOVAL = _any(
    r"""
    remov / delet / take (?:\w+ ){0,4}(?:out|off|away|down)\b / drop\b / get rid / strike\b / cut\b / no longer /
    without\b / clear\b / hide\b / merge / has left / have left / left us / doesn.t work / not any ?more /
    instead of / losch / entfern / streich / weg(?:nehmen|lassen)?\b / raus\b / nicht mehr / ohne\b / statt\b /
    verlass / ausblend / zusammenleg
    """
)
# Such requests may change every text of what they concern.
BROAD = _any(
    r"""
    rewrit / rephras / reword / shorten / shorter / redesign / translat / proofread / spelling / grammar / simplif /
    tidy / clean / moderni / friendlier / friendly / warmer / nicer / better / improve / fix (?:all|the) typos /
    overhaul / rearrang / reorgani / restructur / new design / polish / more \w+ / umschreib / kurz / ubersetz /
    korrigier / rechtschreib / vereinfach / aufraum / freundlich / besser / verbesser / uberarbeit / umgestalt /
    neu gestalt / schoner / umformulier / ordne
    """
)
# How the source is written.
SOURCE = _any(
    r"""
    format / indent / minif / source\b / (?:html|css) code / comments? in / white ?space / quelltext / einruck / clean /
    aufraum / tidy / valid
    """
)
# What nobody sees on a page.
UNSEEN = _any(
    r"""
    meta\b / keyword / seo\b / search engine / suchmaschine / canonical / robots / sitemap / favicon / analytics /
    schema / structured / open graph / social / aria\b / accessib / barriere / script / tracking / anchor / \blang /
    sprach / speed / faster / schneller / title / titel / description / beschreibung / print / druck
    """
)
TEXT = _any(
    r"""
    headline / headings?\b / text\b / words?\b / sentence / paragraph / typo / hours?\b / prices?\b / phone /
    address / email / e-mail / name\b / year\b / date\b / notice / uberschrift / absatz / satz / wort / tippfehler /
    zeiten\b / preis / telefon / adresse / jahr / datum / hinweis / person\b / entry / eintrag
    """
)
PLACES = {
    "footer": _any(r"footer / foot of / bottom of (?:each|every|all) / fuss(?:zeile|bereich) / copyright"),
    "header": _any(r"header / kopf(?:zeile|bereich) / top of (?:each|every|all) / banner"),
    "navigation": _any(r"navigation / nav\b / navbar / menu\b / menu ?(?:item|punkt|eintrag) / in the menu"),
}
ROLES = {
    frozenset({"headline", "heading"}): _any(r"headline / headings?\b / uberschrift / title / titel"),
    frozenset({"picture", "area", "embed"}): PICTURE,
    frozenset({"link", "button"}): LINK,
    frozenset({"cell"}): _any(r"table / row\b / tabelle / zeile\b"),
    frozenset({"item"}): _any(r"lists?\b / bullet / entry / liste / aufzahlung"),
    frozenset({"field", "label"}): _any(r"forms?\b / field / formular / feld"),
    frozenset({"caption"}): _any(r"caption / bildunterschrift"),
}
