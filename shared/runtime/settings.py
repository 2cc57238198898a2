"""Every setting, once: the only reader of the environment and of the credentials directory.

A field `storage_listen` is the environment variable `PAGEWRIGHT_STORAGE_LISTEN`. A secret may also be a
file of that name in lower case (`pagewright_storage_worker_token`) in `$CREDENTIALS_DIRECTORY`, which is
where systemd's `LoadCredential=` puts it. An address is `unix:/path/to.sock` or `host:port`.
"""

import os
import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.domain.tree import DEFAULT_LIMITS

_ADDRESS = r"^(unix:/.+|[^/:]+:\d{1,5})$"
Address = Annotated[str, StringConstraints(pattern=_ADDRESS)]


def _addresses(text: object) -> tuple[str, ...]:
    """The addresses in a text, separated by spaces; raises ValueError naming the first that is none."""
    addresses = tuple(str(text).split())
    for address in addresses:
        if not re.match(_ADDRESS, address):
            raise ValueError(f"{address!r} is neither unix:/path nor host:port")
    if not addresses:
        raise ValueError("it names no address")
    return addresses


Addresses = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_addresses)]


def _mail_url(url: SecretStr) -> SecretStr:
    """Raises ValueError, without telling the password; an empty one is none."""
    text = url.get_secret_value()
    if text and not re.fullmatch(r"smtps?://([^/@\s]+@)?[^/@\s:]+(:\d{1,5})?", text):
        raise ValueError("it is not like smtp://user:password@mail.example.org:587; quote / and @ as %2F and %40")
    return url


MailUrl = Annotated[SecretStr, AfterValidator(_mail_url)]


class Settings(BaseSettings):
    """What every process has."""

    model_config = SettingsConfigDict(
        env_prefix="PAGEWRIGHT_", extra="ignore", frozen=True, secrets_dir=os.environ.get("CREDENTIALS_DIRECTORY")
    )

    log_level: str = Field("INFO", description="Least severe level that is logged: DEBUG, INFO, WARNING or ERROR.")


class StorageSettings(Settings):
    """The storage daemon."""

    storage_listen: Address = Field(description="Where storage answers the other daemons.")
    storage_admin_listen: Address = Field(description="Health and metrics of storage.")
    storage_directory: Path = Field(description="Where blobs, versions and deployments are kept.")
    storage_worker_token: SecretStr = Field(description="What a worker shows to write versions.")
    storage_api_token: SecretStr = Field(description="What the api shows to write deployments and uploads.")
    storage_deployer_token: SecretStr = Field(description="What a deployer shows to read.")
    storage_backups: Path | None = Field(
        None, description="The folder of storage's backups, whose age is measured; none: it is not measured."
    )
    storage_verify_mark: Path | None = Field(
        None, description="The file whose time tells when `verify` last found nothing; none: it is not measured."
    )


class ModelSettings(Settings):
    """The model daemon: the only process with the model API's key."""

    model_listen: Address = Field(description="Where the model daemon answers workers and the api.")
    model_admin_listen: Address = Field(description="Health and metrics of the model daemon.")
    model_directory: Path = Field(description="Where the model daemon counts what was used.")
    model_ticket_key: SecretStr = Field(description="Key shared with workers and the api that signs a job's ticket.")
    model_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("PAGEWRIGHT_MODEL_KEY", "OPENAI_API_KEY", "pagewright_model_key"),
        description="Key of the model API (`OPENAI_API_KEY` works too). Without key and base URL: the practice model.",
    )
    model_base_url: str | None = Field(
        None, description="A Responses API endpoint other than OpenAI's, up to and including `/v1`."
    )
    model_name: str = Field("gpt-5.5", description="The model that every request is pinned to.")
    model_dialect: Literal["auto", "responses", "functions"] = Field(
        "auto",
        description="How the endpoint is spoken to: `responses` as OpenAI, `functions` as servers that know function "
        "tools only (Ollama, vLLM, llama.cpp); `auto` finds out with a small request, once for each endpoint.",
    )
    model_context_tokens: int | None = Field(
        None,
        ge=16_000,
        description="How many tokens the model reads at once, as its server was started (64,000 are advisable); none: "
        "as many as OpenAI's. Codex shortens a conversation before it gets longer.",
    )
    model_job_requests: int = Field(120, description="Most requests that one job may make.")
    model_job_tokens: int = Field(2_000_000, description="Most tokens, in and out, that one job may use.")
    model_day_tokens: int = Field(50_000_000, description="Most tokens that all jobs together may use in a UTC day.")
    model_idle_seconds: float = Field(
        120, description="Longest time in which the endpoint says nothing; signs of life do not count."
    )
    model_response_bytes: int = Field(16 << 20, description="Most bytes of one answer.")


class BrowserSettings(Settings):
    """The browser, for workers and for `pagewright doctor`."""

    worker_chromium: Path = Field(Path("/usr/bin/chromium-headless-shell"), description="The Chromium program.")


