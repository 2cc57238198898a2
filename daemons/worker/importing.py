"""Imports: a person's archive is taken apart inside the sandbox, and only a proper site comes out."""

import json

from daemons.worker.last_words import noting_end, python_words
from daemons.worker.limits import check_limit, check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.session import Ended, open_session
from shared.errors import InvalidInput, PageWrightError, from_problem
from shared.settings import WorkerSettings
from shared.tree import Tree


async def import_site(upload: bytes, name: str, *, settings: WorkerSettings, programs: Programs) -> Tree:
    """The site's files in the archive `upload`; raises InvalidInput or TooLarge with what is wrong with it."""
    lines: list[bytes] = []
    plan = Plan(
        argv=programs.python("daemons.worker.import_program"),
        env=programs.python_environment,
        stdin=b"",
        programs=programs.python_mounts,
        limits=check_limits(settings),
        door=False,
        collect="site",
        warm=True,
    )
    async with open_session(plan, door=None, on_line=lines.append, backend=programs.backend) as session:
        ended = await session.run({"upload": upload, "name.txt": name.encode(errors="replace")})
    with noting_end(ended, python_words(ended.error_output)):
        _refuse_failed(ended, lines)
    return ended.tree


def _refuse_failed(ended: Ended, lines: list[bytes]) -> None:
    if lines:
        raise _refusal(lines[0])
    check_limit(ended.limit, "Unpacking the archive", "Import a smaller site.")
    if ended.exit_code != 0:
        raise InvalidInput(
            "The archive could not be taken apart.", "Pack the folder of your site as .zip or .tar.gz and try again."
        )


def _refusal(line: bytes) -> PageWrightError:
    try:
        problem = json.loads(line)
        return from_problem(int(problem["status"]), problem)
    except (ValueError, LookupError, TypeError):
        return InvalidInput("The archive could not be taken apart.")
