"""What axe-core finds in the real browser: one page with each barrier, one without, and pages that hinder it."""

from pathlib import Path

import pytest

from tests.support.browser import AXE
from tests.worker.conftest import Looker, Seen

_HEAD = "<!doctype html><html lang=en><title>Bakery</title><main><h1>Fresh bread</h1>"
PAGES = {
    "good.html": (f"{_HEAD}<a href=/>Home</a><button>Order</button><label>Name <input></label><img src=x>", ""),
    "pale.html": (f"{_HEAD}<p style='color: #bbb; background: white'>Rolls", "color-contrast"),
    "link.html": (f"{_HEAD}<a href=/><svg width=9 height=9></svg></a>", "link-name"),
    "button.html": (f"{_HEAD}<button></button>", "button-name"),
    "field.html": (f"{_HEAD}<input>", "label"),
    "own.html": (f"{_HEAD}<script>var axe = 7; Promise.prototype.then = null</script><input>", "label"),
    "huge.html": (_HEAD + "<b>a</b>" * 1_600, None),
}


@pytest.fixture(scope="module")
def seen(look: Looker, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    folder: Path = tmp_path_factory.mktemp("axe")
    found = look.audited(folder, {path: text for path, (text, _) in PAGES.items()}, AXE.read_text(encoding="utf-8"))
    return {one["path"]: one["audit"] for one in found}


@pytest.mark.parametrize("path", PAGES)
def test_barriers_are_found_where_they_are(seen: dict[str, Seen], path: str) -> None:
    expected = PAGES[path][1]
    found = seen[path]["barriers"]
    assert (found if found is None else [one["rule"] for one in found]) == (
        None if expected is None else [expected] * bool(expected)
    )


def test_a_barrier_has_its_place(seen: dict[str, Seen]) -> None:
    (one,) = seen["pale.html"]["barriers"]
    assert (one["selector"], one["count"], one["box"][0]) == ("p", 1, 8)
