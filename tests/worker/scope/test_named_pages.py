"""How an owner may call the pages, read from the source."""

from daemons.worker.scope.named_pages import named_pages, read_text

SITE = {
    "index.html": b"<title>Mill Bakery</title>"
    b'<nav><a href="shop/menu.html">Our <b>menu</b></a> <a href="/about.html#us">Us</a>'
    b'<a href="https://x.org/about.html">x</a></nav><h1>Bread &amp; more</h1><script>var a = "secret"</script>',
    "about.html": b"<title>About us | Mill Bakery</title><!-- hidden --><p>We <b>bake</b>.</p>",
    "shop/menu.html": b"<h1>Menu</h1><a href='../about.html'>The bakers</a>",
    "files/menu.pdf": b"%PDF",
    "style.css": b"",
}


def test_titles_headlines_and_labels() -> None:
    home, about, menu, document = named_pages(SITE, with_texts=False)
    assert (home.path, home.title, home.headline, home.labels) == ("index.html", "Mill Bakery", "Bread & more", ())
    assert (about.title, about.labels) == ("About us | Mill Bakery", ("Us", "The bakers"))
    assert (menu.headline, menu.labels, menu.text) == ("Menu", ("Our menu",), "")
    assert document.path == "files/menu.pdf"


def test_texts_are_what_can_be_read() -> None:
    home, about, *_ = named_pages(SITE, with_texts=True)
    assert about.text == "about us | mill bakery we bake ."
    assert "secret" not in home.text


def test_old_encodings_are_read() -> None:
    assert read_text("a.html", "<meta charset=windows-1252>Öl".encode("cp1252")) == "<meta charset=windows-1252>Öl"
    assert read_text("a.css", b"\xff\xfe\x81") != ""
