"""What the businesses of our own sites say: the same facts for each style of page, in English or German."""

# ruff: noqa: RUF001  # people write their hours with a real dash

from dataclasses import dataclass, field

# One thing on a page: its kind, which a style has a template for, and the texts that the template takes.
Piece = tuple[str, ...]


@dataclass(frozen=True)
class Business:
    """A business and its pages: for each file its title and what is on it. Its hours stand on `hours_on`."""

    name: str
    language: str
    hours: str
    phone: str
    footer: str
    pages: dict[str, tuple[str, tuple[Piece, ...]]]
    without_hours: frozenset[str] = field(default=frozenset({"team.html"}))


def _business(name: str, language: str, hours: str, texts: str, more_pages: int = 0) -> Business:
    """A business from lines: `file | title` begins a page, other lines are pieces."""
    pages: dict[str, tuple[str, tuple[Piece, ...]]] = {}
    for line in filter(None, texts.splitlines()):
        first, *rest = line.split(" | ")
        if first.endswith(".html"):
            current, pages[first] = first, (rest[0], ())
        else:
            title, pieces = pages[current]
            pages[current] = title, (*pieces, (first, *rest))
    for number in range(1, more_pages + 1):
        pages[f"notes/note-{number:02}.html"] = f"Note {number}", _note(number)
    footer = "Alle Rechte vorbehalten" if language == "de" else "All rights reserved"
    return Business(name, language, hours, "+49305550142", footer, pages)


def _note(number: int) -> tuple[Piece, ...]:
    return (
        ("h1", f"What we did in week {number}"),
        ("p", f"In week {number} we mended {number + 2} old chairs and one very patient clock."),
        ("p", "The glue had to dry for two nights, as it always has to, and nobody was in a hurry."),
    )


_BAKERY = """
index.html | Home
h1 | Bread from a wood oven
p | We bake with four ingredients and a great deal of time.
photo | oven.svg | The brick oven with its door open
h2 | Why it takes a day
p | The dough rests for a night, and we receive the flour from a mill that one can see from here.
pdf | menu.pdf | The menu as a PDF
prices.html | Prices
h1 | What it costs
p | All prices are in euros and include the paper bag.
prices | Country loaf | 6.50 | Butter croissant | 3.20 | Cinnamon roll | 3.80
team.html | Team
h1 | Who bakes
p | Four people, one oven and a cat that is not allowed in.
people | Ada Miller, dough | Ben Okafor, oven | Carla Rossi, counter | Dana Weiss, deliveries
visit.html | Visit
h1 | How to find us
p | Take the tram to the old mill and follow your nose.
h2 | By bicycle
p | There are stands behind the house, under the chestnut tree.
contact.html | Contact
h1 | Talk to us
p | Order until six in the evening, and it waits for you the next morning.
"""
_LAWYER = """
index.html | Home
h1 | Law for people who build
p | We advise builders, owners and neighbours, before they quarrel if possible.
photo | office.svg | Our office seen from the square
h2 | What we are asked most
p | Whose wall is it, who pays for the crane, and when does the warranty end.
pdf | guide.pdf | Guide for builders (PDF)
prices.html | Fees
h1 | What advice costs
p | You know the price before we begin.
prices | First talk | 190.00 | Review of a contract | 450.00 | One hour more | 240.00
team.html | People
h1 | Our people
p | Two lawyers and those who keep them in order.
people | Ruth Adler, partner | Simon Lake, partner | Tessa Brandt, office | Omar Haddad, research
visit.html | Directions
h1 | Where we are
p | On the second floor, above the bookshop. The lift is on the left.
h2 | Parking
p | The car park at the station is open day and night.
contact.html | Contact
h1 | Write to us
p | Send us your papers before the first talk, so that it is a short one.
"""
_INN = """
index.html | Start
h1 | Das Gasthaus am Wehr
p | Seit drei Generationen wird hier gekocht, was der Fluss und der Garten hergeben.
photo | haus.svg | Das Gasthaus mit der Linde davor
h2 | Was uns wichtig ist
p | Kurze Wege, volle Teller und ein Garten, in dem man sitzen bleibt. Wir freuen uns auf Ihren Besuch.
pdf | karte.pdf | Speisekarte als PDF
prices.html | Speisen
h1 | Was es gibt
p | Alle Preise in Euro. Kinder bekommen halbe Portionen.
prices | Forelle mit Mandeln | 18,50 | Kürbissuppe | 6,90 | Käsespätzle | 11,80
team.html | Team
h1 | Wer für Sie da ist
p | Eine Familie und alle, die längst dazugehören.
people | Anna Wörner, Küche | Jörg Wörner, Keller | Käthe Blum, Service | Mehmet Kaya, Garten
visit.html | Anfahrt
h1 | So kommen Sie zu uns
p | Vom Bahnhof sind es zehn Minuten zu Fuß, immer am Wasser entlang.
h2 | Mit dem Rad
p | Am Tor stehen Ständer, und für müde Reifen gibt es eine Pumpe.
contact.html | Kontakt
h1 | Schreiben Sie uns
p | Für mehr als acht Personen bitten wir um eine Nachricht am Vortag.
"""
_SHOP = """
index.html | Shop
h1 | Lamps made of old things
p | Each lamp is made once, by hand, out of something that was thrown away.
photo | lamp.svg | A lamp made of a copper kettle
h2 | How it works
p | You choose, we wire it anew and send it with a guarantee of five years.
pdf | catalogue.pdf | Catalogue as a PDF
prices.html | All lamps
h1 | All lamps
p | Prices include shipping within the country.
prices | Kettle lamp | 129.00 | Trumpet lamp | 189.00 | Typewriter lamp | 149.00 | Globe lamp | 99.00
h2 | Repairs
prices | New cable | 19.00 | New switch | 12.50
team.html | Makers
h1 | Who makes them
p | Three makers and a dog who finds the best things.
people | Inga Duarte, metal | Paul Novak, wiring | Yuki Mori, glass | Greta Lind, packing
visit.html | Workshop
h1 | Come to the workshop
p | Ring twice, since one of us always has a drill in hand.
h2 | What to bring
p | Bring the thing you love and can't use any more.
contact.html | Contact
h1 | Ask us
p | We answer in the evening, when it is quiet.
"""

BAKERY = _business("Mill Bakery", "en", "Tuesday to Saturday 7:00 – 14:00", _BAKERY)
LAWYER = _business("Adler & Lake", "en", "Monday to Friday 9:00 – 17:00", _LAWYER)
INN = _business("Gasthaus am Wehr", "de", "Mittwoch bis Sonntag 11:30 – 22:00 Uhr", _INN)
SHOP = _business("Second Light", "en", "Thursday to Saturday 10:00 – 18:00", _SHOP)
MANY = _business("Chair Menders", "en", "Monday to Thursday 8:00 – 16:00", _SHOP, more_pages=24)
