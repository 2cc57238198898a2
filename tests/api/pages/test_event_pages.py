"""The stream of a site's page: what happened, without any content, for who may see the site."""

import httpx

from tests.api.conftest import World


def test_a_page_is_told_which_request_moved_and_that_more_has_changed(world: World, ana: httpx.Client) -> None:
    site = world.site()
    told: list[str] = []
    with ana.stream("GET", f"/sites/{site}/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert _next(lines) == ("changed", ""), "what the page has seen is not known"
        job = world.ana.post(f"sites/{site}/jobs", json={"message": "Make it blue."}).json()["id"]
        world.worker.work()
        while "job" not in told or told[-1] != "changed":
            kind, data = _next(lines)
            assert data == (job if kind == "job" else "")
            told.append(kind)


def test_a_stranger_gets_no_stream(world: World, ana: httpx.Client, visitor: httpx.Client) -> None:
    assert ana.get("/sites/nobodys/events").status_code == 404
    assert visitor.get(f"/sites/{world.queued_site()}/events", follow_redirects=False).status_code == 303


def _next(lines: object) -> tuple[str, str]:
    fields: dict[str, str] = {}
    for line in lines:  # type: ignore[attr-defined]
        if not line and "event" in fields:
            return fields["event"], fields["data"]
        name, _, value = line.partition(":")
        fields[name] = value.strip()
    raise AssertionError("the stream has ended")
