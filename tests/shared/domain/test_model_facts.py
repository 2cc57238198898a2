"""The facts of a model, as a daemon of any release tells them."""

from shared.domain.model_facts import ModelFacts

_AT = "2030-01-01T00:00:00Z"


def test_a_probe_that_cannot_be_read_hides_no_other_fact() -> None:
    """An edit asks for the context; a verdict of a later release must not keep it from that."""
    told = {"name": "m", "practice": False, "context_tokens": 64_000}
    unread = ModelFacts.model_validate(told | {"probe": {"at": _AT, "verdict": "works on Sundays"}})
    assert (unread.context_tokens, unread.probe) == (64_000, None)
    read = ModelFacts.model_validate(told | {"probe": {"at": _AT, "verdict": "works"}})
    assert read.probe
    assert read.probe.verdict == "works"
