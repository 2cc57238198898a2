"""Proves a storage directory from bytes to signatures: `python -m daemons.storage.verify DIRECTORY TRUSTED_KEYS`.

Reads only, and may run beside the daemon. Prints a finding a line and a summary; exits 1 on findings. With
`--mark FILE` the file's time tells afterwards when nothing was wrong.
"""

import argparse
import hashlib
import json
import logging
import math
import sys
from collections.abc import Iterator
from pathlib import Path

from daemons.storage.blobs import blob_path
from daemons.storage.verify_site import check_site, site_names
from shared.domain.errors import PageWrightError
from shared.domain.signing import TrustedKeys, load_trusted_keys


def verify_directory(directory: Path, trusted: TrustedKeys) -> list[str]:
    """Everything that is wrong with a storage directory, a sentence each; empty if the whole chain holds."""
    findings = list(_check_blobs(directory))
    for site in site_names(directory):
        findings += check_site(directory, site, trusted)
    return findings


def _check_blobs(directory: Path) -> Iterator[str]:
    """Every file among the blobs has its digest as name and lies where it is looked for."""
    for path in sorted((directory / "blobs").glob("*/*")):
        if path != blob_path(directory / "blobs", path.name) or _sha256(path) != path.name:
            yield f"blob {path.parent.name}/{path.name}: its bytes or its place don't match its name"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def time_of_mark(mark: Path | None) -> float:
    """When `verify` last found nothing (Unix seconds); 0 if it never did, NaN without a mark."""
    try:
        return mark.stat().st_mtime if mark else math.nan
    except OSError:
        return 0


def main() -> None:
    """The command; exits 2 if directory or keys can't be read, or the mark can't be set."""
    parser = argparse.ArgumentParser(prog="python -m daemons.storage.verify", description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path, help="storage's directory")
    parser.add_argument("trusted_keys", type=Path, help="file of the workers' public keys, one base64 key a line")
    parser.add_argument("--mark", type=Path, help="file that gets the present time if there is no finding")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    arguments = parser.parse_args()
    logging.disable()  # what is logged of a damaged file is in its finding
    try:
        keys = load_trusted_keys(arguments.trusted_keys.read_text())
        sites = site_names(arguments.directory)
        findings = verify_directory(arguments.directory, keys)
        if arguments.mark and not findings:
            arguments.mark.touch()
    except (OSError, PageWrightError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    sys.stdout.write(_report(findings, len(sites), as_json=arguments.json))
    sys.exit(1 if findings else 0)


def _report(findings: list[str], sites: int, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"ok": not findings, "sites": sites, "findings": findings}) + "\n"
    summary = f"{sites} sites verified: " + (f"{len(findings)} findings." if findings else "everything holds.")
    return "".join(f"{line}\n" for line in (*findings, summary))


if __name__ == "__main__":
    main()
