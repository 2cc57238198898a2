"""Every metric's name, labels and meaning, once."""

from prometheus_client import Counter, Gauge, Histogram

HTTP_REQUESTS = Counter("pagewright_http_requests_total", "Requests answered.", ["route", "method", "status"])
HTTP_SECONDS = Histogram("pagewright_http_request_seconds", "Time to answer a request.", ["route", "method"])

JOBS_FINISHED = Counter("pagewright_jobs_finished_total", "Jobs that ended.", ["kind", "state"])
JOB_PHASE_SECONDS = Histogram(
    "pagewright_job_phase_seconds",
    "Time that a job spent in a phase.",
    ["phase"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000),
)
JOBS_CLAIMED = Counter("pagewright_jobs_claimed_total", "Claims, a first attempt or a later one.", ["attempt"])
SANDBOX_KILLS = Counter("pagewright_sandbox_kills_total", "Sandboxed runs ended by a limit.", ["limit"])
CHECK_FAILURES = Counter("pagewright_check_failures_total", "Checks that failed.", ["check"])

STALE_FENCES = Counter("pagewright_stale_fences_total", "Writes that storage refused for their fence.")
STORED = Counter("pagewright_stored_total", "Things that storage made durable.", ["what"])
BLOB_BYTES = Counter("pagewright_blob_bytes_total", "Bytes of blobs.", ["direction"])

MODEL_TOKENS = Counter("pagewright_model_tokens_total", "Tokens used.", ["model", "direction"])
MODEL_ANSWERS = Counter("pagewright_model_answers_total", "Answers of the model endpoint.", ["status"])
MODEL_REFUSALS = Counter("pagewright_model_refusals_total", "Requests refused by the model daemon.", ["reason"])

RELEASES = Counter("pagewright_releases_total", "Releases unpacked, refused, or failed.", ["outcome"])
SWITCH_SECONDS = Histogram(
    "pagewright_switch_seconds",
    "Time to switch a slot's symlink.",
    buckets=(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1),
)
LAST_COMPARISON = Gauge("pagewright_last_comparison_timestamp_seconds", "When all slots were last compared.")
