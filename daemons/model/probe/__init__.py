"""Whether the model can edit sites: three small tasks, given and answered as Codex would."""
