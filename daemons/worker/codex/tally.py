"""How many of the agent's commands worked: commands that it ran, patches, and calls that Codex refused."""

from dataclasses import dataclass, replace
from typing import Self

from shared.domain.manifest import Check, CheckStatus


@dataclass(frozen=True)
class CommandTally:
    """Commands that came to an end, how many of them failed, and how many of these only looked at something."""

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

    @property
    def nothing_worked(self) -> bool:
        """Whether the agent tried something and all of it failed; a look at what is not there has worked."""
        return 0 < self.ended == self.failed and not self.looks_failed

    @property
    def fact(self) -> str:
        """Such as "2 of 3 commands failed."; empty if none did."""
        commands = "command" if self.ended == 1 else "commands"
        return f"{self.failed} of {self.ended} {commands} failed." if self.failed else ""

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the version's record says of it: nothing if all worked."""
        if not self.failed:
            return ()
        return (Check(name="agent", status=CheckStatus.WARNING, findings=(self.fact,)),)
