"""A certificate for the names of an installation under test, as an operator would bring one."""

import subprocess
from pathlib import Path

from tests.machine.rollout import APP_HOST, SITES_DOMAIN


def new_certificate(folder: Path) -> tuple[str, str]:
    """One for the UI and all sites, and its key, as PEM; the folder must be empty."""
    names = f"subjectAltName=DNS:{APP_HOST},DNS:*.{SITES_DOMAIN}"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-subj", f"/CN={APP_HOST}", "-addext", names, "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=30)
    return (folder / "certificate.pem").read_text(), (folder / "key.pem").read_text()
