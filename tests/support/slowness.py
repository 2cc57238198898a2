"""How many times longer than usual things may take: 1, or what PAGEWRIGHT_TEST_SLOWNESS says in an emulated machine."""

import os

SLOWNESS = float(os.environ.get("PAGEWRIGHT_TEST_SLOWNESS") or 1)
