"""What is one finding in two versions: words, places and evidence may differ."""

from daemons.worker.checks.finding import Evidence, Finding


def test_words_and_evidence_are_not_what_a_finding_is() -> None:
    old = Finding(check="width", page="a.html", subject="page", text="sticks out by 3", evidence=Evidence(line=7))
    assert old.identity == Finding(check="width", page="a.html", subject="page", text="sticks out by 9").identity
    assert old.identity != old.model_copy(update={"page": "b.html"}).identity
