"""The plan of an edit: what people say goes in as data, never as an option of Codex."""

from datetime import UTC, datetime
from pathlib import Path

from daemons.worker.codex.command import plan_edit
from daemons.worker.sandbox.plan import RunLimits
from shared.domain.vocabulary import JobKind, JobRequest, new_id


def test_a_message_is_stdin_and_the_model_is_the_only_way_out() -> None:
    message = "--help; rm -rf /"
    now = datetime.now(UTC)
    request = JobRequest(id=new_id(), site="tea", kind=JobKind.EDIT, message=message, author="ann", created_at=now)
    limits = RunLimits(wall_seconds=5)
    plan = plan_edit(request, codex=Path("/srv/codex"), limits=limits)
    assert plan.stdin == message.encode()
    assert message not in " ".join(plan.argv)
    assert plan.argv[-1] == "-", "Codex reads its request from stdin"
    assert (plan.relay, plan.limits, plan.collect) == (True, limits, "")
    assert list(plan.home) == [".codex/config.toml"]
    assert [mount.target for mount in plan.programs] == [plan.argv[0]]
