"""Reads the titles of a version's pages from the report of its checks, which saw each page in a browser."""

import json
import zlib
from collections import Counter, OrderedDict
from collections.abc import Mapping

from anyio import to_thread

from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError
from shared.domain.manifest import Manifest

_LARGEST_BLOB, _LARGEST_TEXT = 1 << 20, 16 << 20  # more is a site of thousands of pages
_MOST_KEPT = 200
_LONGEST_TITLE = 80


class PageTitles:
    """The titles of the versions that were looked at last; a version's never change."""

    def __init__(self, storage: StorageClient) -> None:
        self._storage = storage
        self._kept: OrderedDict[str, Mapping[str, str]] = OrderedDict()  # by the report's digest

    async def of(self, manifest: Manifest) -> Mapping[str, str]:
        """The titles that tell one page from the others, by path; none if there is no report, or a very large one."""
        report = manifest.report
        if report is None or report.size > _LARGEST_BLOB:
            return {}
        if report.sha256 not in self._kept:
            try:
                data = await self._storage.get_blob(report.sha256, report.size)
            except PageWrightError:
                return {}
            self._kept[report.sha256] = await to_thread.run_sync(titles_in, data)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return self._kept[report.sha256]


def titles_in(report: bytes) -> dict[str, str]:
    """The titles in these bytes that one page alone has; none if they are no report."""
    try:
        text = zlib.decompressobj().decompress(report, _LARGEST_TEXT)
        pages = [record["page"] for record in json.loads(text)["pages"]]
        titles = {str(page["path"]): " ".join(str(page.get("title", "")).split())[:_LONGEST_TITLE] for page in pages}
    except (zlib.error, ValueError, LookupError, TypeError, AttributeError):
        return {}
    count = Counter(titles.values())
    return {path: title for path, title in titles.items() if title and count[title] == 1}
