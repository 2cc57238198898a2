"""The way from a sandbox to the model daemon, and what the worker asks that daemon itself."""
