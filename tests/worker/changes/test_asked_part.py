"""What nobody asked for goes, whole files and single differences; what was asked stays to the byte."""

from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.changes.asked_part import asked_part
from shared.domain.tree import Tree
from shared.domain.visible_changes import ChangeOf, Verdict, VisibleChange, VisibleChanges

ASKED, UNASKED = Verdict.ASKED, Verdict.UNASKED
PAGE = b"<h1>Vier</h1>\r\n<p>Brot von hier.</p>\r\n<footer>Tel. 123</footer>\r\n"


def _change(of: ChangeOf, before: str, after: str, verdict: Verdict | None, *pages: str) -> VisibleChange:
    on = pages or ("index.html",)
    return VisibleChange(of=of, before=before, after=after, pages=on, page_count=len(on), verdict=verdict)


def _text(before: str, after: str, verdict: Verdict | None, *pages: str) -> VisibleChange:
    return _change(ChangeOf.TEXT, before, after, verdict, *pages)


def _told(*changes: VisibleChange, files: tuple[str, ...] = ()) -> VisibleChanges:
    return VisibleChanges(changes=changes, total=len(changes), unasked_files=files)


def _kept(old: bytes, new: bytes, *changes: VisibleChange, path: str = "index.html") -> bytes:
    return asked_part({path: old}, {path: new}, _told(*changes)).source[path]


HEADLINE = _text("Vier", "Offline", ASKED)
FOOTER = _text("Tel. 123", "Tel. 999", UNASKED)


def test_an_unasked_line_goes_and_line_ends_stay() -> None:
    new = PAGE.replace(b"Vier", b"Offline").replace(b"123", b"999")
    assert _kept(PAGE, new, HEADLINE, FOOTER) == PAGE.replace(b"Vier", b"Offline")


def test_two_changes_of_one_line_are_told_apart() -> None:
    old, new = PAGE.replace(b"\r\n", b""), PAGE.replace(b"\r\n", b"").replace(b"Vier", b"Offline")
    assert _kept(old, new.replace(b"123", b"999"), HEADLINE, FOOTER) == new


def test_letters_of_an_old_encoding_stay() -> None:
    old = "<h1>Möhren</h1>\n<p>Äpfel</p>\n<p>Süß</p>\n".encode("cp1252")
    asked = old.replace("Möhren".encode("cp1252"), "Rüben".encode("cp1252"))
    new = asked.replace("Äpfel".encode("cp1252"), "Nüsse".encode("cp1252"))
    assert _kept(old, new, _text("Möhren", "Rüben", ASKED), _text("Äpfel", "Nüsse", UNASKED)) == asked


def test_a_difference_that_is_told_by_both_stays_and_is_named() -> None:
    old, new = b"<td>Brot 2</td>\n<td>Brot 2</td>\n", b"<td>Brot 3</td>\n<td>Brot 3</td>\n"
    other = _text("Brot 2", "Brot 3", UNASKED).model_copy(update={"where": "Other"})
    part = asked_part({"a.html": old}, {"a.html": new}, _told(_text("Brot 2", "Brot 3", ASKED, "a.html"), other))
    assert (part.source, part.partly, part.whole) == ({"a.html": new}, (), ())
    part = asked_part({"index.html": old}, {"index.html": new}, _told(_text("Brot 2", "Brot 3", ASKED), other))
    assert (part.source["index.html"], part.mixed, part.left) == (new, ("index.html",), (other,))


def test_doubt_stays() -> None:
    new = PAGE.replace(b"Vier", b"Offline").replace(b"123", b"999")
    assert _kept(PAGE, new, HEADLINE, FOOTER.model_copy(update={"verdict": Verdict.DOUBTFUL})) == new
    assert _kept(PAGE, new, HEADLINE, FOOTER.model_copy(update={"verdict": Verdict.FOLLOWS})) == new
    assert _kept(PAGE, new, HEADLINE, FOOTER.model_copy(update={"verdict": None})) == new


def test_whole_files_go_come_back_and_stay() -> None:
    before: Tree = {"index.html": PAGE, "about.html": b"<p>We</p>", "old.html": b"<p>Old</p>", "logo.png": b"1"}
    after: Tree = {"index.html": PAGE.replace(b"Vier", b"Offline"), "about.html": b"<p>They</p>",
                   "new.html": b"<p>New</p>", "logo.png": b"2", "notes.txt": b"x"}  # fmt: skip
    told = _told(
        HEADLINE,
        _text("We", "They", UNASKED, "about.html"),
        _change(ChangeOf.PAGE_ADDED, "", "", UNASKED, "new.html"),
        _change(ChangeOf.PAGE_REMOVED, "", "", UNASKED, "old.html"),
        _change(ChangeOf.PICTURE, "/logo.png", "/logo.png", UNASKED, "index.html"),
        files=("notes.txt",),
    )
    part = asked_part(before, after, told)
    assert part.source == before | {"index.html": after["index.html"]}
    assert part.whole == ("about.html", "logo.png", "new.html", "notes.txt", "old.html")
    assert not part.left


def test_an_unasked_rule_of_a_style_sheet_goes() -> None:
    old = b"h1 { color: #111 }\nbody { background: white }\n"
    asked = old.replace(b"#111", b"#00f")
    new = asked.replace(b"white", b"#90ee90") + b".notice { padding: 1em }\n"
    blue = _change(ChangeOf.COLOUR, "rgb(17, 17, 17)", "rgb(0, 0, 255)", ASKED)
    green = _change(ChangeOf.BACKGROUND, "rgb(255, 255, 255)", "rgb(144, 238, 144)", UNASKED, "index.html", "b.html")
    assert _kept(old, new, blue, green, path="style.css") == asked + b".notice { padding: 1em }\n"
    assert _kept(old, new, green, path="style.css") == old


