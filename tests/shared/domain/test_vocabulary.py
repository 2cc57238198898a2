"""Values as they cross borders: what is written of them, and that an error repeats nothing of it (DESIGN 6)."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from shared.domain.vocabulary import ChatMessage, Deployment, Progress, Record, SiteHead, SiteName, Slot, VersionNumber


def test_an_error_does_not_repeat_the_value() -> None:
    with pytest.raises(ValidationError) as wrong:
        Progress.model_validate({"phase": "my secret plan", "text": "private words"})
    assert "secret" not in str(wrong.value)
    with pytest.raises(ValidationError) as long:
        ChatMessage(role="user", text="private " * 1000)
    assert "private" not in str(long.value)


NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def deployment(version: int | None) -> Deployment:
    return Deployment(number=4, site="bakery", slot=Slot.CURRENT, version=version, by="ana", at=NOW)


def test_ordinary_deployments_are_written_as_ever() -> None:
    written = '{"number":4,"site":"bakery","slot":"current","version":3,"by":"ana","at":"2026-11-30T12:00:00Z"}'
    assert deployment(3).model_dump_json() == written
    assert Deployment.model_validate_json(written) == deployment(3)


def test_nothing_is_written_as_a_version_that_a_release_before_can_read_and_does_not_find() -> None:
    """It refuses that one slot; a list with this site in it is read whole."""

    class DeploymentBefore(Record):
        number: int
        site: SiteName
        slot: Slot
        version: VersionNumber
        by: str
        at: datetime

    written = deployment(None).model_dump_json()
    assert DeploymentBefore.model_validate_json(written).version == 2**53 - 1
    assert Deployment.model_validate_json(written) == deployment(None)


def test_a_head_tells_what_is_shown_and_what_was_taken_down() -> None:
    preview = Deployment(number=1, site="bakery", slot=Slot.PREVIEW, version=5, by="ana", at=NOW)
    head = SiteHead(site="bakery", latest=5, slots={Slot.PREVIEW: preview, Slot.CURRENT: deployment(None)})
    assert (head.shown, head.is_taken_down) == ({Slot.PREVIEW: 5}, True)
    again = SiteHead(site="bakery", latest=5, slots={Slot.CURRENT: deployment(5)})
    assert (again.shown, again.is_taken_down) == ({Slot.CURRENT: 5}, False)
    assert not SiteHead(site="bakery").is_taken_down, "what was never public was not taken down"
