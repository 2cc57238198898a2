"""One folder for each process."""
