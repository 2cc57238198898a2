"""Which file answers an address: files, pages without their ending, folders, and what is hidden."""

import pytest

from shared.domain.serving.addresses import Moved, locate, resolve

_FILES = frozenset(
    (
        "index.html about.html guide.html guide/start.html docs/index.html docs.html old/index.htm v1.2.html v1.2/x.txt"
        " LICENSE both both.html empty/x.txt .well-known/security.txt .well-known/.secret 404.html style.css"
        " node.js.html node.js/a.txt deno.js.html"
    ).split()
)


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/style.css", "style.css"),
        ("/about", "about.html"),
        ("/about/", Moved("/about")),
        ("/about.html", "about.html"),
        ("/about.html/", None),
        ("/guide", "guide.html"),
        ("/guide/", Moved("/guide")),
        ("/guide/start", "guide/start.html"),
        ("/docs", "docs.html"),
        ("/docs/", "docs/index.html"),
        ("/old", Moved("/old/")),
        ("/old/", "old/index.htm"),
        ("/v1.2", "v1.2.html"),
        ("/v1.2/", None),
        ("/node.js", Moved("/node.js/")),
        ("/node.js/", None),
        ("/deno.js", "deno.js.html"),
        ("/LICENSE", "LICENSE"),
        ("/license", None),
        ("/both", "both"),
        ("/both/", Moved("/both")),
        ("/empty", Moved("/empty/")),
        ("/empty/", None),
        ("//about", "about.html"),
        ("/nowhere", None),
        ("/style", None),
        ("/.well-known/security.txt", ".well-known/security.txt"),
        ("/.well-known/.secret", None),
        ("/.well-known", None),
        ("/404", "404.html"),
    ],
)
def test_an_address_is_answered_by_one_file(address: str, answer: str | Moved | None) -> None:
    assert locate(address, _FILES) == answer


@pytest.mark.parametrize("path", sorted(_FILES))
def test_following_never_goes_round_in_circles(path: str) -> None:
    """Whatever has moved is answered at its new address; following ends where `resolve` says."""
    stem = path.removesuffix(".html")
    for address in (f"/{path}", f"/{path}/", f"/{stem}", f"/{stem}/", f"/{path.rpartition('/')[0]}"):
        found = locate(address, _FILES)
        if isinstance(found, Moved):
            found = locate(found.path, _FILES)
        assert not isinstance(found, Moved)
        assert resolve(address, _FILES) == found
