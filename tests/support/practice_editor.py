"""The practice model's editor on a folder: the very command that the practice model sends, run by a shell."""

import json
import os
import subprocess
from pathlib import Path

from daemons.model.practice.program_text import run_command


def page(body: str, head: str = "<title>T</title>") -> str:
    """A small page."""
    return f"<!doctype html>\n<html><head>{head}</head><body>{body}</body></html>\n"


def run_editor(
    directory: Path, *instructions: dict[str, str | None], write: bool = False, home: Path = Path("/nowhere")
) -> dict[str, object]:
    """The very command that the practice model sends, run by a shell; `home` has the files that were attached."""
    command = run_command(json.dumps({"instructions": instructions, "write": write}))
    done = subprocess.run(
        ["/bin/bash", "-c", command],
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", "HOME": os.fspath(home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    result: dict[str, object] = json.loads(done.stdout.removeprefix("PRACTICE-RESULT "))
    return result
