"""The audit of pages by the real browser: one page that has a fault and one that has not, for each kind of fault."""

import io
import json
from collections.abc import Mapping

import pytest
from PIL import Image

from daemons.worker.checks.finding import Finding
from daemons.worker.checks.findings import find
from daemons.worker.checks.observation import PageObservation
from shared.domain.tree import Tree
from tests.worker.conftest import Looker


def _picture(width: int, height: int, *, quality: int = 60, noise: bool = False) -> bytes:
    target = io.BytesIO()
    image = Image.effect_noise((width, height), 90) if noise else Image.new("L", (width, height), 120)
    image.convert("RGB").save(target, "JPEG", quality=quality)
    return target.getvalue()


_PHONES = "<meta name=viewport content='width=device-width, initial-scale=1'>"
_HEAD = f"<!doctype html><html lang=en><title>Bakery</title><meta name=description content=Bread>{_PHONES}"
_SQUARE, _NOISE = "<img alt=Loaf src=small.jpg width=200 height=200", "<img alt=Loaf src=noise.jpg"
# Without `src`, which the browser would choose now and then: both lead to one file.
_HEAVY = "<img alt=Loaf srcset='heavy.jpg 3x'>"
_BODY = f"{_HEAD}<h1>Fresh bread</h1>"
# By page: its text, the check that finds something, what its finding is about, and what shows where; none: a good page.
PAGES: dict[str, tuple[str, str, str, str]] = {
    "index.html": (_BODY, "", "", ""),
    "no-alt.html": (f"{_BODY}<p id=team><img src=small.jpg>", "alternative text", "/small.jpg", "p#team > img"),
    "alt.html": (f"{_BODY}<img src=small.jpg alt=Loaf><img src=small.jpg alt=''>", "", "", ""),
    "named.html": (f"{_BODY}<img src=small.jpg aria-label=Loaf><p hidden><img src=small.jpg>", "", "", ""),
    "distorted.html": (f"{_BODY}{_SQUARE}>", "picture quality", "distorted /small.jpg", "body > img"),
    "cut.html": (f"{_BODY}{_SQUARE} style='object-fit: cover'>", "", "", ""),
    "framed.html": (f"{_BODY}<img alt=Loaf src=small.jpg style='padding: 5px 40px; border: 9px solid'>", "", "", ""),
    "large.html": (f"{_BODY}{_NOISE} width=100>", "picture quality", "large /noise.jpg", "body > img"),
    "fitting.html": (f"{_BODY}<img alt=Loaf src=noise.jpg width=250>", "", "", ""),
    "heavy.html": (f"{_BODY}{_HEAVY}", "picture quality", "heavy /heavy.jpg", "body > img"),
    "no-language.html": (_BODY.replace(" lang=en", ""), "structure", "language", ""),
    "no-title.html": (_BODY.replace("<title>Bakery</title>", ""), "structure", "title", ""),
    "no-description.html": (_BODY.replace("content=Bread", "content=''"), "search engines", "description", ""),
    "no-headline.html": (f"{_HEAD}<h2>Rolls</h2>", "structure", "no main headline", ""),
    "two-headlines.html": (f"{_BODY}<h1>Rolls</h1>", "structure", "main headlines", "body > h1:nth-of-type(2)"),
    "skips.html": (f"{_BODY}<h2>Rolls</h2><h4>Spelt</h4>", "structure", "skips Spelt", "body > h4"),
    "levels.html": (f"{_BODY}<h2>Rolls</h2><h3>Spelt</h3><h2>Cakes</h2>", "", "", ""),
    "wide.html": (f"{_BODY}<main><div id=table style='width: 500px'>Prices</div></main>", "width", "page", "div#table"),
    "narrow.html": (f"{_BODY}<div style='width: 340px'>Prices</div>", "narrow screens", "page", "body > div"),
    "scrolls.html": (f"{_BODY}<div style='overflow: auto'><p style='width: 900px'>Prices</p></div>", "", "", ""),
    "cut-off.html": (f"{_BODY}<style>body {{ overflow-x: hidden }} p {{ width: 900px }}</style><p>Prices", "", "", ""),
    "for-desks.html": (_BODY.replace(_PHONES, "") + "<p style='width: 900px'>Prices", "", "", ""),
    "asks.html": (f"{_BODY}<form action=gone.php></form>", "forms", "get /gone.php", ""),
    "sends.html": (f"{_BODY}<form action=index.html method=POST></form>", "forms", "post /index.html", ""),
    "sends-away.html": (f"{_BODY}<form action=https://forms.example/a method=post></form><form></form>", "", "", ""),
    "sends-on.html": ("<!doctype html><meta http-equiv=refresh content='9; url=/'><p>Bread", "", "", ""),
    "hostile.html": (f"{_BODY}<form name=body><input name=getAttribute></form><img name=title alt=''>", "", "", ""),
}  # fmt: skip
FILES: Tree = {
    "small.jpg": _picture(200, 100),
    "noise.jpg": _picture(500, 400, noise=True),
    "heavy.jpg": _picture(900, 800, quality=95, noise=True),
}


@pytest.fixture(scope="module")
def seen(look: Looker, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, PageObservation]:
    """What the browser saw; one tab looks at all pages."""
    folder = tmp_path_factory.mktemp("audit")
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    found = look(folder, {path: text for path, (text, *_) in PAGES.items()})
    return {one["path"]: PageObservation.model_validate_json(json.dumps(one)) for one in found}


@pytest.fixture(scope="module")
def by_page(seen: Mapping[str, PageObservation]) -> Mapping[str, list[Finding]]:
    told = find(seen, {*PAGES, *FILES}, {})
    return {path: [one for one in told if one.page == path] for path in PAGES}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_a_fault_has_its_finding_and_one_without_has_none(
    by_page: Mapping[str, list[Finding]], path: str
) -> None:
    _, check, subject, selector = PAGES[path]
    told = [(one.check, one.subject, (one.evidence.selector if one.evidence else "")) for one in by_page[path]]
    # What sticks out of a screen of 390 pixels does so of a smaller one.
    told = [one for one in told if check != "width" or one[0] != "narrow screens"]
    assert told == ([(check, subject, selector)] if check else [])


def test_what_is_wrong_can_be_outlined(by_page: Mapping[str, list[Finding]]) -> None:
    (one,) = by_page["large.html"]
    assert one.evidence
    assert one.evidence.box
    assert one.evidence.box[2:] == (100, 80)


def test_the_bytes_that_a_page_loads_are_counted(seen: Mapping[str, PageObservation]) -> None:
    audit = seen["fitting.html"].audit
    assert audit
    assert audit.size == len(PAGES["fitting.html"][0]) + len(FILES["noise.jpg"])
