"""supervisord: its configuration from our programs, its start, and an end that leaves no process behind."""

import ctypes
import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cli.local.credentials import write_private
from cli.local.folder import RunFolder
from cli.local.programs import Program
from cli.local.stop_signals import Starter, ignore_signals

_PR_SET_CHILD_SUBREAPER = 36
_DIES_WITH_US = ("/usr/bin/setpriv", "--pdeathsig", "TERM", "--")
_STOP_SECONDS = 60
_LOOK_SECONDS = 1

_HEAD = """\
[unix_http_server]
file = {socket}
chmod = 0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl = unix://{socket}

[supervisord]
nodaemon = true
silent = true
umask = 077
directory = {root}
pidfile = {root}/supervisord.pid
logfile = {logs}/supervisord.log
logfile_maxbytes = 5MB
logfile_backups = 2
childlogdir = {logs}
"""

_GROUP = """
[group:{name}]
programs = {programs}
priority = {priority}
"""

# A killed program starts again at once; one that fails at its start waits 1, 2, 3 … seconds between attempts.
# Only the program itself is told to stop, for a worker ends its own sandbox; a kill takes all that it started.
_PROGRAM = """
[program:{name}]
command = {command}
autorestart = true
startsecs = 1
startretries = 30
stopsignal = TERM
stopwaitsecs = 30
killasgroup = true
redirect_stderr = true
stdout_logfile = {logs}/{name}.log
stdout_logfile_maxbytes = 5MB
stdout_logfile_backups = 2
"""


def configuration(folder: RunFolder, programs: Sequence[Program]) -> str:
    """The text of supervisord.conf, where `%` is doubled because supervisor expands it."""
    places = {"root": _escaped(folder.root), "logs": _escaped(folder.logs)}
    sections = [_HEAD.format(socket=_escaped(folder.socket("supervisor")), **places)]
    for program in programs:
        command = _escaped(shlex.join(program.whole_command()))
        sections.append(_PROGRAM.format(name=program.name, command=command, **places))
    for priority, group in enumerate(("base", "site")):
        names = [program.name for program in programs if program.needed_by_others is (group == "base")]
        if names:
            sections.append(_GROUP.format(name=group, programs=",".join(names), priority=priority))
    return "".join(sections)


def _escaped(value: str | Path) -> str:
    return os.fspath(value).replace("%", "%%")


@contextmanager
def supervised(folder: RunFolder, programs: Sequence[Program]) -> Iterator[subprocess.Popen[bytes]]:
    """The programs running; at the end every process that came of them is gone."""
    config = folder.root / "supervisord.conf"
    write_private(config, configuration(folder, programs))
    # Become the parent of every orphan below us, so that no process slips away.
    _adopt_orphans()
    daemon = subprocess.Popen(
        [*_DIES_WITH_US, sys.executable, "-P", "-m", "supervisor.supervisord", "-c", os.fspath(config)],
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        cwd=folder.root,
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C in the terminal is ours to handle
    )
    try:
        yield daemon
    finally:
        _stop(daemon)
        _end_leftovers()


def wait_for_end(daemon: subprocess.Popen[bytes], starter: Starter) -> None:
    """Return when supervisord has ended by itself. Meanwhile reap the orphans that became our children.

    Raises KeyboardInterrupt when make is told to end, or the terminal is closed: its signals may reach make alone.
    """
    watch, ended = select.poll(), os.pidfd_open(daemon.pid)
    watch.register(ended, select.POLLIN)
    for terminal in filter(os.isatty, (0, 1, 2)):
        watch.register(terminal, 0)
    try:
        while not (found := watch.poll(_LOOK_SECONDS * 1000)):
            _reap_orphans(daemon.pid)
            if starter.wants_an_end():
                raise KeyboardInterrupt
    finally:
        os.close(ended)
    if ended not in dict(found):
        raise KeyboardInterrupt


def _reap_orphans(daemon: int) -> None:
    while (dead := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)) and dead.si_pid != daemon:
        os.waitpid(dead.si_pid, 0)


def _adopt_orphans() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _stop(daemon: subprocess.Popen[bytes]) -> None:
    """Let every program end by itself, and ignore a second Ctrl-C."""
    ignore_signals()
    daemon.terminate()
    try:
        daemon.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait()


def _end_leftovers() -> None:
    """Kill what is still below us: nothing, unless supervisord or a daemon was killed."""
    deadline = time.monotonic() + _STOP_SECONDS
    while (children := _children()) and time.monotonic() < deadline:
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _children() -> list[int]:
    pid = os.getpid()
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
