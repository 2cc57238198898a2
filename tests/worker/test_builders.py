"""What is served of a site's source."""

from daemons.worker.builders import BUILDERS


def test_compressed_forms_are_not_served_as_they_lie_there() -> None:
    """One that is older than its page, or a page in disguise, would be seen by visitors and by no check."""
    kept = {"index.html": b"a", "data.csv.gz": b"b", "film.tar.gz": b"c", "style.css": b"d"}
    twins = {"index.html.gz": b"x", "login.html.gz": b"x", "LOGIN.XHTML.BR": b"x", "style.css.zst": b"x"}
    assert BUILDERS["plain"](kept | twins) == kept
