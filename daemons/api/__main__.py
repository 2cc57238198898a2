"""Starts the api daemon: `python -m daemons.api`."""

from daemons.api.service import open_service
from shared.runtime.service import run_daemon
from shared.runtime.settings import ApiSettings

if __name__ == "__main__":
    run_daemon("api", ApiSettings, open_service)
