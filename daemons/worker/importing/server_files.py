"""Recognises settings of other web servers, which are never published, and says which of them have no effect here."""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

from daemons.worker.importing.members import Member

_MOST_BYTES = 1 << 20
_ANYWHERE = frozenset(".htaccess .htpasswd .htgroup web.config .user.ini".split())
_AT_THE_TOP = frozenset(
    (
        "_redirects _headers _routes.json _worker.js cname .nojekyll netlify.toml vercel.json .vercelignore now.json"
        " firebase.json .firebaserc staticwebapp.config.json wrangler.toml wrangler.json wrangler.jsonc staticfile"
        " render.yaml fly.toml surge.json .surgeignore serve.json dockerfile procfile .gitlab-ci.yml php.ini nginx.conf"
        " httpd.conf lighttpd.conf caddyfile"
    ).split()
)


def is_server_file(name: str, site: str | None = None) -> bool:
    """Whether the file has such settings. Most count only where servers look: in the site's folder or above it."""
    folder, _, file = name.rpartition("/")
    if file.lower() in _ANYWHERE or (file.startswith(".") and file.lower() in _AT_THE_TOP):
        return True
    return site is not None and file.lower() in _AT_THE_TOP and f"{site}/".startswith(f"{folder}/" if folder else "")


def describe(name: str, member: Member) -> str:
    """The name and what the file sets, such as `_redirects (2 redirects)`."""
    file = name.rpartition("/")[2].lower()
    reader = _READERS.get(file)
    if reader is None or member.size > _MOST_BYTES:
        return name
    try:
        said = reader(member.load().decode(errors="replace"))
    except (ValueError, TypeError, AttributeError, RecursionError):
        said = ["can't be read"]
    return f"{name} ({', '.join(said)})" if said else name


def _counted(number: int, noun: str) -> list[str]:
    return [f"{number:,} {noun}{'' if number == 1 else 's'}"] if number else []


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _redirects(text: str) -> list[str]:
    return _counted(len(_lines(text)), "redirect")


def _headers(text: str) -> list[str]:
    return _counted(sum(line[0].isspace() for line in _lines(text)), "header")


def _domain(text: str) -> list[str]:
    return [f"the domain {text.strip()[:100]}"] if text.strip() else []


def _netlify(text: str) -> list[str]:
    found = tomllib.loads(text)
    return [*_counted(len(found.get("redirects", ())), "redirect"), *_counted(len(found.get("headers", ())), "header")]


def _json_settings(text: str) -> list[str]:
    found: dict[str, Any] = json.loads(text)
    found = found.get("hosting", found) if isinstance(found.get("hosting"), Mapping) else found
    moved = sum(len(found.get(key) or ()) for key in ("redirects", "rewrites", "routes"))
    return [*_counted(moved, "redirect"), *_counted(len(found.get("headers") or ()), "header")]


def _apache(text: str) -> list[str]:
    names = [line.split()[0].lower() for line in _lines(text)]
    moved = sum(
        name in ("redirect", "redirectmatch", "redirectpermanent", "redirecttemp", "rewriterule") for name in names
    )
    guarded = {"authtype", "require", "deny", "allow", "order", "authuserfile"}.intersection(names)
    return [
        *_counted(moved, "redirect"),
        *_counted(sum(name == "header" for name in names), "header"),
        *_counted(sum(name == "errordocument" for name in names), "error page"),
        *(["restricts access: here its pages are open to everybody"] if guarded else []),
    ]


def _iis(text: str) -> list[str]:
    guarded = re.search(r"<authorization\b|<ipSecurity\b|<requestFiltering\b", text, re.IGNORECASE)
    return [
        *_counted(len(re.findall(r"<(?:rule|httpRedirect)\s", text, re.IGNORECASE)), "redirect"),
        *(["restricts access: here its pages are open to everybody"] if guarded else []),
    ]


_READERS: dict[str, Callable[[str], list[str]]] = {
    "_redirects": _redirects,
    "_headers": _headers,
    "cname": _domain,
    "netlify.toml": _netlify,
    "vercel.json": _json_settings,
    "now.json": _json_settings,
    "firebase.json": _json_settings,
    "serve.json": _json_settings,
    "staticwebapp.config.json": _json_settings,
    ".htaccess": _apache,
    ".htpasswd": lambda _: ["passwords"],
    "web.config": _iis,
}
