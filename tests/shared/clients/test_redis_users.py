"""The users of Redis as the roll-out writes them: nobody without the password, and a restart keeps the queue."""

import hashlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.clients.job_queue import JobQueue
from tests.shared.clients.test_job_queue import DONE, claim_now, make_request, play
from tests.support.redis_server import RedisServer
from tests.test_linters import ROOT

_TEMPLATE = ROOT / "ansible/roles/redis/templates/users.acl.j2"
_PASSWORD = "open"


def users(directory: Path) -> Path:
    """The rendered file, with a password of ours."""
    text = re.sub(r"\{#.*?#\}\n?", "", _TEMPLATE.read_text(encoding="utf-8"))
    file = directory / "users.acl"
    file.write_text(re.sub(r"\{\{.*?\}\}", hashlib.sha256(_PASSWORD.encode()).hexdigest(), text))
    return file


def test_a_restart_keeps_the_queue_and_lets_nobody_in() -> None:
    """Redis replays its log as a user of its own list: one without rights would lose what was written in one step."""

    async def before(queue: JobQueue) -> None:
        for site in ("bakery", "garden"):
            await queue.submit(make_request(site))
        assert await queue.renew(await claim_now(queue), 30)

    async def after(queue: JobQueue) -> None:
        depth = await queue.depth()
        assert (depth.queued, depth.running) == (1, 1)
        claim = await claim_now(queue, "two")
        assert claim.request.site == "garden"
        assert await queue.finish(claim, DONE)

    with TemporaryDirectory(prefix="pw", dir="/tmp") as name:
        server = RedisServer(Path(name), durable=True, users=users(Path(name)))
        try:
            url = f"unix://pagewright:{_PASSWORD}@{server.socket}"
            play(url, before)
            server.kill()
            server.start()
            assert server.command("PING").startswith("NOAUTH")
            play(url, after)
        finally:
            server.kill()
