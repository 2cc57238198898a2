"""The coding agent: how Codex is configured, started in the sandbox, and understood."""
