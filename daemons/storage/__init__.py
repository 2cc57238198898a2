"""The storage daemon: the only process that reads or writes versions, deployments and their bytes."""
