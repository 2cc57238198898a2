"""The systemd units: systemd itself reads and judges them, they name real settings, and nobody in them is root."""

from pathlib import Path

import pytest

from daemons.worker.sandbox.backends.bubblewrap_arguments import RUNNER_PARTS, RUNNER_ROOT
from daemons.worker.sandbox.backends.systemd_unit import SLICE_EVENTS, UNIT_SECONDS, UNIT_TARGETS
from shared.domain.tree import DEFAULT_LIMITS
from shared.runtime import settings
from tests.support.unit_root import FOLDER, judge_exposure, verify_units

UNITS = sorted(
    path.name for path in FOLDER.iterdir() if path.suffix in {".service", ".socket", ".timer", ".slice", ".target"}
)
SLICE = "pagewright-jobs.slice"
SERVICES = [name for name in UNITS if name.endswith(".service")]
SETTINGS = {
    "pagewright-api.service": settings.ApiSettings,
    "pagewright-backup-database.service": settings.DatabaseSettings,
    "pagewright-deployer.service": settings.DeployerSettings,
    "pagewright-model.service": settings.ModelSettings,
    "pagewright-storage.service": settings.StorageSettings,
    "pagewright-worker@.service": settings.WorkerSettings,
}
# Highest exposure by `systemd-analyze security`, in tenths. Debian's own units have 12 at best and 96 as a rule.
EXPOSURE = {"pagewright-job@.service": 6, "pagewright-model.service": 12, "pagewright-mail.service": 12}
_USUAL_EXPOSURE = 5
_LIMITS = ("MemoryMax", "TasksMax", "LimitNOFILE", "LimitFSIZE", "CPUWeight")


def values(unit: str, name: str) -> list[str]:
    """Every value of a setting in a unit's own file, in order."""
    lines = (FOLDER / unit).read_text(encoding="utf-8").splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]


def test_systemd_understands_every_line(installed: Path) -> None:
    verify_units(installed, *UNITS)


@pytest.mark.parametrize("unit", SERVICES)
def test_exposure_stays_low(installed: Path, unit: str) -> None:
    """I7: each service gives up what it does not need."""
    judge_exposure(installed, unit, EXPOSURE.get(unit, _USUAL_EXPOSURE))


@pytest.mark.parametrize("unit", SERVICES)
def test_every_service_has_limits(unit: str) -> None:
    """I8: in its own file, because one that is too small or missing shows only when it is reached."""
    assert [name for name in _LIMITS if len(values(unit, name)) != 1] == []


@pytest.mark.parametrize("unit", SERVICES)
def test_nobody_is_root(unit: str) -> None:
    """A sandboxed run is a user of its own: two instances of one name would be one user."""
    [user] = values(unit, "User")
    assert user.startswith("pagewright-") or (values(unit, "DynamicUser"), user) == (["yes"], "j%i")
    commands = [line for name in ("ExecStartPre", "ExecStart", "ExecStopPost") for line in values(unit, name)]
    assert all(command.startswith("/") for command in commands)


def test_a_run_has_room_for_the_largest_site() -> None:
    """The workspace of the unit is that of the settings, and an archive that may be uploaded fits into one file."""
    [files] = values("pagewright-job@.service", "LimitFSIZE")
    [workspace] = [line for line in values("pagewright-job@.service", "TemporaryFileSystem") if line.startswith("/ws:")]
    room: int = settings.WorkerSettings.model_fields["worker_workspace_bytes"].default
    assert room >= 2 * DEFAULT_LIMITS.total_bytes
    assert f"size={room >> 20}M" in workspace
    assert int(files.removesuffix("M")) << 20 >= settings.ApiSettings.model_fields["api_upload_bytes"].default


@pytest.mark.parametrize("unit", SETTINGS)
def test_what_a_unit_gives_is_a_setting(unit: str) -> None:
    """Under its exact name, and each secret under its own."""
    fields = set(SETTINGS[unit].model_fields)
    given = [value.partition("=")[0] for value in values(unit, "Environment")]
    loaded = [value.partition(":")[0] for value in values(unit, "LoadCredential")]
    assert {name.removeprefix("PAGEWRIGHT_").lower() for name in given} | {
        name.removeprefix("pagewright_") for name in loaded
    } <= fields
    assert all(name.startswith("PAGEWRIGHT_") for name in given)
    assert all(name.startswith("pagewright_") for name in loaded)


