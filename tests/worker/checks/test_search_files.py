"""What robots.txt and sitemaps tell search engines: for each fault a site that has it, and sites that have none."""

import pytest

from daemons.worker.checks.finding import Weight
from daemons.worker.checks.search_files import search_file_findings
from tests.support.growth import costs_in_proportion

_PAGES = {"index.html": b"", "about.html": b"", "menu/index.html": b"", "a b&c.html": b""}


def _sitemap(*addresses: str) -> str:
    return "".join(f"<url><loc>{address}</loc></url>" for address in addresses)


def _found(**files: str) -> list[tuple[str, str]]:
    named = {name.replace("_", "."): text.encode() for name, text in files.items()}
    found = search_file_findings(_PAGES | named)
    assert {(one.check, one.weight) for one in found} <= {("search engines", Weight.HINT)}
    return [(one.page, one.text) for one in found]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"robots_txt": ""},
        {"robots_txt": "User-agent: *\nDisallow: /drafts\nSitemap: https://tea.example/sitemap.xml", "sitemap_xml": ""},
        {"robots_txt": "User-agent: GreedyBot\nDisallow: /"},
        {"sitemap_xml": _sitemap("https://tea.example", "https://tea.example/about", "https://tea.example/menu/")},
        {
            "sitemap_xml": _sitemap(
                "\n https://tea.example/a%20b&amp;c.html#top \n", "http://other.example/about.html?x"
            )
        },
        {"news_xml": _sitemap("https://tea.example/gone")},
    ],
)
def test_what_is_right_is_no_fault(files: dict[str, str]) -> None:
    assert _found(**files) == []


@pytest.mark.parametrize(
    ("files", "page", "text"),
    [
        ({"robots_txt": "User-agent: *\nDisallow: /"}, "robots.txt", "it keeps search engines away from the home page"),
        ({"robots_txt": "Sitemap: https://tea.example/map.xml"}, "robots.txt",
         "the sitemap https://tea.example/map.xml is missing"),
        ({"sitemap_xml": _sitemap("https://tea.example/about", "https://tea.example/gone")}, "sitemap.xml",
         "it lists https://tea.example/gone, which is missing"),
        ({"sitemap_xml": _sitemap("https://tea.example/about", "http://[x")}, "sitemap.xml",
         "it lists http://[x, which is missing"),
        ({"sitemap-pages_xml": _sitemap("https://a.example/b/about", "https://a.example/b/")}, "sitemap-pages.xml",
         "none of the addresses that it lists is there, such as https://a.example/b/about"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(files: dict[str, str], page: str, text: str) -> None:
    assert _found(**files) == [(page, text)]


def test_of_many_missing_addresses_the_rest_is_counted() -> None:
    addresses = (f"https://tea.example/gone-{number}" for number in range(80))
    site = _PAGES | {"sitemap.xml": _sitemap("https://tea.example/", *addresses).encode()}
    assert sum(one.count for one in search_file_findings(site)) == 80
    assert len(search_file_findings(site)) == 51


@pytest.mark.parametrize("piece", ["<loc>", "<loc>\n ", "<loc>a", "<loc>x</loc>", "<loc><loc>a </loc>"])
def test_a_hostile_sitemap_costs_what_its_size_costs(piece: str) -> None:
    def read(size: int) -> None:
        search_file_findings({"sitemap.xml": (piece * (size // len(piece))).encode()})

    assert costs_in_proportion(read, 2_000_000)
