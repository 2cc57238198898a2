"""What a page says is cut to a size that travels, and counted."""

import json

from pydantic import TypeAdapter

from daemons.worker.checks.cutting import (
    clean,
    cut,
    cut_records,
    first_source,
    is_foreign,
    own_address,
    reported_address,
    without_origin,
)
from daemons.worker.checks.observation import AddressList, PageObservation

ORIGIN = "http://127.0.0.1:4000"


def test_half_an_emoji_travels() -> None:
    line = json.dumps({"path": "index.html", "title": clean("croissant \ud83e")})
    assert TypeAdapter(PageObservation).validate_json(line).title == "croissant ?"


def test_text_and_lists_are_cut_and_counted() -> None:
    assert len(clean("x" * 900)) == 500
    many = cut([f"/{n}" for n in range(2_001)] + ["/" + "x" * 3_000], 2_000)
    assert (len(many["items"]), many["total"]) == (2_000, 2_002)
    assert TypeAdapter(AddressList).validate_python({**many, "items": tuple(many["items"])}).total == 2_002
    assert cut_records([{"text": "a"}, {"text": "a"}, {"text": "b"}], 1) == {"items": [{"text": "a"}], "total": 2}


def test_own_addresses_have_no_host_and_no_query() -> None:
    assert own_address(f"{ORIGIN}/a.html?q=1#top", ORIGIN) == "/a.html#top"
    assert own_address(f"{ORIGIN}/?q=1", ORIGIN) == "/"
    assert own_address("http://127.0.0.1:40001/a", ORIGIN) is None
    assert reported_address("https://x.invalid/1?a", ORIGIN) == "https://x.invalid/1?a"


def test_what_lies_on_another_host_is_foreign() -> None:
    assert is_foreign("https://x.invalid/1", ORIGIN)
    assert is_foreign("wss://x.invalid/", ORIGIN)
    assert not is_foreign(f"{ORIGIN}/a", ORIGIN)
    assert not is_foreign("data:text/plain,x", ORIGIN)


def test_the_source_of_an_error_is_the_innermost_script() -> None:
    foreign = "    at https://x.invalid/1.js:1:1"
    assert first_source(f"Error: E\n    at f ({ORIGIN}/js/a.js?v=1:3:7)\n{foreign}", ORIGIN) == "/js/a.js"
    assert first_source(f"Error: E\n{foreign}", ORIGIN) == "https://x.invalid/1.js"
    assert first_source("E", ORIGIN) == ""


def test_messages_do_not_depend_on_the_port() -> None:
    assert without_origin(f"failed at {ORIGIN}/a.js", ORIGIN) == "failed at /a.js"
