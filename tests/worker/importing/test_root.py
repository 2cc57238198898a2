"""The folder that becomes the site: the only home page decides, several are a question, nothing is lost unsaid."""

import pytest

from daemons.worker.importing.imported_site import read_site
from daemons.worker.importing.report import Topic
from daemons.worker.importing.root import Reason
from shared.domain.errors import InvalidInput, from_problem
from tests.support.packed import zip_of


@pytest.mark.parametrize(
    ("names", "root", "kept"),
    [
        (["index.html", "dist/index.html"], "", ["dist/index.html", "index.html"]),
        (["site-main/index.html", "site-main/a/index.html"], "site-main", ["a/index.html", "index.html"]),
        (["INDEX.HTML", "en/index.html"], "", ["en/index.html", "index.html"]),
        (["index.htm", "about.html", "css/a.css", "blog/index.html"], "", None),
        (["home.html", "blog/index.html"], "", ["blog/index.html", "index.html"]),
        (["alpha/index.html", "shared/s.css"], "alpha", ["index.html"]),
        (
            ["package/dist/index.html", "package/package.json", "package/lib/x/index.html"],
            "package/dist",
            ["index.html"],
        ),
        (["docs/index.html", "dist/index.html", "aaa/index.html", "dist/x.css"], "dist", ["index.html", "x.css"]),
        (["package/dist/index.html", "package/run.php"], "package/dist", ["index.html"]),
        (["x/public/index.html", "x/src/public/index.html"], "x/public", ["index.html"]),
        (["a/b/c/index.html", "a/b/c/d/index.html"], "a/b/c", ["d/index.html", "index.html"]),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_only_home_page_decides(names: list[str], root: str, kept: list[str] | None) -> None:
    imported = read_site(zip_of(names), "x.zip")
    assert imported.report.root == root
    assert sorted(imported.tree) == (sorted(names) if kept is None else kept)
    outside = next((note.count for note in imported.report.notes if note.topic is Topic.OUTSIDE), 0)
    assert outside == len(names) - len(imported.tree)


@pytest.mark.parametrize(
    ("names", "choices"),
    [
        (["alpha/index.html", "beta/index.html", "shared/s.css"], ("alpha", "beta", ".")),
        (["en/index.html", "de/index.html", "assets/a.css", "README.md"], ("de", "en", ".")),
        (["my/site/index.html", "my/blog/index.html"], ("my/blog", "my/site", "my")),
        (["a/index.html", "b/c/index.html"], ("a", "b/c", ".")),
        (["public/index.html", "dist/index.html"], ("dist", "public", ".")),
        (["a/default.htm", "b/index.de.html"], ("a", "b", ".")),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_several_candidates_are_a_question(names: list[str], choices: tuple[str, ...]) -> None:
    archive = zip_of(names)
    with pytest.raises(InvalidInput, match="several folders with a home page") as question:
        read_site(archive, "x.zip")
    assert question.value.choices == choices
    assert from_problem(422, question.value.problem()).problem() == question.value.problem()
    for choice in choices:
        imported = read_site(archive, "x.zip", choice)
        assert imported.report.reason is Reason.ASKED
        assert imported.tree
    whole = read_site(archive, "x.zip", choices[-1])
    assert len(whole.tree) == len(names)
    assert Topic.NO_HOME in [note.topic for note in whole.report.notes]


def test_many_candidates_are_a_short_question() -> None:
    with pytest.raises(InvalidInput, match="and 29 more") as question:
        read_site(zip_of([f"{n:02}/index.html" for n in range(40)]), "x.zip")
    assert len(question.value.choices) == 12
    assert question.value.choices[-1] == "."


def test_a_folder_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"no folder “nowhere”") as refusal:
        read_site(zip_of(["en/index.html", "de/index.html"]), "x.zip", "nowhere")
    assert refusal.value.choices == (".", "de", "en")


@pytest.mark.parametrize("root", ["en/", "./en", "/en"])
def test_a_folder_may_be_written_as_one_likes(root: str) -> None:
    assert read_site(zip_of(["en/index.html", "de/index.html"]), "x.zip", root).report.root == "en"


def test_without_a_home_page_it_says_what_was_found() -> None:
    with pytest.raises(InvalidInput, match=r"its files are 2, its pages 1, such as “about.html”"):
        read_site(zip_of(["about.html", "a.css"]), "x.zip")
    with pytest.raises(InvalidInput, match=r"“index.php” is a program"):
        read_site(zip_of(["index.php", "a.css"]), "x.zip")


def test_a_folder_in_which_nothing_can_be_published_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"Nothing in the folder .*a.* can be published"):
        read_site(zip_of(["index.html", "a/CNAME"]), "x.zip", "a")
