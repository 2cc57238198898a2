"""A colour is set once, however often it is changed."""

from daemons.model.practice.editor.colours import change_colour
from daemons.model.practice.editor.website import Website
from tests.support.practice_editor import page


def test_a_colour_rule_is_replaced_not_repeated() -> None:
    site = Website({"index.html": page(""), "about.html": page("")})
    change_colour(site, "text", "red")
    once = dict(site.files)
    change_colour(site, "text", "navy")
    assert {path: text.replace("navy", "red") for path, text in site.files.items()} == once
    assert once["about.html"].count("<style>") == 1
