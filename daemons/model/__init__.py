"""The model daemon: the only door to the model API, and the practice model."""