def test_rules_of_one_line_are_told_apart() -> None:
    old, new = b"h1{color:#111;margin:0}body{background:#fff}", b"h1{color:#00f;margin:0}body{background:#90ee90}"
    blue = _change(ChangeOf.COLOUR, "rgb(17, 17, 17)", "rgb(0, 0, 255)", ASKED)
    green = _change(ChangeOf.BACKGROUND, "rgb(255, 255, 255)", "rgb(144, 238, 144)", UNASKED)
    assert _kept(old, new, blue, green, path="s.css") == b"h1{color:#00f;margin:0}body{background:#fff}"


def test_an_unasked_part_goes_with_its_tags() -> None:
    new = PAGE.replace(b"Vier", b"Offline") + b"<section><h2>News</h2><p>Hello</p></section>\r\n"
    added = _change(ChangeOf.ADDED, "", "News", UNASKED)
    assert _kept(PAGE, new, HEADLINE, added) == PAGE.replace(b"Vier", b"Offline")


def test_no_element_is_left_open() -> None:
    """Only the start of the new element tells the unasked change, so it stays with its end."""
    new = b"<section>\n<h2>News</h2>\n" + PAGE.replace(b"Vier", b"Offline") + b"</section>\n"
    kept = _kept(PAGE, new, HEADLINE, _change(ChangeOf.ADDED, "", "News", UNASKED))
    assert kept.count(b"<section>") == kept.count(b"</section>")


def test_a_link_is_told_by_where_it_leads() -> None:
    old = b'<a href="../menu.html">Menu</a>\n<a href="mailto:a@b.org">Mail</a>\n'
    asked = old.replace(b"a@b.org", b"c@b.org")
    new = asked.replace(b"menu.html", b"shop.html")
    told = (
        _change(ChangeOf.TARGET, "mailto:a@b.org", "mailto:c@b.org", ASKED, "de/index.html"),
        _change(ChangeOf.TARGET, "/menu.html", "/shop.html", UNASKED, "de/index.html"),
    )
    assert _kept(old, new, *told, path="de/index.html") == asked


def test_a_reformatted_page_keeps_what_was_asked_alone() -> None:
    """The file is unasked as a whole, and an asked change is on it: the rest of it goes."""
    new = b"<h1>Offline</h1>\n<p>\n  Brot von hier.\n</p>\n<footer>Tel. 123</footer>\n"
    part = asked_part({"index.html": PAGE}, {"index.html": new}, _told(HEADLINE, files=("index.html",)))
    assert part.source["index.html"].replace(b"Offline", b"Vier").split() == PAGE.split()
    assert part.source["index.html"].count(b"\r\n") >= 2


def test_what_a_cut_list_does_not_name_stays() -> None:
    new = PAGE.replace(b"Vier", b"Offline").replace(b"123", b"999")
    told = VisibleChanges(changes=(FOOTER,), total=2)
    assert asked_part({"index.html": PAGE}, {"index.html": new}, told).source["index.html"] == PAGE.replace(
        b"Vier", b"Offline"
    )


WORDS = st.lists(st.sampled_from(["Brot", "Käse", "<b>", "</b>", "9", "\n", "\r\n", " "]), max_size=12).map("".join)
FILES = st.dictionaries(
    st.sampled_from(["index.html", "a.html", "s.css", "x.js", "p.png"]), WORDS.map(str.encode), max_size=4
)
VERDICTS = st.sampled_from([ASKED, UNASKED, Verdict.FOLLOWS, Verdict.DOUBTFUL, None])


def _changes(verdicts: st.SearchStrategy[Verdict | None]) -> st.SearchStrategy[VisibleChanges]:
    one = st.builds(
        _change, st.sampled_from(list(ChangeOf)), WORDS, WORDS, verdicts, st.sampled_from(["index.html", "a.html"])
    )
    return st.lists(one, max_size=6).map(lambda found: _told(*found))


@given(FILES, FILES, _changes(VERDICTS.filter(lambda verdict: verdict is not UNASKED)))
def test_without_an_unasked_change_nothing_goes(parent: Tree, version: Tree, told: VisibleChanges) -> None:
    assert asked_part(parent, version, told).source == version


@given(FILES, FILES, _changes(st.just(UNASKED)))
def test_where_all_is_unasked_nothing_stays(parent: Tree, version: Tree, told: VisibleChanges) -> None:
    changed = tuple(path for path in parent.keys() | version.keys() if parent.get(path) != version.get(path))
    part = asked_part(parent, version, told.model_copy(update={"unasked_files": changed}))
    assert (part.source, part.partly, part.mixed) == (parent, (), ())


@given(FILES, FILES, _changes(VERDICTS))
def test_each_byte_is_of_one_of_both(parent: Tree, version: Tree, told: VisibleChanges) -> None:
    part = asked_part(parent, version, told)
    for path, data in part.source.items():
        forms = [tree[path] for tree in (parent, version) if path in tree]
        assert path in part.partly or data in forms
        assert not set(data) - set(b"".join(forms))
    assert set(part.whole) >= {path for path in version if path not in part.source}
