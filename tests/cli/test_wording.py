"""What reaches a terminal."""

from daemons.cli.wording import changed_files, checks, event_text, printable, shortened


def test_what_an_agent_wrote_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\rc\td\n\u202ee") == "a�[2Jb�c\td\n�e"


def test_a_step_is_one_short_line() -> None:
    step = {"kind": "progress", "progress": {"phase": "editing", "text": "Running:\n" + "x" * 200}}
    assert len(event_text("progress", step)) == 100
    assert "\n" not in event_text("progress", step)
    assert event_text("running", {"kind": "running", "attempt": 1}) == ""


def test_versions_in_words() -> None:
    change = {"path": "index.html"}
    assert changed_files({"files": {"added": [], "modified": [change], "removed": [change]}}) == (
        "modified index.html, removed index.html"
    )
    results = [{"name": "links", "status": "failed"}, {"name": "html", "status": "passed"}]
    assert checks({"checks": results}) == "1 passed, failed: links"
    assert shortened("a  b\nc", 10) == "a b c"
