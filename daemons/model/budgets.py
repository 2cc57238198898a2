"""What jobs may take from the model: requests and tokens of a job, tokens of a day, counted in a small SQLite file.

A request is counted before it is made, tokens when they are known. So a job
can exceed its token budget only by its requests in flight. Kills and restarts lose no count, a power cut the last few.
"""

import math
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from shared.domain.errors import TooMany, Unavailable
from shared.domain.manifest import Usage
from shared.runtime import metrics

_KEPT_DAYS = 90
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    job TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER NOT NULL DEFAULT 0,
    output_tokens INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS days (day TEXT PRIMARY KEY, tokens INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class BudgetLimits:
    """Most requests and tokens of one job, and most tokens of all jobs in a UTC day."""

    job_requests: int
    job_tokens: int
    day_tokens: int


def utc_today() -> date:
    """The day on which something is counted."""
    return datetime.now(UTC).date()


class Budgets:
    """The counts. Used from one thread only."""

    def __init__(self, directory: Path, limits: BudgetLimits, today: Callable[[], date] = utc_today) -> None:
        self._limits = limits
        self._today = today
        with _refusing():
            directory.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(directory / "usage.sqlite", isolation_level=None, timeout=2)
            try:
                self._set_up()
            except BaseException:
                self._database.close()  # nobody else could
                raise

    def _set_up(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_SCHEMA)
        oldest = (self._today() - timedelta(days=_KEPT_DAYS)).isoformat()
        self._database.execute("DELETE FROM jobs WHERE day < ?", (oldest,))

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def count_request(self, job: str) -> None:
        """Count a request that is about to be made; raises TooMany if a budget is used up."""
        today = self._today().isoformat()
        with _refusing():
            self._refuse_spent(self.usage(job), self._day_tokens(today))
            self._database.execute(
                "INSERT INTO jobs (job, day, requests) VALUES (?, ?, 1)"
                " ON CONFLICT (job) DO UPDATE SET requests = requests + 1",
                (job, today),
            )

    def _refuse_spent(self, used: Usage, day_tokens: int) -> None:
        smaller = "Ask for a smaller change, or split it into several."
        if used.requests >= self._limits.job_requests:
            raise TooMany(f"The agent asked the model {used.requests} times, all that one change may.", smaller)
        tokens = used.input_tokens + used.output_tokens
        if tokens >= self._limits.job_tokens:
            raise TooMany(f"The agent used {tokens} tokens, all that one change may.", smaller)
        if day_tokens >= self._limits.day_tokens:
            raise TooMany(
                "Today's budget for the model is used up.",
                "Try again tomorrow (UTC). Operators can raise PAGEWRIGHT_MODEL_DAY_TOKENS.",
            )

    def check_day(self) -> None:
        """Raises TooMany if the day's budget is used up."""
        self._refuse_spent(Usage(), self.day()[0])

    def count_tokens(self, job: str, input_tokens: int, output_tokens: int) -> None:
        """Add what a request of a counted job has used."""
        with _refusing():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.execute(
                    "UPDATE jobs SET input_tokens = input_tokens + ?, output_tokens = output_tokens + ? WHERE job = ?",
                    (input_tokens, output_tokens, job),
                )
                self._database.execute(
                    "INSERT INTO days VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET tokens = tokens + excluded.tokens",
                    (self._today().isoformat(), input_tokens + output_tokens),
                )
                self._database.execute("COMMIT")
            except sqlite3.Error:
                self._database.rollback()
                raise

    async def measure(self) -> None:
        """Set the gauges of the day's budget; the used tokens are NaN while they can't be read."""
        metrics.MODEL_DAY_BUDGET.set(self._limits.day_tokens)
        metrics.MODEL_DAY_TOKENS.set(math.nan)
        with suppress(Unavailable):
            metrics.MODEL_DAY_TOKENS.set(self.day()[0])

    def day(self) -> tuple[int, int]:
        """Tokens that all jobs have used today, and how many they may; raises Unavailable."""
        return self._day_tokens(self._today().isoformat()), self._limits.day_tokens

    def usage(self, job: str) -> Usage:
        """What a job has used; nothing if it is not known."""
        with _refusing():
            row = self._database.execute(
                "SELECT requests, input_tokens, output_tokens FROM jobs WHERE job = ?", (job,)
            ).fetchone()
        return Usage(requests=row[0], input_tokens=row[1], output_tokens=row[2]) if row else Usage()

    def _day_tokens(self, day: str) -> int:
        with _refusing():
            row = self._database.execute("SELECT tokens FROM days WHERE day = ?", (day,)).fetchone()
        return row[0] if row else 0


@contextmanager
def _refusing() -> Iterator[None]:
    """Refuse what can't be counted: with a full or broken disk there are no requests."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise Unavailable(
            "The model daemon can't count what is used.",
            "Operators: check the disk that has PAGEWRIGHT_MODEL_DIRECTORY.",
        ) from error
