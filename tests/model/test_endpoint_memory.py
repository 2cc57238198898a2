"""What was found out about an endpoint is kept for that endpoint alone, and no damage of the file stops the daemon."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemons.model.endpoint_memory import EndpointMemory
from shared.domain.model_probe import ModelProbe, ProbeVerdict

_ENDPOINT = ("http://model.example/v1", "model-1", "key")


def test_what_was_found_outlives_the_daemon(tmp_path: Path) -> None:
    memory = EndpointMemory(tmp_path, *_ENDPOINT)
    assert (memory.dialect, memory.probe, memory.found_within(timedelta(days=1))) == (None, None, False)
    probe = ModelProbe(at=datetime.now(UTC), verdict=ProbeVerdict.WORKS)
    memory.keep_dialect("functions")
    memory.keep_probe(probe)
    again = EndpointMemory(tmp_path, *_ENDPOINT)
    assert (again.dialect, again.probe, again.found_within(timedelta(days=1))) == ("functions", probe, True)
    assert not again.found_within(timedelta(0))
    again.forget_dialect()
    assert EndpointMemory(tmp_path, *_ENDPOINT).probe == probe
    assert EndpointMemory(tmp_path, *_ENDPOINT).dialect is None


@pytest.mark.parametrize("place", [0, 1, 2])
def test_another_address_model_or_key_is_another_endpoint(place: int, tmp_path: Path) -> None:
    EndpointMemory(tmp_path, *_ENDPOINT).keep_dialect("functions")
    other = [*_ENDPOINT]
    other[place] += "2"
    assert EndpointMemory(tmp_path, *other).dialect is None
    assert "key" not in (tmp_path / "endpoint.json").read_text()


def test_a_damaged_file_is_forgotten(tmp_path: Path) -> None:
    EndpointMemory(tmp_path, *_ENDPOINT).keep_dialect("functions")
    (tmp_path / "endpoint.json").write_text("{")
    assert EndpointMemory(tmp_path, *_ENDPOINT).dialect is None
