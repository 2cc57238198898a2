"""What every command gets: the API with the caller's token, and where to write the answer."""

import json
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path

from cli.client import DEFAULT_URL, ApiClient, JsonObject
from cli.local.finding import local_api
from cli.terminal_text import printable
from shared.domain.errors import InvalidInput
from shared.runtime.settings import CliSettings

CONFIG = Path("~/.config/pagewright/config.json")


class Session:
    """One run of the command line; `as_json` is for programs, otherwise a person reads."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    @cached_property
    def api(self) -> ApiClient:
        """The API that the environment names, or else the configuration file, or else that of the local run.

        The local run's token goes nowhere else.
        """
        settings, kept, local = CliSettings(), _configuration(), local_api()
        url = settings.url or kept.get("url") or local.url or DEFAULT_URL
        token = settings.token.get_secret_value() if settings.token else kept.get("token")
        return ApiClient(url, token or (local.token if url.rstrip("/") == local.url else None))

    def answer(self, document: object, *lines: str) -> None:
        """The result: the document for programs, the lines for people."""
        if self.as_json:
            print(json.dumps(document, indent=2, ensure_ascii=False))
        else:
            for line in lines:
                print(printable(line))

    def answer_list(
        self, items: Iterable[JsonObject], line: Callable[[JsonObject], str], *, none: str, most: int
    ) -> None:
        """A list: all items for programs, a line for each for people, or `none` if there is none.

        Where there are `most` items, people are told how to see more.
        """
        found = list(items)
        self.answer(found, *([line(item) for item in found] or [none]))
        if len(found) == most:
            self.progress(f"These are the first {most:,}; --limit N lists more.")

    def progress(self, text: str) -> None:
        """A sign of life for people."""
        if not self.as_json and text:
            print(printable(text), flush=True)


def _configuration() -> dict[str, str]:
    """`url` and `token` as kept in the configuration file, if there is one."""
    try:
        kept = json.loads(CONFIG.expanduser().read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, RuntimeError):
        return {}
    except (ValueError, OSError):
        raise InvalidInput(f"{CONFIG} can't be read.", 'It holds {"url": "http://…", "token": "…"}.') from None
    if not isinstance(kept, dict):
        raise InvalidInput(f"{CONFIG} holds no object.", 'It holds {"url": "http://…", "token": "…"}.')
    return {name: str(value) for name, value in kept.items()}
