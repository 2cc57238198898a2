"""The storage daemon: the only door to versions, deployments and their bytes."""
