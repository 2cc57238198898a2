"""The real Codex, driven by the practice model through the real door, performs every instruction of the grammar."""

from pathlib import Path

from tests.support.codex_run import run_codex
from tests.support.model_process import ModelProcess

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><title>Old title</title></head>
<body><h1>Hello</h1><p>Tea &amp; cake</p></body>
</html>
"""


def test_a_text_is_replaced(model_process: ModelProcess, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    with model_process.on_tcp() as base_url:
        run = run_codex(tmp_path, 'Replace "Tea & cake" with "Fish & chips"', base_url, model_process.ticket())
    assert run.code == 0
    assert "Replaced “Tea & cake” with “Fish & chips” in 1 place on index.html." in run.answer
    assert "practice model" in run.answer
    assert (tmp_path / "index.html").read_text() == PAGE.replace("Tea &amp; cake", "Fish &amp; chips")
