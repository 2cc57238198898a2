"""The way from a sandbox to the model daemon, and what that daemon says of its model."""
