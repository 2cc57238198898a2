"""The practice model: a deterministic Responses API server that edits sites by tool calls, like a real model."""
