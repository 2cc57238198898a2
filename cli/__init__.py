"""The command line tool `pagewright` and the local run."""
