"""What the local run starts: settings that its user has set reach each daemon, secrets never travel by environment."""

from pathlib import Path

import pytest

from cli.local.credentials import make_secrets
from cli.local.folder import open_run_folder
from cli.local.programs import DAEMONS, Ports, Program, all_programs
from shared.domain.errors import InvalidInput


@pytest.mark.parametrize("port", ["0", "65536", "80a", "-1"])
def test_a_port_that_is_none_is_named(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWRIGHT_SITES_PORT", port)
    with pytest.raises(InvalidInput, match="PAGEWRIGHT_SITES_PORT"):
        Ports.chosen()


def test_ports_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWRIGHT_UI_PORT", "9000")
    monkeypatch.delenv("PAGEWRIGHT_SITES_PORT", raising=False)
    assert Ports.chosen() == Ports(9000, 8080)


def test_a_program_gets_its_environment_and_nothing_else() -> None:
    words = Program("a", ("/bin/a", "b"), {"C": "d"}).whole_command()
    assert words[:2] == ["/usr/bin/env", "-i"]
    assert words[-3:] == ["C=d", "/bin/a", "b"]


def test_settings_reach_their_daemon_and_secrets_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGEWRIGHT_MODEL_NAME", "model-1")
    monkeypatch.setenv("PAGEWRIGHT_MODEL_KEY", "sk-secret")
    monkeypatch.setenv("PAGEWRIGHT_STORAGE_API_TOKEN", "a token of the caller's")
    folder = open_run_folder(tmp_path / "run")
    programs = {program.name: program for program in all_programs(folder, Ports(), make_secrets(folder))}
    assert list(programs) == ["redis", *DAEMONS]
    assert [name for name, program in programs.items() if "PAGEWRIGHT_MODEL_NAME" in program.environment] == ["model"]
    said = str([program.whole_command() for program in programs.values()])
    assert "sk-secret" not in said
    assert "a token of the caller's" not in said
