"""What storage's answers are read as."""

import pytest

from shared.clients.daemon import Response
from shared.clients.storage_answers import HeadPage, decoded, window
from shared.domain.errors import BadGateway


def test_an_answer_is_the_record_that_was_expected_or_none() -> None:
    page = decoded(HeadPage, Response(200, content=b'{"items": [{"site": "bakery"}], "next": null}'))
    assert [head.site for head in page.items] == ["bakery"]
    for content in (b"", b"{}", b'{"items": [], "next": null, "more": 1}'):
        with pytest.raises(BadGateway):
            decoded(HeadPage, Response(200, content=content))


def test_the_first_page_names_no_place() -> None:
    assert window(None, 5) == {"limit": 5}
    assert window(3, 5) == {"limit": 5, "before": 3}
