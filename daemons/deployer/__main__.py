"""Starts the deployer; it has no commands to answer, only storage to watch."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.deployer.deployer import Deployer
from shared.clients.storage import StorageClient
from shared.runtime.service import Service, run_daemon
from shared.runtime.settings import DeployerSettings


@asynccontextmanager
async def open_deployer(settings: DeployerSettings) -> AsyncIterator[Service]:
    """The deployer of this host, while its connection to storage is open."""
    token = settings.storage_deployer_token.get_secret_value()
    async with StorageClient(settings.storage_address, token) as storage:
        deployer = Deployer(
            storage,
            settings.deployer_root,
            settings.deployer_trusted_keys,
            keep=settings.deployer_keep_releases,
            compare_seconds=settings.deployer_compare_seconds,
            deep_check_seconds=settings.deployer_deep_check_seconds,
        )
        yield Service(
            settings.deployer_admin_listen, work=deployer.work, ready=deployer.ready, measure=deployer.measure
        )


if __name__ == "__main__":
    run_daemon("deployer", DeployerSettings, open_deployer)
