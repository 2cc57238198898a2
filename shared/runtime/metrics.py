"""Every metric's name, labels and meaning, once.

Counters and histograms grow where the event happens. Gauges are measured at each scrape: a daemon's
`Service.measure` sets them just before `/metrics` is answered. The process's own metrics, such as
`process_start_time_seconds`, come by themselves.

Every daemon exposes every metric, so a rule names its daemon: `pagewright_queue_up{job="pagewright-api"}`.
"""

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram, registry
from prometheus_client.core import CounterMetricFamily

from shared.domain.vocabulary import JobKind
from shared.runtime.backups import newest_time


class Total(registry.Collector):
    """A counter that another program keeps, such as Redis; not exposed by a process that never set it."""

    def __init__(self, name: str, documentation: str) -> None:
        self._name, self._documentation = name, documentation
        self._value: float | None = None
        registry.REGISTRY.register(self)

    def set(self, value: float) -> None:
        """Tell this value from now on."""
        self._value = value

    def collect(self) -> Iterator[CounterMetricFamily]:
        yield CounterMetricFamily(self._name, self._documentation, self._value)


BUILD_INFO = Gauge("pagewright_build_info", "1, labelled with what runs.", ["daemon", "version"])
DISK_FREE_BYTES = Gauge("pagewright_disk_free_bytes", "Bytes that a daemon may still write.", ["disk"])
BACKUP_TIMESTAMP = Gauge(
    "pagewright_backup_timestamp_seconds", "When the newest whole backup was begun; 0 if none is seen.", ["of"]
)
VERIFY_TIMESTAMP = Gauge(
    "pagewright_verify_timestamp_seconds", "When all of storage was last proven right; 0 if it never was."
)
DISK_SIZE_BYTES = Gauge("pagewright_disk_size_bytes", "Bytes of a daemon's file system.", ["disk"])

HTTP_REQUESTS = Counter("pagewright_http_requests_total", "Requests answered.", ["route", "method", "status"])
HTTP_SECONDS = Histogram("pagewright_http_request_seconds", "Time until an answer begins.", ["route", "method"])

QUEUE_UP = Gauge("pagewright_queue_up", "Whether Redis answered the last question for these numbers.")
QUEUE_JOBS = Gauge("pagewright_queue_jobs", "Jobs in the queue.", ["state"])
QUEUE_OLDEST_SECONDS = Gauge(
    "pagewright_queue_oldest_age_seconds", "How long a job has waited that a worker could take; 0 if none does."
)
JOBS_GIVEN_UP = Total("pagewright_jobs_given_up_total", "Jobs given up because worker after worker died on them.")
LEASE_EXPIRIES = Total("pagewright_lease_expiries_total", "Claims of workers that let their lease expire.")

JOBS_FINISHED = Counter(
    "pagewright_jobs_finished_total",
    "Jobs that ended: changed, unchanged, failed, cancelled.",
    ["kind", "state", "outcome"],
)
JOB_FAILURES = Counter(
    "pagewright_job_failures_total", "Jobs that failed, by fault: ours, or what was asked.", ["kind", "fault"]
)
JOB_RETRIES = Counter(
    "pagewright_job_retries_total",
    "Attempts that failed for a fault of ours and were left to another.",
    ["kind"],
)
JOB_SECONDS = Histogram(
    "pagewright_job_seconds",
    "Time from claim to end of a job.",
    ["kind", "state"],
    buckets=(0.3, 1, 3, 10, 30, 100, 300, 1000),
)
JOB_PHASE_SECONDS = Histogram(
    "pagewright_job_phase_seconds",
    "Time that a job spent in a phase, by how the job ended.",
    ["phase", "state"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000),
)
JOBS_CLAIMED = Counter("pagewright_jobs_claimed_total", "Claims, a first attempt or a later one.", ["attempt"])
CLAIMS_LOST = Counter("pagewright_claims_lost_total", "Jobs that a worker lost to another in the middle.")
SANDBOX_KILLS = Counter("pagewright_sandbox_kills_total", "Sandboxed runs ended by a limit.", ["limit"])
CHECK_FAILURES = Counter("pagewright_check_failures_total", "Checks that failed.", ["check"])

STALE_FENCES = Counter("pagewright_stale_fences_total", "Writes that storage refused for their fence.")
STORED = Counter("pagewright_stored_total", "Things that storage made durable.", ["what"])
BLOB_BYTES = Counter("pagewright_blob_bytes_total", "Bytes of blobs.", ["direction"])

MODEL_TOKENS = Counter("pagewright_model_tokens_total", "Tokens used.", ["model", "direction"])
MODEL_ANSWERS = Counter("pagewright_model_answers_total", "Answers of the model endpoint.", ["status"])
MODEL_REFUSALS = Counter("pagewright_model_refusals_total", "Requests refused by the model daemon.", ["reason"])

MODEL_DAY_TOKENS = Gauge("pagewright_model_day_tokens", "Tokens used by all jobs today (UTC).")
MODEL_DAY_BUDGET = Gauge("pagewright_model_day_budget_tokens", "Tokens that all jobs may use in a day.")

RELEASES = Counter("pagewright_releases_total", "Releases unpacked, refused, or failed.", ["outcome"])
SWITCH_SECONDS = Histogram(
    "pagewright_switch_seconds",
    "Time to switch a slot's symlink.",
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
)
LAST_COMPARISON = Gauge("pagewright_last_comparison_timestamp_seconds", "When all slots were last compared.")
SITES_BEHIND = Gauge("pagewright_sites_behind", "Sites that do not show the version that storage wants, or not where.")
BEHIND_SECONDS = Gauge(
    "pagewright_sites_behind_seconds", "How long the longest of them has been known; 0 if there is none."
)

WISHED_VERSIONS = Gauge("pagewright_wished_versions", "Old versions that people look at just now.")
SITES_OLDER = Gauge("pagewright_sites_older_in_storage", "Sites of which storage tells less than it did before.")
DAMAGED_RELEASES = Counter("pagewright_damaged_releases_total", "Releases that were found damaged.")

MAILS = Counter("pagewright_mails_total", "Mails to people, sent or failed.", ["outcome"])

# A counter that appears with its first event hides that event from rate(): what alerts count begins at 0.
JOBS_CLAIMED.labels("1")
RELEASES.labels("refused")
MAILS.labels("failed")
for _kind in JobKind:
    JOB_FAILURES.labels(_kind.value, "ours")
    JOB_RETRIES.labels(_kind.value)


def measure_disk(disk: str, path: Path) -> None:
    """Set the gauges of the file system that holds a path; NaN while it can't be read."""
    try:
        usage = shutil.disk_usage(path)
        free, size = float(usage.free), float(usage.total)
    except OSError:
        free = size = math.nan
    DISK_FREE_BYTES.labels(disk).set(free)
    DISK_SIZE_BYTES.labels(disk).set(size)


def measure_backup(of: str, folder: Path | None) -> None:
    """Set the gauge of a folder of backups; without a folder there is none."""
    if folder:
        newest = newest_time(folder)
        BACKUP_TIMESTAMP.labels(of).set(newest.timestamp() if newest else 0)
