"""Log lines: with the fields of the work that they belong to, as the journal reads them or as a person does."""

import logging
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator

import pytest

from shared.runtime.journal import JournalHandler, log_context, log_field
from tests.support.daemon_process import ROOT, short_directory


@pytest.fixture
def journal() -> Iterator[tuple[JournalHandler, socket.socket]]:
    with short_directory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"{folder}/journal")
        listener.settimeout(5)
        handler = JournalHandler("pagewright-test", f"{folder}/journal")
        yield handler, listener
        handler.close()


def fields(entry: bytes) -> dict[str, str]:
    """An entry in the journal's own protocol: a name, the length of its value, the value."""
    found: dict[str, str] = {}
    while entry:
        name, _, rest = entry.partition(b"\n")
        (size,) = struct.unpack_from("<Q", rest)
        found[name.decode()] = rest[8 : 8 + size].decode()
        assert rest[8 + size : 9 + size] == b"\n"
        entry = rest[9 + size :]
    return found


def test_fields_follow_the_work_and_end_with_it() -> None:
    with log_context(site="bakery"):
        with log_context(job="1", site="cafe"):
            assert (log_field("site"), log_field("job")) == ("cafe", "1")
        assert (log_field("site"), log_field("job")) == ("bakery", "")
    assert log_field("site") == ""


def test_an_entry_has_its_fields_and_a_line_break_forges_none(journal: tuple[JournalHandler, socket.socket]) -> None:
    handler, listener = journal
    with log_context(site="bakery\nPRIORITY=0"):
        handler.handle(logging.makeLogRecord({"name": "a.b", "levelno": logging.WARNING, "msg": "one\ntwo \udcff"}))
    assert fields(listener.recv(1 << 16)) == {
        "MESSAGE": "one\ntwo \\udcff",
        "PRIORITY": "4",
        "SYSLOG_IDENTIFIER": "pagewright-test",
        "LOGGER": "a.b",
        "PAGEWRIGHT_SITE": "bakery\nPRIORITY=0",
    }


def test_an_error_is_told_with_its_traceback(journal: tuple[JournalHandler, socket.socket]) -> None:
    handler, listener = journal
    with pytest.raises(ZeroDivisionError) as error:
        _ = 1 / 0
    raised = (error.type, error.value, error.tb)
    handler.handle(logging.makeLogRecord({"name": "a", "msg": "it failed", "levelno": 35, "exc_info": raised}))
    told = fields(listener.recv(1 << 16))
    assert told["MESSAGE"].startswith("it failed\nTraceback")
    assert told["PRIORITY"] == "6", "a level that nobody knows is a piece of news"


def test_without_a_journal_lines_go_to_stderr_with_their_fields() -> None:
    code = (
        "import logging; from shared.runtime.journal import configure_logging, log_context\n"
        "configure_logging('test', 'info')\n"
        "with log_context(site='bakery', job='1'):\n"
        "    logging.getLogger('a').info('hello'); logging.getLogger('httpx').info('chatter')\n"
    )
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=True)
    (line,) = done.stderr.splitlines()
    assert line.endswith("INFO    a: hello job=1 site=bakery")
