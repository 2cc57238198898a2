"""The real Codex program on a temporary copy of a site, outside the sandbox, pointed at some Responses API."""

import json
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]
CODEX = REPOSITORY / "node_modules/@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex"

_OFF = """plugins remote_plugin plugin_sharing apps hooks shell_snapshot goals image_generation browser_use
browser_use_external browser_use_full_cdp_access computer_use in_app_browser tool_suggest skill_search
skill_mcp_dependency_install memories enable_request_compression api_key_model_discovery auth_elicitation
tool_call_mcp_elicitation workspace_dependencies code_mode_host guardian_approval daemon_auto_start fast_mode
unbounded_connection_retries system_proxy_fallback""".split()

_CONFIG = """
model = "gpt-5.5"
model_provider = "pagewright"
approval_policy = "never"
sandbox_mode = "danger-full-access"
web_search = "disabled"
check_for_update_on_startup = false
allow_login_shell = false
project_doc_max_bytes = 0
hide_agent_reasoning = true
include_apps_instructions = false
suppress_unstable_features_warning = true
[model_providers.pagewright]
name = "pagewright"
base_url = "{base_url}"
wire_api = "responses"
requires_openai_auth = false
request_max_retries = 2
stream_max_retries = 2
stream_idle_timeout_ms = 120000
supports_websockets = false
http_headers = {{ Authorization = "Bearer {ticket}" }}
[analytics]
enabled = false
[feedback]
enabled = false
[otel]
exporter = "none"
trace_exporter = "none"
metrics_exporter = "none"
[history]
persistence = "none"
[shell_environment_policy]
inherit = "core"
[skills]
include_instructions = false
[skills.bundled]
enabled = false
[features]
{features}
[agents]
enabled = false
"""


@dataclass(frozen=True)
class CodexRun:
    """How one run ended: exit code, the JSON events of stdout, seconds on the clock, and what stderr says."""

    code: int
    events: list[dict[str, Any]]
    seconds: float
    stderr: bytes

    @property
    def answer(self) -> str:
        """The agent's last message."""
        items = [event["item"] for event in self.events if event["type"] == "item.completed"]
        return next((str(item["text"]) for item in reversed(items) if item["type"] == "agent_message"), "")

    def items(self, kind: str) -> list[dict[str, Any]]:
        """The finished items of one type, such as `command_execution` or `file_change`."""
        done = [event["item"] for event in self.events if event["type"] == "item.completed"]
        return [item for item in done if item["type"] == kind]


def run_codex(directory: Path, message: str, base_url: str, ticket: str = "none", limit: float = 60) -> CodexRun:
    """Run Codex in `directory` with the message on stdin; it has a fresh home and no key."""
    with tempfile.TemporaryDirectory(prefix="pw") as home:
        features = "\n".join(f"{name} = false" for name in _OFF)
        Path(home, "config.toml").write_text(_CONFIG.format(base_url=base_url, ticket=ticket, features=features))
        started = time.monotonic()
        done = subprocess.run(
            [
                CODEX,
                *"exec --json --strict-config --skip-git-repo-check --ephemeral --ignore-rules -C".split(),
                directory,
                "-",
            ],
            input=message.encode(),
            capture_output=True,
            env={"HOME": home, "CODEX_HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": home},
            timeout=limit,
            check=False,
        )
        seconds = time.monotonic() - started
    return CodexRun(done.returncode, [json.loads(line) for line in done.stdout.splitlines()], seconds, done.stderr)
