"""Where somebody gets to after signing in."""

import pytest

from daemons.api.pages.way_back import own_address, sign_in_address


@pytest.mark.parametrize(
    ("wanted", "address"),
    [
        ("/sites/x", "/sites/x"),
        ("/sites/x?version=3&page=writing/my%20day.html", "/sites/x?version=3&page=writing%2Fmy+day.html"),
        ("/sites/x?notice=published&tab=versions", "/sites/x?tab=versions"),
        ("/status", "/status"),
        ("/sites/x?a=%0d%0aSet-Cookie:x", "/sites/x?a=%0D%0ASet-Cookie%3Ax"),
        ("/sites/x\r\nSet-Cookie: pagewright=evil", ""),
        ("/sites/\u2603", ""),
        ("https://evil.test/sites/x", ""),
        ("//evil.test/sites", ""),
        ("/\\evil.test", ""),
        ("//[", ""),
        ("/sites/x?" + "a" * 1000, ""),
        ("", ""),
    ],
)
def test_only_our_own_pages_are_addresses_to_go_on_to(wanted: str, address: str) -> None:
    assert own_address(wanted) == address


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "address"),
    [
        ("GET", "/sites/x", "version=3", {}, "/sign-in?next=%2Fsites%2Fx%3Fversion%3D3"),
        ("GET", "/sites", "", {}, "/sign-in"),
        ("POST", "/sites/x/messages", "", {}, "/sign-in?next=%2Fsites%2Fx"),
        ("POST", "/account", "", {}, "/sign-in"),
        ("GET", "/sites/x/live", "", {"hx-request": "true", "hx-current-url": "//["}, "/sign-in?next=%2Fsites%2Fx"),
        (
            "POST",
            "/sites/x/messages",
            "",
            {"hx-current-url": "https://app.test/sites/x?version=3"},
            "/sign-in?next=%2Fsites%2Fx%3Fversion%3D3",
        ),
    ],
)
def test_signing_in_leads_back_to_the_page_with_its_query(
    method: str, path: str, query: str, headers: dict[str, str], address: str
) -> None:
    site = "x" if "/x" in path else ""
    assert sign_in_address(method, path, query, site, headers) == address
