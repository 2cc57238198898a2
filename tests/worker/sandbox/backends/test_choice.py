"""The setting names the backend."""

from pathlib import Path

from daemons.worker.sandbox.backends.bubblewrap import open_bubblewrap
from daemons.worker.sandbox.backends.choice import choose_backend


def test_bubblewrap_is_a_name_and_all_else_is_a_socket(tmp_path: Path) -> None:
    assert choose_backend("bubblewrap") is open_bubblewrap
    assert choose_backend(str(tmp_path / "job.sock")) is not open_bubblewrap
