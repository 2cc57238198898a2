"""The local run: the whole system on one machine, under supervisor, with its state in `.run/`."""
