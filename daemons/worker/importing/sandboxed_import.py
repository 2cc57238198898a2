"""Imports a person's archive: unpacks it inside the sandbox, and takes only a proper site and a report out."""

import json

from pydantic import ValidationError

from daemons.worker.exit_diagnostics import exit_diagnostics, python_diagnostics
from daemons.worker.importing.report import ImportReport
from daemons.worker.job.editing import Edited
from daemons.worker.limits import check_limit, check_limits
from daemons.worker.programs import Programs
from daemons.worker.sandbox.plan import Plan
from daemons.worker.sandbox.session import RunResult, open_session
from shared.domain.errors import InvalidInput, PageWrightError, from_problem
from shared.runtime.settings import WorkerSettings

_UNREADABLE = InvalidInput(
    "The archive could not be taken apart.", "Pack the folder of your site as .zip or .tar.gz and try again."
)


async def import_site(
    upload: bytes, name: str, root: str | None, *, settings: WorkerSettings, programs: Programs
) -> Edited:
    """The site in the archive `upload`, below its folder `root` if one is named.

    Raises InvalidInput or TooLarge with what is wrong with it.
    """
    lines: list[bytes] = []
    plan = Plan(
        argv=programs.python("daemons.worker.importing.program"),
        env=programs.python_environment,
        stdin=b"",
        programs=programs.python_mounts,
        limits=check_limits(settings),
        relay=False,
        collect="site",
        warm=True,
    )
    request = json.dumps({"name": name, "root": root}).encode()
    async with open_session(plan, relay=None, on_line=lines.append, backend=programs.backend) as session:
        ended = await session.run({"upload": upload, "request.json": request})
    with exit_diagnostics(ended, python_diagnostics(ended.error_output)):
        report = _report(ended, lines)
    return Edited(ended.tree, report.answer(), imported=(report.check(),))


def _report(ended: RunResult, lines: list[bytes]) -> ImportReport:
    """The report that the program wrote, checked because it is not trusted. Raises the problem if it wrote one."""
    check_limit(ended.limit, "Unpacking the archive", "Import a smaller site.")
    try:
        said = json.loads(lines[-1])
        if "problem" in said:
            raise _problem(said["problem"])
        report = ImportReport.model_validate(said["report"])
    except (ValidationError, ValueError, LookupError, TypeError, RecursionError):
        raise _UNREADABLE from None
    if ended.exit_code != 0 or report.files != len(ended.tree):
        raise _UNREADABLE
    return report


def _problem(problem: object) -> PageWrightError:
    """The problem as an error that blames the archive; its texts are cut, because the archive may have chosen them."""
    status = problem.get("status") if isinstance(problem, dict) else None
    error = from_problem(status if status in (413, 422) else 422, problem)
    error.detail, error.hint = _clean(error.detail, 4000), _clean(error.hint, 500)
    if isinstance(error, InvalidInput):
        error.choices = tuple(_clean(choice, 512) for choice in error.choices[:20])
    return error


def _clean(text: str, most: int) -> str:
    """The text, cut and as valid UTF-8: JSON may contain half an emoji."""
    return text[:most].encode(errors="replace").decode()
