"""What tells other web servers what to do is not published, and the owner hears what has no effect here."""

import pytest

from daemons.worker.importing.imported_site import read_site
from daemons.worker.importing.report import Topic
from shared.domain.manifest import CheckStatus
from tests.support.packed import PAGE, zip_of

_HTACCESS = b"""# old addresses
Redirect 301 /old /new
RewriteEngine on
RewriteRule ^a$ b
<IfModule mod_headers.c>
  Header set X-A b
</IfModule>
AuthType Basic
"""


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("_redirects", b"# ours\n/old /new 301\n\n/a/* /b/:splat\n", "_redirects (2 redirects)"),
        ("_redirects", b"", "_redirects"),
        ("_headers", b"/*\n  X-A: b\n  X-C: d\n", "_headers (2 headers)"),
        ("CNAME", b"www.example.org\n", "CNAME (the domain www.example.org)"),
        (".nojekyll", b"", ".nojekyll"),
        ("netlify.toml", b'[[redirects]]\nfrom = "/a"\n[[headers]]\n', "netlify.toml (1 redirect, 1 header)"),
        ("netlify.toml", b"[[", "netlify.toml (can't be read)"),
        ("vercel.json", b'{"redirects": [{}, {}], "headers": [{}]}', "vercel.json (2 redirects, 1 header)"),
        ("vercel.json", b"[" * 5000, "vercel.json (can't be read)"),
        ("vercel.json", b"7", "vercel.json (can't be read)"),
        ("firebase.json", b'{"hosting": {"redirects": [{}]}}', "firebase.json (1 redirect)"),
        (
            "members/.htaccess",
            _HTACCESS,
            "members/.htaccess (2 redirects, 1 header, restricts access: here its pages are open to everybody)",
        ),
        ("web.config", b"<configuration><rule name='a'/><rule name='b'/></configuration>", "web.config (2 redirects)"),
        ("sub/web.config", b"<x/>", "sub/web.config"),
        (".htpasswd", b"a:b", ".htpasswd (passwords)"),
        ("_worker.js", b"export default {}", "_worker.js"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_settings_of_other_servers_are_told_and_not_published(name: str, content: bytes, said: str) -> None:
    imported = read_site(zip_of({"index.html": PAGE, name: content}), "x.zip")
    assert list(imported.tree) == ["index.html"]
    [note] = imported.report.notes
    assert (note.topic, note.names) == (Topic.SERVER_FILES, (said,))
    assert imported.report.check().status is CheckStatus.WARNING
    sentence = f"Settings of other web servers, not published and not in effect here: {said}."
    assert imported.report.answer().splitlines() == ["Your site is imported: 1 file.", sentence]


def test_they_are_found_around_the_site_and_files_of_their_names_elsewhere_stay() -> None:
    files = ["project/dist/index.html", "project/netlify.toml", "project/dist/_headers", "project/dist/docs/cname",
             "project/dist/examples/vercel.json", "project/src/a.js"]  # fmt: skip
    imported = read_site(zip_of(files), "x.zip")
    assert sorted(imported.tree) == ["docs/cname", "examples/vercel.json", "index.html"]
    notes = {note.topic: list(note.names) for note in imported.report.notes}
    assert [name.partition(" ")[0] for name in notes[Topic.SERVER_FILES]] == [
        "project/dist/_headers",
        "project/netlify.toml",
    ]
    assert notes[Topic.OUTSIDE] == ["project/src/a.js"]
