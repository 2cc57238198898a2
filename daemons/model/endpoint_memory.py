"""Keeps what was found out about an endpoint in a small file, which counts for this endpoint alone."""

import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from shared.domain.model_probe import ModelProbe

_log = logging.getLogger(__name__)

Dialect = Literal["responses", "functions"]


class _Found(BaseModel):
    """The file's content; `endpoint` is a fingerprint, `at` when the dialect was found."""

    endpoint: str
    dialect: Dialect | None = None
    at: datetime | None = None
    probe: ModelProbe | None = None


class EndpointMemory:
    """What is known of one endpoint, which is an address, a model and a key."""

    def __init__(self, directory: Path, url: str, model: str, key: str) -> None:
        self._path = directory / "endpoint.json"
        fingerprint = hashlib.sha256(json.dumps([url, model, key]).encode()).hexdigest()
        self._found = self._read(fingerprint) or _Found(endpoint=fingerprint)

    @property
    def dialect(self) -> Dialect | None:
        """The dialect that was found, None if none was yet."""
        return self._found.dialect

    def keep_dialect(self, dialect: Dialect) -> None:
        """Remember this dialect with the present time."""
        self._keep(dialect=dialect, at=datetime.now(UTC))

    def found_within(self, time: timedelta) -> bool:
        """Whether the dialect was found no longer ago than this."""
        return self._found.at is not None and datetime.now(UTC) - self._found.at <= time

    def forget_dialect(self) -> None:
        """Forget the dialect: it was wrong, or is no longer right."""
        self._keep(dialect=None, at=None)

    @property
    def probe(self) -> ModelProbe | None:
        """The result of the last probe, None if there was none."""
        return self._found.probe

    def keep_probe(self, probe: ModelProbe) -> None:
        """Remember the result of a probe."""
        self._keep(probe=probe)

    def _keep(self, **changes: object) -> None:
        self._found = self._found.model_copy(update=changes)
        beside = self._path.with_suffix(".new")
        try:
            beside.write_text(self._found.model_dump_json())
            beside.replace(self._path)
        except OSError as error:
            _log.warning("what was found out about the endpoint can't be kept: %s", error.strerror)

    def _read(self, fingerprint: str) -> _Found | None:
        try:
            found = _Found.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError):
            return None
        return found if found.endpoint == fingerprint else None
