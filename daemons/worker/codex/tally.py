"""Counts how many of the agent's commands worked: commands that it ran, patches, and calls that Codex refused."""

from dataclasses import dataclass, replace
from typing import Self

from shared.domain.manifest import Check, CheckStatus


@dataclass(frozen=True)
class CommandTally:
    """How many commands ended, how many of them failed, and how many of those only looked at something."""

    ended: int = 0
    failed: int = 0
    looks_failed: int = 0

    def count(self, *, worked: bool, look: bool = False) -> Self:
        """The tally with one more command."""
        failed = not worked
        return replace(
            self,
            ended=self.ended + 1,
            failed=self.failed + failed,
            looks_failed=self.looks_failed + (failed and look),
        )

    def plus(self, other: "CommandTally") -> Self:
        """The commands of two runs together."""
        return replace(
            self,
            ended=self.ended + other.ended,
            failed=self.failed + other.failed,
            looks_failed=self.looks_failed + other.looks_failed,
        )

    @property
    def nothing_worked(self) -> bool:
        """Whether all that the agent tried failed; a look at what is not there gives an answer, so it worked."""
        return 0 < self.ended == self.failed and not self.looks_failed

    @property
    def fact(self) -> str:
        """A sentence such as "2 of 3 commands failed.", empty if none failed."""
        commands = "command" if self.ended == 1 else "commands"
        return f"{self.failed} of {self.ended} {commands} failed." if self.failed else ""

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks for the version's record: none if all commands worked."""
        if not self.failed:
            return ()
        return (Check(name="agent", status=CheckStatus.WARNING, findings=(self.fact,)),)
