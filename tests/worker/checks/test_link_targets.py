"""Where a link leads: to a file, and to a place on its page if somebody looked at that page."""

from daemons.worker.checks.finding import Weight
from daemons.worker.checks.link_targets import LinkTargets
from tests.support.observations import FILES, addresses, found, page


def test_a_link_leads_to_the_file_that_answers_it() -> None:
    targets = LinkTargets({}, FILES)
    answers = {"/": "index.html", "/about": "about.html", "/img/a%20b.png": "img/a b.png", "/gone.html": None}
    assert {address: targets.file(address) for address in answers} == answers


def test_places_are_looked_for_on_their_pages() -> None:
    about = page("about.html", places=addresses("team", "prices"))
    links = addresses("/about.html#team", "/about.html#teem", "/about.html#top", "/#!route", "/blog/#nobody-looked")
    [finding] = found(page(links=links), about)
    assert (finding.check, finding.subject, finding.weight) == ("anchors", "/about.html#teem", Weight.HINT)


def test_a_place_may_be_percent_encoded() -> None:
    assert found(page(links=addresses("/about.html#%C3%BCber")), page("about.html", places=addresses("über"))) == []


def test_a_page_with_too_many_places_is_not_judged() -> None:
    many = page("about.html", places=addresses("team", total=3_000))
    assert found(page(links=addresses("/about.html#teem")), many) == []
