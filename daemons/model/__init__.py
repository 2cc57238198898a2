"""The model daemon: the only way to the model API, and the practice model."""
