"""The command line's client against a small server: pages of a list, a stream that breaks, a download that is cut."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.client import ApiClient
from shared.domain.errors import InvalidInput, NotFound, Unavailable
from tests.support.small_server import SmallHandler, serving

_BYTES = b"a version"
_EVENTS = (
    b'id: 1\nevent: queued\ndata: {"n": 1}\n\n: a comment\n\nid: 2\nevent: progress\ndata: {"n": 2}\n\n',
    b'id: 3\nevent: final\ndata: {"n": 3}\n\n',
)


class Api(SmallHandler):
    """Answers each path in its own way; a second stream goes on behind `Last-Event-ID`."""

    def respond(self) -> None:
        path = self.path.removeprefix("/api/v1")
        if self.command == "POST":
            self.answer_json({"key": self.headers["Idempotency-Key"], "token": self.headers["Authorization"]})
        elif path.startswith("/list"):
            start = int(path.partition("before=")[2] or 5)
            shown = list(range(start, max(start - 2, 0), -1))
            self.answer_json({"items": [{"number": n} for n in shown], "next": shown[-1] - 1 or None})
        elif path.endswith("/events"):
            self.answer(200, _EVENTS[self.headers.get("Last-Event-ID") == "2"], "text/event-stream")
        elif path == "/artifact":
            self.answer(200, _BYTES, "application/gzip")
        elif path == "/page":
            self.answer(200, b"<p>another program", "text/html")
        else:
            self.answer(404, b'{"detail": "There is none.", "hint": "Look."}', "application/problem+json")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(Api) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def api(url: str) -> ApiClient:
    return ApiClient(url + "/", "a token")


@pytest.mark.parametrize(("most", "numbers"), [(9, [5, 4, 3, 2, 1]), (3, [5, 4, 3, 2]), (0, [])])
def test_a_list_is_read_page_by_page(most: int, numbers: list[int], api: ApiClient) -> None:
    """This server's pages have two items, whatever the limit."""
    assert [item["number"] for item in api.items("/list", "before", most)] == numbers


def test_a_stream_that_ends_early_goes_on_where_it_was(api: ApiClient) -> None:
    assert [(name, data["n"]) for name, data in api.events("1")] == [("queued", 1), ("progress", 2), ("final", 3)]


def test_each_post_has_its_own_key(api: ApiClient) -> None:
    first, second = api.post("/sites"), api.post("/sites")
    assert first["token"] == "Bearer a token"
    assert first["key"] != second["key"]


def test_a_download_is_whole_or_absent(api: ApiClient, tmp_path: Path) -> None:
    target = tmp_path / "v1.tar.gz"
    with pytest.raises(Unavailable, match="not what was sent"):
        api.download("/artifact", target, "0" * 64)
    assert list(tmp_path.iterdir()) == []
    api.download("/artifact", target, hashlib.sha256(_BYTES).hexdigest())
    assert target.read_bytes() == _BYTES
    with pytest.raises(InvalidInput, match="there already"):
        api.download("/artifact", target, hashlib.sha256(_BYTES).hexdigest())
    assert [path.name for path in tmp_path.iterdir()] == ["v1.tar.gz"]


def test_what_went_wrong_is_told(api: ApiClient, url: str) -> None:
    with pytest.raises(NotFound, match=r"There is none\."):
        api.get("/nothing")
    with pytest.raises(Unavailable, match="not PageWright"):
        api.get("/page")
    with pytest.raises(InvalidInput, match="no API's address"):
        ApiClient("ftp:/x", None).get("/me")
