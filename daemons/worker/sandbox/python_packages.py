"""Lists what our own Python programs find in a sandbox: their modules and the libraries that these import, no more.

The unit of the systemd backend binds the same: tests/test_units.py compares them.
"""

import sysconfig

PROJECT = "/opt/pagewright"
LIBRARIES = "/opt/packages"
PYTHONPATH = f"{PROJECT}:{LIBRARIES}"
OWN_FOLDERS = ("daemons/worker/attachments", "daemons/worker/checks", "daemons/worker/importing", "shared/domain")
# Place inside → name outside: a compiled module's name tells for which Python and machine it is, inside it need not.
LIBRARY_FILES = {
    **{
        name: name
        for name in (
            "PIL",
            "annotated_types",
            "greenlet",
            "isal",
            "pillow.libs",
            "pillow_heif",
            "pillow_heif.libs",
            "playwright",
            "pydantic",
            "pydantic_core",
            "pypdf",
            "typing_extensions.py",
            "typing_inspection",
        )
    },
    "_pillow_heif.so": f"_pillow_heif{sysconfig.get_config_var('EXT_SUFFIX')}",
}
TARGETS = frozenset(
    (*(f"{PROJECT}/{folder}" for folder in OWN_FOLDERS), *(f"{LIBRARIES}/{name}" for name in LIBRARY_FILES))
)
