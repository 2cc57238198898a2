"""The script that collects a page's links and texts, and the code that turns its hostile answer into observations.

The script itself cuts long lists, so that a page with a million links costs no memory outside the page.
"""

from typing import Any

from daemons.worker.checks.cutting import Cut, clean, cut, own_address
from daemons.worker.checks.observation_limits import LONGEST_ADDRESS, MOST_ADDRESSES

LIMITS = [MOST_ADDRESSES, LONGEST_ADDRESS]
SCRIPT = """([origin, [most, longest]]) => {
    const all = selector => [...document.querySelectorAll(selector)];
    const some = values => {
        const distinct = [...new Set(values)];
        return {items: distinct.filter(value => value.length <= longest).slice(0, most), total: distinct.length};
    };
    const own = (selector, property) => some(all(selector).map(element => element[property]).filter(
        address => typeof address === 'string' && address.startsWith(origin + '/')));
    const based = all('base[href]').some(base => /^([/]|[a-z][a-z0-9+.-]*:)/i.test(base.getAttribute('href')));
    const relative = based ? [] : all('[href], [src]').map(
        element => element.getAttribute('href') || element.getAttribute('src') || '').filter(
        address => !/^([/#?]|[a-z][a-z0-9+.-]*:|$)/i.test(address.trim()));
    const root = document.body || document.documentElement;
    const text = root ? (root.innerText === undefined ? root.textContent : root.innerText) : '';
    return {
        links: own('a[href], area[href]', 'href'),
        images: own('img[src]', 'src'),
        relative: some(relative),
        places: some([...all('[id]').map(element => element.id), ...all('a[name]').map(element => element.name)].filter(
            name => typeof name === 'string' && name)),
        text: text.replace(/\\s+/g, ' ').trim().length,
        media: all('img, svg, canvas, video, audio, iframe, object, embed, meta[http-equiv=refresh i]').length,
        title: document.title,
    };
}"""


def observed(found: dict[str, Any], origin: str) -> dict[str, object]:
    """The script's answer as a part of a PageObservation. Raises TypeError and the like if it has wrong types."""
    return {
        "links": _addresses(found["links"], origin),
        "images": _addresses(found["images"], origin),
        "relative": _cut_further(found["relative"]),
        "places": _cut_further(found["places"]),
        "text": int(found["text"]),
        "media": int(found["media"]),
        "title": clean(found["title"]),
    }


def _addresses(found: dict[str, Any], origin: str) -> Cut:
    own = cut((own_address(url, origin) or "/" for url in found["items"]), MOST_ADDRESSES)
    return own | {"total": own["total"] + _left_out(found)}


def _cut_further(found: dict[str, Any]) -> Cut:
    kept = cut(found["items"], MOST_ADDRESSES)
    return kept | {"total": kept["total"] + _left_out(found)}


def _left_out(found: dict[str, Any]) -> int:
    """How many items the script has cut."""
    return max(0, int(found["total"]) - len(found["items"]))
