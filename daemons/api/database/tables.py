"""The SQL tables, as SQLAlchemy sees them; the migrations make them."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    or_,
)

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """A moment with its time zone, on databases that forget it too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


users = Table(
    "users",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("admin", Boolean, nullable=False),
    Column("password_hash", Text),
    Column("created_at", UtcTime, nullable=False),
)

# Of every secret that we hand out only the sha256 is kept: a stolen database opens nothing.
sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)
# One for each key, such as a digest of the e-mail address, that an attempt counts against.
sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("key", String(64), nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
    Index("sign_in_attempts_by_key", "key", "at"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    # What the browser called itself, so that its owner knows it again.
    Column("agent", String(200)),
)
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)

sites = Table(
    "sites",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("owner_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("title", String(120), nullable=False),
    Column("template", String(80)),
    Column("created_at", UtcTime, nullable=False),
    # A deleted site stays in its row: `removed_at` hides it, from `gone_at` on nobody can bring it back.
    Column("removed_at", UtcTime),
    Column("removed_by", String(254)),
    Column("gone_at", UtcTime),
    # What lists are sorted, searched and filtered by; a release that does not know them leaves the defaults.
    Column("group_name", String(60)),
    Column("plain_title", Text),
    Column("changed_at", UtcTime, nullable=False, server_default="1970-01-01 00:00:00.000000"),
    # How the last request ended if that is for its owner to see to, and two versions as the last jobs and
    # publications told them; storage has the truth.
    Column("ended", String(16)),
    Column("newest", Integer, nullable=False, server_default="0"),
    Column("published", Integer, nullable=False, server_default="0"),
    # Where visitors find it, as storage has recorded it; null: under its name.
    Column("address", String(40)),
    # What its owner says of its checks, as JSON; null: nothing.
    Column("check_rules", Text),
)
is_waiting = or_(sites.c.ended.is_not(None), sites.c.newest > sites.c.published)
for _name, _columns, _where in (
    ("change", (sites.c.changed_at, sites.c.name), None),
    ("group", (sites.c.group_name, sites.c.changed_at, sites.c.name), sites.c.group_name.is_not(None)),
    ("waiting", (sites.c.changed_at, sites.c.name), is_waiting),
):
    Index(f"sites_by_{_name}", *_columns, sqlite_where=_where, postgresql_where=_where)
    Index(f"sites_by_owner_{_name}", sites.c.owner_id, *_columns, sqlite_where=_where, postgresql_where=_where)

_is_removed = sites.c.removed_at.is_not(None)
Index("sites_by_removal", sites.c.removed_at, sqlite_where=_is_removed, postgresql_where=_is_removed)

# Which site each label of the sites' domain belongs to; without end, or `until` an address that a site had before
# leads to its new one no more. A trigger puts the name of each new site in, whichever release makes it.
addresses = Table(
    "addresses",
    metadata,
    Column("label", String(40), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("until", UtcTime),
)
_is_no_name = addresses.c.label != addresses.c.site
Index("addresses_by_site", addresses.c.site, sqlite_where=_is_no_name, postgresql_where=_is_no_name)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("site", ForeignKey("sites.name"), nullable=False),
    Column("author", String(254), nullable=False),
    # The whole JobRequest, for when the queue has to be given it again.
    Column("request", JSON, nullable=False),
    Column("state", String(16), nullable=False),
    # The whole Outcome, once there is one.
    Column("outcome", JSON(none_as_null=True)),
    # What happened to it, kept for when Redis has forgotten: [[stream id, Event], …].
    Column("events", JSON, nullable=False),
    Column("finished_at", UtcTime),
    # Its turn among the jobs of its site, if somebody moved it: the id of the job whose turn it took.
    Column("turn", String(28)),
    # How often its text was edited, and the edit of which it is not known yet whether it came before a worker.
    Column("edits", Integer),
    Column("pending_edit", JSON(none_as_null=True)),
    Index("jobs_by_site", "site", "id"),
    Index("jobs_by_author", "author", "id"),
    Index("jobs_by_state", "state", "id"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("site", ForeignKey("sites.name"), nullable=False),
    Column("author", String(254), nullable=False),
    Column("role", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("job", ForeignKey("jobs.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("messages_by_site", "site", "id"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("actor", String(254), nullable=False),
    Column("action", String(40), nullable=False),
    Column("site", String(40)),
    Column("details", JSON, nullable=False),
    Index("audit_by_site", "site", "id"),
    Index("audit_by_action", "action", "id"),
)

# A file that waits to be named by a request; its bytes are in storage. Forgotten after a day.
uploads = Table(
    "uploads",
    metadata,
    Column("id", String(28), primary_key=True),
    Column("site", String(40), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("name", String(100), nullable=False),
    Column("type", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", UtcTime, nullable=False, index=True),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("made", String(28), nullable=False),
    Column("created_at", UtcTime, nullable=False, index=True),
    Column("claimed_at", UtcTime, nullable=False),
    Column("status", Integer),
    Column("location", Text),
    Column("body", Text),
)
