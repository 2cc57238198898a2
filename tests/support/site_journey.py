"""A site's way through a running system: import, preview, edit, publish; what the edit did not touch keeps its bytes.

Three copies are compared, file by file: what was in the archive, what is in the version's artifact, what nginx sends.
"""

import http.client
import io
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.support.local_system import LocalSystem
from tests.support.packed import zip_of
from tests.support.waiting import wait_until

Files = dict[str, bytes]


@dataclass(frozen=True)
class Reply:
    """What nginx sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Imported:
    """A site after its import: the job's answer, the files of version 1, and its checks by name."""

    answer: str
    files: Files
    checks: dict[str, dict[str, Any]]


def import_archive(system: LocalSystem, site: str, archive: bytes, suffix: str, seconds: float = 120) -> Imported:
    """Import an archive as a new site and wait until its preview is what nginx sends."""
    with tempfile.TemporaryDirectory(prefix="pw") as folder:
        upload = Path(folder) / f"upload{suffix}"
        upload.write_bytes(archive)
        made = system.client.import_site({"name": site, "title": site}, upload)
    job = system.finish(made["job"], seconds)
    assert (job["state"], job["version"]) == ("succeeded", 1), job
    wait_until(lambda: system.shown(f"preview--{site}") == 1, "the import is previewed")
    files = files_of(system, site, 1)
    assert_served(system, f"preview--{site}", files)
    return Imported(str(job["answer"]), files, checks_of(system, site, 1))


def edit_and_publish(
    system: LocalSystem, site: str, before: Files, request: str, changed: set[str], seconds: float = 180
) -> Files:
    """Ask for an edit of version 1, see it in the preview, publish it without accepting a failed check.

    Returns the files of version 2, of which only those in `changed` differ from `before`.
    """
    job = system.finish(system.ask(site, request), seconds)
    assert (job["state"], job["outcome"], job["version"]) == ("succeeded", "changed", 2), job
    after = files_of(system, site, 2)
    assert {path for path in before | after if before.get(path) != after.get(path)} == changed
    wait_until(lambda: system.shown(f"preview--{site}") == 2, "the edit is previewed")
    system.publish(site, 2)
    assert_served(system, site, after)
    return after


def files_of(system: LocalSystem, site: str, version: int) -> Files:
    """What a version serves, out of its artifact."""
    found = system.client.get(f"/sites/{site}/versions/{version}")["artifact"]
    with tempfile.TemporaryDirectory(prefix="pw") as folder:
        target = Path(folder) / "artifact.tar.gz"
        system.client.download(f"/sites/{site}/versions/{version}/artifact", target, found["sha256"])
        with tarfile.open(target) as archive:
            members = [member for member in archive if member.isfile() and member.name.startswith("public/")]
            return {m.name.removeprefix("public/"): (archive.extractfile(m) or io.BytesIO()).read() for m in members}


def checks_of(system: LocalSystem, site: str, version: int) -> dict[str, dict[str, Any]]:
    """The checks of a version by name."""
    return {check["name"]: check for check in system.client.get(f"/sites/{site}/versions/{version}")["checks"]}


def assert_served(system: LocalSystem, host: str, files: Files) -> None:
    """Every file is sent as it is, under its own name, to whoever asks for no compression."""
    wrong = {path: reply.status for path, reply in ask_for(system, host, files).items() if reply.body != files[path]}
    assert wrong == {}, f"{len(wrong)} of {len(files)} files are sent otherwise"


def ask_for(system: LocalSystem, host: str, paths: Files, encoding: str = "identity") -> dict[str, Reply]:
    """What nginx sends for each path, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", system.sites_port, timeout=60)
    headers = {"Host": f"{host}.localhost:{system.sites_port}", "Accept-Encoding": encoding}
    replies = {}
    for path in paths:
        connection.request("GET", "/" + quote(path), headers=headers)
        response = connection.getresponse()
        replies[path] = Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    connection.close()
    return replies


def visit(system: LocalSystem, host: str, path: str, encoding: str = "identity") -> Reply:
    """What nginx sends for one address below the host, given without its first slash."""
    [reply] = ask_for(system, host, {path: b""}, encoding).values()
    return reply


def tarred(folder: Path) -> bytes:
    """A folder as a .tar.gz, symlinks as they are."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1) as archive:
        archive.add(folder, ".")
    return target.getvalue()


def zipped_folder(folder: Path) -> bytes:
    """A folder as a .zip, with what its symlinks point at."""
    return zip_of(read_folder(folder))


def read_folder(folder: Path) -> Files:
    """The files of a folder, by their paths in it."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }
