"""Which pages are loaded and pictured."""

from daemons.worker.checks.selection import select
from shared.manifest import Blob, Changes, CheckStatus, FileChange, Screenshot

FILES = ["404.html", "about.html", "blog/post.html", "index.html", "style.css"]


def _modified(*paths: str) -> Changes:
    return Changes(modified=tuple(FileChange(path=path, before="0" * 64, after="1" * 64) for path in paths))


def _known(*pages: str) -> list[Screenshot]:
    image = Blob(sha256="2" * 64, size=1)
    return [Screenshot(page=page, viewport=v, image=image) for page in pages for v in ("desktop", "phone")]


def test_the_home_page_comes_first_then_what_changed() -> None:
    chosen = select(FILES, _modified("blog/post.html"), [])
    assert chosen.pages == ("index.html", "blog/post.html", "404.html", "about.html")
    assert chosen.pictured == chosen.pages


def test_unchanged_pages_keep_their_pictures() -> None:
    known = _known("index.html", "about.html", "gone.html")
    chosen = select(FILES, _modified("about.html"), known)
    assert chosen.kept == tuple(_known("index.html"))
    assert chosen.pictured == ("index.html", "about.html", "404.html", "blog/post.html")[1:]


def test_a_changed_style_makes_every_picture_new() -> None:
    chosen = select(FILES, _modified("style.css"), _known("index.html"))
    assert chosen.kept == ()
    assert "index.html" in chosen.pictured


def test_what_is_left_out_is_said() -> None:
    chosen = select([f"{n}.html" for n in range(600)], Changes(), [])
    assert (len(chosen.pages), len(chosen.pictured), chosen.left_out) == (500, 12, 100)
    assert chosen.coverage[0].status is CheckStatus.WARNING
    assert select(FILES, Changes(), []).coverage == ()
