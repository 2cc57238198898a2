"""The checks of a version: a browser loads every page inside the sandbox, and a pure verdict judges what it saw."""