class WorkerSettings(BrowserSettings):
    """A worker."""

    worker_name: str = Field("1", description="Name of this worker, unique among all workers.")
    worker_admin_listen: Address = Field(description="Health and metrics of the worker.")
    worker_directory: Path = Field(description="Scratch space; may vanish at any time between jobs.")
    redis_url: SecretStr = Field(description="Redis, as `unix:///path` or `redis://[user:password@]host:port/db`.")
    storage_address: Address = Field(description="Where storage listens.")
    storage_worker_token: SecretStr = Field(description="What a worker shows to storage.")
    model_address: Address = Field(description="Where the model daemon listens.")
    model_ticket_key: SecretStr = Field(description="Key that signs a job's ticket for the model daemon.")
    worker_signing_key: SecretStr = Field(description="Ed25519 private key that signs manifests (PEM).")
    worker_codex: Path = Field(description="The Codex program.")
    worker_assets: Path | None = Field(
        None, description="Directory of the npm packages that checks use; none: `node_modules` beside the program."
    )
    worker_sandbox: str = Field(
        "bubblewrap",
        pattern=r"^(bubblewrap|/.+)$",
        description="What makes the sandbox: `bubblewrap`, or the path of the socket of `pagewright-job.socket`.",
    )
    worker_lease_seconds: float = Field(15, description="How long a claim holds without being renewed.")
    worker_edit_seconds: float = Field(900, description="Longest edit by the agent.")
    worker_check_seconds: float = Field(
        180, description="Longest run of the checks; pages of a large site that no time is left for are named."
    )
    worker_memory_bytes: int = Field(
        4 << 30, description="Most memory of one process in the sandbox, and of all together."
    )
    worker_processes: int = Field(256, description="Most processes and threads in the sandbox.")
    worker_workspace_bytes: int = Field(
        2 * DEFAULT_LIMITS.total_bytes, description="Size of the sandbox's workspace: the largest site, twice."
    )


class DeployerSettings(Settings):
    """A deployer, one for each web host."""

    deployer_admin_listen: Address = Field(description="Health and metrics of the deployer.")
    deployer_root: Path = Field(description="Where the sites' releases and symlinks are.")
    storage_address: Address = Field(description="Where storage listens.")
    storage_deployer_token: SecretStr = Field(description="What a deployer shows to storage.")
    deployer_trusted_keys: Path = Field(description="File of the workers' public keys, one base64 key a line.")
    deployer_keep_releases: int = Field(5, description="How many newest releases of a site stay on this host.")
    deployer_compare_seconds: float = Field(60, description="Pause between two full comparisons with storage.")
    deployer_deep_check_seconds: float = Field(
        86400, ge=0, description="Time over which all that is shown here is compared byte by byte; 0 for never."
    )


class DatabaseSettings(Settings):
    """The api's database, for the api and for the dump of it."""

    api_database_url: SecretStr = Field(description="SQLAlchemy URL of the database.")


class ApiSettings(DatabaseSettings):
    """The api with its web UI."""

    api_listen: Address = Field(description="Where the api answers nginx.")
    api_admin_listen: Address = Field(description="Health and metrics of the api.")
    api_public_url: str = Field("http://localhost:8000", description="Where people reach the UI and API.")
    api_sites_url: str = Field(
        "http://{host}.localhost:8080", description="Where people reach a site; `{host}` is filled in."
    )
    api_probe_addresses: Addresses = Field(
        description="The web hosts, asked which version they serve: addresses separated by spaces."
    )
    redis_url: SecretStr = Field(description="Redis, as `unix:///path` or `redis://[user:password@]host:port/db`.")
    storage_address: Address = Field(description="Where storage listens.")
    storage_api_token: SecretStr = Field(description="What the api shows to storage.")
    model_address: Address = Field(description="Where the model daemon listens.")
    model_ticket_key: SecretStr = Field(description="Key that signs the api's tickets for the model daemon.")
    api_assets: Path | None = Field(
        None, description="Directory of the npm packages that pages use; none: `node_modules` beside the program."
    )
    api_backups: Path | None = Field(
        None, description="The folder of the database's dumps, whose age is measured; none: it is not measured."
    )
    api_upload_bytes: int = Field(
        DEFAULT_LIMITS.total_bytes + (16 << 20),
        description="Largest archive that can be imported: the largest site, and room for what is no part of it.",
    )
    api_mail_url: MailUrl | None = Field(
        None,
        description="The mail server, as `smtp://[user:password@]host[:port]` (STARTTLS, except on this machine) or "
        "`smtps://…`; none: no mail is sent, and operators make sign-in links.",
    )
    api_mail_from: str = Field(
        "PageWright <pagewright@localhost>", pattern=r"^[^\r\n]+$", description="Who mails are from."
    )
    api_mail_socket: Path | None = Field(
        None, description="A UNIX socket that leads to the mail server; none: it is called by its name."
    )


class CliSettings(Settings):
    """The command line tool."""

    url: str | None = Field(None, description="Where the API is, such as `http://localhost:8000`.")
    token: SecretStr | None = Field(None, description="An API token.")
