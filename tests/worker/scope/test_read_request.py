"""A request is read by its owner's scope, else with the model's answer, else by its own words."""

from daemons.worker.scope.read_request import RequestPages, read_request
from shared.domain.model_questions import ScopeAnswer
from shared.domain.scope import Scope, ScopeSource

SITE = {"index.html": b"<title>Home</title>", "contact.html": b"<title>Contact</title>", "style.css": b""}
MESSAGE = "Change the hours on contact.html"


def test_the_owner_is_asked_first() -> None:
    own = Scope(source=ScopeSource.OWNER, pages=("index.html", "gone.html"))
    read = read_request(MESSAGE, SITE, own)
    assert (read.scope, read.named) == (own, {"index.html"})


def test_pages_that_the_words_name_have_to_change_whatever_the_model_says() -> None:
    answer = ScopeAnswer(everywhere=False, pages=("contact.html",), parts=(), kinds=())
    pages = RequestPages.of(MESSAGE, SITE)
    assert [page.title for page in pages.pages] == ["Home", "Contact"]
    for read in (pages.by_words(answer), pages.by_words(), read_request(MESSAGE, SITE)):
        assert (read.scope.pages, read.named) == (("contact.html",), {"contact.html"})
    assert pages.by_words(answer).scope.source is ScopeSource.MODEL
    guessed = RequestPages.of("Cambia el horario", SITE).by_words(answer)
    assert (guessed.scope.pages, guessed.named) == (("contact.html",), frozenset())


def test_only_texts_that_are_quoted_are_looked_for() -> None:
    site = {"index.html": b"<title>Home</title><p>Open at 7:00</p>"}
    assert [page.text for page in RequestPages.of("Make it nicer", site).pages] == [""]
    assert [page.text for page in RequestPages.of('Change "7:00"', site).pages] == ["home open at 7:00"]
