"""Why a web host does not show what it should: its deployer writes it, nginx serves it, the api reports it."""

from typing import Annotated

from pydantic import StringConstraints

from shared.domain.vocabulary import Record, VersionNumber

PROBLEM_FILE = "trouble.json"
PROBLEM_ADDRESS = "/.well-known/pagewright-trouble.json"
# The reason of a host whose storage has less than it told before, which sets it apart from other problems.
STORAGE_OLDER = "Storage is older than what it told before, so the site stays as it is."


class HostProblem(Record):
    """What a host could not do for a site, in words that may be public; `attempt` names the try that failed.

    `version` is None if it is about the site as a whole.
    """

    version: VersionNumber | None
    reason: Annotated[str, StringConstraints(max_length=500)]
    hint: Annotated[str, StringConstraints(max_length=500)] = ""
    attempt: str
