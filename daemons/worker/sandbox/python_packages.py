"""Lists what our own Python programs find in a sandbox: their modules and the libraries that these import, no more.

The unit of the systemd backend binds the same: tests/test_units.py compares them.
"""

PROJECT = "/opt/pagewright"
LIBRARIES = "/opt/packages"
PYTHONPATH = f"{PROJECT}:{LIBRARIES}"
OWN_FOLDERS = ("daemons/worker/checks", "daemons/worker/importing", "shared/domain")
LIBRARY_NAMES = (
    "annotated_types",
    "greenlet",
    "isal",
    "playwright",
    "pydantic",
    "pydantic_core",
    "typing_extensions.py",
    "typing_inspection",
)
TARGETS = frozenset(
    (*(f"{PROJECT}/{folder}" for folder in OWN_FOLDERS), *(f"{LIBRARIES}/{name}" for name in LIBRARY_NAMES))
)
