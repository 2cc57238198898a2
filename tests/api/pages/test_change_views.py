"""What a version changed is shown with the parts of both pictures where it is seen."""

import pytest

from daemons.api.pages.change_views import first_crop, first_part, told_seen, window
from shared.domain.manifest import Blob, Screenshot
from shared.domain.visible_changes import Box, ChangeOf, Region, Verdict, VisibleChange, VisibleChanges
from tests.support.manifests import version_of

PICTURES = tuple(
    Screenshot(page="index.html", viewport=viewport, image=Blob(sha256="0" * 64, size=9))
    for viewport in ("desktop", "phone")
)
BOX = (100, 200, 300, 40)


def change(of: ChangeOf = ChangeOf.TEXT, **more: object) -> VisibleChange:
    region = Region(page="index.html", viewport="desktop", before=BOX, after=BOX)
    values: dict[str, object] = {
        "of": of, "what": "headline", "before": "a", "after": "b", "pages": ("index.html",), "page_count": 1,
        "regions": (region,),
    }  # fmt: skip
    return VisibleChange(**(values | more))


def test_a_change_is_shown_where_it_is_seen() -> None:
    seen = VisibleChanges(changes=(change(),), total=9, unread_count=2)
    told = told_seen(seen, version_of(5, screenshots=PICTURES), version_of(4, screenshots=PICTURES))
    (one,) = told.named
    assert (one.text, one.page, told.others, told.unread) == ("Headline: “a” → “b”", "index.html", 8, 2)
    assert one.before and one.after
    assert one.before.picture == "/api/v1/sites/bakery/versions/4/screenshots/desktop/index.html"
    assert one.after.picture == "/api/v1/sites/bakery/versions/5/screenshots/desktop/index.html"
    assert (one.after.across, one.after.box, first_crop(told.all)) == (1280, BOX, one.after)


def test_without_a_picture_the_words_stay() -> None:
    """A page that is not among the first has none, nor has a parent that can't be read."""
    seen = VisibleChanges(changes=(change(),), total=1)
    (one,) = told_seen(seen, version_of(5), None).named
    assert (one.text, one.before, one.after) == ("Headline: “a” → “b”", None, None)
    assert first_crop((one,)) is None
    other = change(regions=(Region(page="index.html", viewport="watch", after=BOX),))
    (one,) = told_seen(VisibleChanges(changes=(other,)), version_of(5, screenshots=PICTURES), None).named
    assert one.after is None


def test_what_was_not_asked_for_stands_apart() -> None:
    verdicts = (Verdict.UNASKED, Verdict.DOUBTFUL, Verdict.FOLLOWS, None)
    seen = VisibleChanges(changes=tuple(change(verdict=verdict) for verdict in verdicts), total=4)
    told = told_seen(seen, version_of(5), None)
    assert (len(told.unasked), len(told.doubtful), len(told.named)) == (1, 1, 2)


def test_colours_are_the_ones_of_the_page() -> None:
    colours = change(ChangeOf.BACKGROUND, what="area", before="rgb(1, 2, 3)", after="rgba(0, 0, 0, 0)")
    assert told_seen(VisibleChanges(changes=(colours,)), version_of(5), None).named[0].colours == ("#010203", "")


def test_a_list_shows_the_first_change_that_a_small_picture_has() -> None:
    """A whole page's picture is for a list only if it has few bytes."""
    small = Screenshot(page="index.html", viewport="small", image=Blob(sha256="0" * 64, size=9))
    heavy = Screenshot(page="index.html", viewport="desktop", image=Blob(sha256="0" * 64, size=300_000))
    below = change(regions=(Region(page="index.html", viewport="desktop", before=BOX, after=(0, 790, 50, 40)),))
    gone = change(regions=(Region(page="index.html", viewport="desktop", before=BOX),))
    seen = VisibleChanges(changes=(gone, below, change()), total=3)
    shown = first_part(seen, version_of(5, screenshots=(heavy, small)))
    assert shown
    assert shown.after
    assert (shown.after.picture.rpartition("screenshots/")[2], shown.after.box) == ("small/index.html", BOX)
    assert shown.after.window == (37, 176, 426, 266)
    shown = first_part(seen, version_of(5, screenshots=(*PICTURES, small)))
    assert shown
    assert shown.after
    assert (shown.after.picture.rpartition("screenshots/")[2], shown.after.box[1]) == ("desktop/index.html", 790)
    assert first_part(seen, version_of(5, screenshots=(heavy,))) is None


@pytest.mark.parametrize(
    ("box", "shown"),
    [
        ((600, 500, 20, 20), (397, 476, 426, 120)),
        ((0, 0, 1280, 6000), (0, 0, 1280, 1280)),
        ((1200, 10, 80, 40), (854, 0, 426, 120)),
    ],
)
def test_a_word_is_shown_with_what_is_around_it(box: Box, shown: Box) -> None:
    assert window(box, 1280) == shown
