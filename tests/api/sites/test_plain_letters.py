"""Any text in the letters of ASCII."""

import pytest

from daemons.api.sites.plain_letters import plain, spelled_out, title_columns


@pytest.mark.parametrize(
    ("text", "searched", "address"),
    [
        ("Bäckerei", "backerei", "baeckerei"),
        ("Ba\u0308ckerei", "backerei", "baeckerei"),
        ("Straße", "strasse", "strasse"),
        ("ÜBER", "uber", "ueber"),
        ("Łódź", "lodz", "lodz"),
        ("Анна", "anna", "anna"),
        ("İstanbul", "istanbul", "istanbul"),
    ],
)
def test_letters_lose_accents_or_are_spelled_out(text: str, searched: str, address: str) -> None:
    assert (plain(text), spelled_out(text)) == (searched, address)
    assert title_columns(text) == {"title": text, "plain_title": searched}
