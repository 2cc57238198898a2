"""What reaches a terminal."""

from cli.terminal_text import changed_files, checks, event_text, printable, shortened


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
    results = [
        {"name": "links", "status": "failed", "findings": ["a", "and 1482 more"]},
        {"name": "html", "status": "passed", "findings": []},
        {"name": "notes", "status": "warning"},
    ]
    assert checks({"checks": results}) == "1 passed, failed: links (1,483), warning: notes"
    compared = {"new": [{}, {}], "mended_count": 1}
    assert checks({"checks": results[1:2], "problems": compared}) == "1 passed, 2 new, 1 mended"
    many = {"added": [{"path": f"{number}"} for number in range(5000)], "modified": [], "removed": []}
    assert changed_files({"files": many}) == "added 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 4,990 more"
    assert shortened("a  b\nc", 10) == "a b c"
