"""What a file is, by its name: whatever its case, for all kinds that real sites hold."""

import pytest

from shared.domain.serving.media_types import DEFAULT, is_document, media_type


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("index.html", "text/html"),
        ("ABOUT.HTML", "text/html"),
        ("Prices.HTM", "text/html"),
        ("map/tour.kml", "application/vnd.google-earth.kml+xml"),
        ("tour.gpx", "application/gpx+xml"),
        ("live.m3u8", "application/vnd.apple.mpegurl"),
        ("live0.ts", "video/mp2t"),
        ("a.aac", "audio/aac"),
        ("a.jsonld", "application/ld+json"),
        ("a.tsv", "text/tab-separated-values"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.svgz", "image/svg+xml"),
        ("locales/calendar.pl.js", "text/javascript"),
        ("exercise.py", "text/plain"),
        (".well-known/apple-app-site-association", "application/json"),
        ("LICENSE", DEFAULT),
        ("a.b/c", DEFAULT),
        ("a.nobody-knows", DEFAULT),
    ],
)
def test_a_type_follows_from_the_name(path: str, kind: str) -> None:
    assert media_type(path) == kind


@pytest.mark.parametrize("path", "a.html A.HTM a.xhtml a.XHT a.svg a.SVGZ a.xml a.xsl a.rss a.atom a.mml a.kml".split())
def test_what_a_browser_may_open_with_scripts_is_a_document(path: str) -> None:
    assert is_document(path)


@pytest.mark.parametrize("path", "a.css a.js a.png a.pdf a.txt a.json a.py html a.html.gz a.shtml a.hta a.mht".split())
def test_nothing_else_is_a_document(path: str) -> None:
    assert not is_document(path)
