"""Finds what a site's robots.txt and sitemaps tell search engines wrongly; does no I/O.

All of it is worth a look only: a site may want to be found by nobody, and a sitemap may be meant for another place.
"""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from daemons.worker.checks.addresses import file_of
from daemons.worker.checks.finding import MORE, Finding, Weight
from shared.domain.tree import Tree

_ROBOTS = "robots.txt"
_SITEMAP = re.compile(r"sitemap[^/]*\.xml")
_ADDRESS = re.compile(r"<loc>\s*([^<\s]{1,2048})\s*</loc>")
# What search engines read of these files at most.
_LARGEST_ROBOTS = 500 << 10
_LARGEST_SITEMAP = 50 << 20
_MOST_TOLD = 50
_LONGEST_SHOWN = 200


def search_file_findings(files: Tree) -> tuple[Finding, ...]:
    """What is found in the files of a site."""
    sitemaps = (path for path in files if _SITEMAP.fullmatch(path))
    return (*_robots(files), *(finding for path in sitemaps for finding in _sitemap(path, files)))


def _robots(files: Tree) -> Iterator[Finding]:
    robots = RobotFileParser()
    robots.parse(files.get(_ROBOTS, b"")[:_LARGEST_ROBOTS].decode("utf-8", "replace").splitlines())
    if not robots.can_fetch("*", "/"):
        yield _hint(_ROBOTS, "closed", "it keeps search engines away from the home page")
    for address in dict.fromkeys(robots.site_maps() or ()):
        if _is_missing(address, files):
            yield _hint(_ROBOTS, address, f"the sitemap {_shown(address)} is missing")


def _sitemap(path: str, files: Tree) -> Iterator[Finding]:
    text = files[path][:_LARGEST_SITEMAP].decode("utf-8", "replace")
    listed = [html.unescape(address) for address in dict.fromkeys(_ADDRESS.findall(text))]
    missing = [address for address in listed if _is_missing(address, files)]
    if listed and len(missing) == len(listed):
        yield _hint(path, "all", f"none of the addresses that it lists is there, such as {_shown(missing[0])}")
        return
    for address in missing[:_MOST_TOLD]:
        yield _hint(path, address, f"it lists {_shown(address)}, which is missing")
    if more := len(missing[_MOST_TOLD:]):
        yield _hint(path, MORE, f"{more:,} more addresses").model_copy(update={"count": more})


def _is_missing(address: str, files: Tree) -> bool:
    """Whether nothing answers an address of the site: these files name complete ones, whatever host it will have."""
    try:
        return file_of(urlsplit(address).path or "/", files) is None
    except ValueError:
        return True


def _hint(file: str, subject: str, text: str) -> Finding:
    return Finding(check="search engines", page=file, subject=subject, text=text, weight=Weight.HINT)


def _shown(address: str) -> str:
    return address[:_LONGEST_SHOWN]
