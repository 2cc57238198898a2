"""A worker process for the queue's tests: does nothing with each job, under a lock that would show an overlap.

Usage: queue_worker.py URL DIRECTORY NAME LEASE_SECONDS WORK_SECONDS. Ends with 3 if two workers had one site (I2).
"""

import asyncio
import fcntl
import sys
from pathlib import Path

from shared.clients.job_queue import Claim, JobQueue, Renewal
from shared.domain.vocabulary import JobState, Outcome


class Overlap(Exception):
    """Two workers had one site, or a fence did not grow."""


async def do_job(queue: JobQueue, claim: Claim, directory: Path, lease: float, work: float) -> None:
    """Work under the site's file lock, which the kernel drops with the process; the file remembers the last fence."""
    with (directory / claim.request.site).open("a+") as site_file:
        try:
            fcntl.flock(site_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Overlap(claim.request.site) from None
        site_file.seek(0)
        if int(site_file.read() or 0) >= claim.fence:
            raise Overlap(f"fence {claim.fence} of {claim.request.site}")
        site_file.truncate(0)
        site_file.write(str(claim.fence))
        site_file.flush()
        await asyncio.sleep(work)
        if await queue.renew(claim, lease) is Renewal.LOST:
            raise Overlap(f"lost {claim.request.id}")
    await queue.finish(claim, Outcome(state=JobState.SUCCEEDED, version=claim.fence))


async def main(url: str, directory: str, name: str, lease: str, work: str) -> None:
    async with JobQueue.open(url) as queue, asyncio.TaskGroup() as tasks:

        async def run() -> None:
            while True:
                claim = await queue.claim(name, float(lease), 60)
                if claim:
                    await do_job(queue, claim, Path(directory), float(lease), float(work))

        for _ in range(4):
            tasks.create_task(run())


if __name__ == "__main__":
    try:
        asyncio.run(main(*sys.argv[1:]))
    except* Overlap as group:
        print(group.exceptions, file=sys.stderr)
        sys.exit(3)
