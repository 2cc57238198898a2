"""A visit to a local site, whatever the resolver knows."""

import pytest

from cli.local.visitor import visit
from shared.domain.errors import Unavailable
from tests.cli.local.small_system import small_system


def test_a_site_is_asked_for_by_its_name() -> None:
    with small_system(pages={1: "first", 2: "second"}) as system:
        assert visit(f"http://demo.localhost:{system.port}/") == b"first"
        assert visit(f"http://preview--demo.localhost:{system.port}") == b"second"


def test_a_page_that_is_not_there_is_told_with_its_status() -> None:
    with small_system(current=None) as system, pytest.raises(Unavailable, match=r"answered 404"):
        visit(f"http://demo.localhost:{system.port}/")


def test_nobody_answers() -> None:
    with pytest.raises(Unavailable, match=r"Nobody answers at http://demo\.localhost:1/"):
        visit("http://demo.localhost:1/")
