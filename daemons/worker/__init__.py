"""The worker: does one job at a time, from a claim to a committed version."""