@pytest.mark.parametrize("unit", SETTINGS)
def test_a_secret_comes_as_a_credential_only(unit: str) -> None:
    """I7: everybody may read a unit's environment."""
    secret = {
        f"PAGEWRIGHT_{name.upper()}"
        for name, field in SETTINGS[unit].model_fields.items()
        if "SecretStr" in str(field.annotation)
    }
    assert not secret & {value.partition("=")[0] for value in values(unit, "Environment")}
    loaded = {value.partition(":")[0].upper() for value in values(unit, "LoadCredential")}
    assert loaded == secret


@pytest.mark.parametrize("unit", [*SETTINGS, "pagewright-backup-storage.service", "pagewright-verify.service"])
def test_what_a_daemon_writes_is_never_run(unit: str) -> None:
    """Its own folders are mounts of their own, which a rule for "/" does not reach."""
    folders = {f"/var/lib/{name}" for name in values(unit, "StateDirectory")}
    folders |= {f"/run/{name}" for name in values(unit, "RuntimeDirectory")} | set(values(unit, "ReadWritePaths"))
    assert {"/", "/run", "/tmp", "/var/tmp", *folders} == set(values(unit, "NoExecPaths")[0].split())


@pytest.mark.parametrize("unit", SETTINGS)
def test_no_daemon_needs_another(unit: str) -> None:
    """Each waits for the others by itself: one that falls takes nobody along."""
    for name in ("Requires", "BindsTo", "Requisite"):
        assert not values(unit, name)


def test_every_user_is_made() -> None:
    made = {line.split()[1] for line in (FOLDER / "pagewright.sysusers").read_text().splitlines() if line[:2] == "u "}
    assert made == {user for unit in SERVICES for user in values(unit, "User") if not values(unit, "DynamicUser")}


def test_the_job_unit_has_what_plans_are_promised() -> None:
    """I7: and nothing else of the machine but its own programs and the runner."""
    bound = [path for line in values("pagewright-job@.service", "BindReadOnlyPaths") for path in line.split()]
    targets = {path.removeprefix("-").rpartition(":")[2] for path in bound}
    runner = {f"{RUNNER_ROOT}/daemons/worker/sandbox/{name}" for name in RUNNER_PARTS}
    assert targets == UNIT_TARGETS | runner | {"/usr", "/etc/ld.so.cache"}
    assert values("pagewright-job@.service", "BindPaths") == []


def test_the_job_unit_lasts_as_long_as_plans_are_promised() -> None:
    """The checks' browser is warm while an edit lasts as long as it may, and then may last as long itself."""
    assert values("pagewright-job@.service", "RuntimeMaxSec") == [f"{2 * UNIT_SECONDS // 60}min"]


def test_the_slice_of_runs_outlives_them() -> None:
    """I8: workers ask it whether the kernel has killed a run for want of memory."""
    assert values("pagewright-job.socket", "Slice") == values("pagewright-job@.service", "Slice") == [SLICE]
    assert SLICE_EVENTS.parent.name == SLICE


def test_every_writable_place_of_a_job_has_a_size() -> None:
    """I8: bytes and number of files."""
    places = values("pagewright-job@.service", "TemporaryFileSystem")
    assert all("size=" in place and ("nr_inodes=" in place or ":ro," in place) for place in places)
    assert not any(values("pagewright-job@.service", f"{name}Directory") for name in ("State", "Runtime", "Cache"))


@pytest.mark.parametrize("what", ["database", "storage"])
def test_a_backup_goes_where_its_daemon_looks(what: str) -> None:
    """To a folder of the backup's user, and nowhere else."""
    unit = f"pagewright-backup-{what}.service"
    folder = f"/var/backups/pagewright/{what}"
    assert values(unit, "ReadWritePaths") == [folder]
    assert folder in values(unit, "ExecStart")[0].split()
    daemon = {"database": "api", "storage": "storage"}[what]
    assert f"PAGEWRIGHT_{daemon.upper()}_BACKUPS={folder}" in values(f"pagewright-{daemon}.service", "Environment")
    made = (line.split() for line in (FOLDER / "pagewright.tmpfiles").read_text().splitlines())
    (user,) = values(unit, "User")
    assert ["d", folder, "0700", user, user] in made


def test_verify_leaves_its_mark_where_storage_looks() -> None:
    """In a folder of its own, for the same user."""
    unit, daemon = "pagewright-verify.service", "pagewright-storage.service"
    mark = values(unit, "ExecStart")[0].partition(" --mark ")[2]
    assert mark.startswith(f"/var/lib/{values(unit, 'StateDirectory')[0]}/")
    assert f"PAGEWRIGHT_STORAGE_VERIFY_MARK={mark}" in values(daemon, "Environment")
    assert values(unit, "User") == values(daemon, "User")
