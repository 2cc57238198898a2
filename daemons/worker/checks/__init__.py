"""The checks of a version: a browser looks at every page inside the sandbox, a pure verdict judges what it saw."""
