"""Attacks 32 to 37: what a program leaves in its workspace comes out as plain files or not at all (I6, I7)."""

import os

import pytest

from shared.domain.errors import InvalidInput, PageWrightError
from tests.support.sandbox_run import run_in_sandbox

pytestmark = pytest.mark.usefixtures("sandbox")

_REFUSED = {
    "32 link to a file": ("os.symlink('/etc/passwd', 'a.txt')", "symbolic link"),
    "32 link to a folder": ("os.symlink('/', 'folder')", "symbolic link"),
    "32 link inside": ("open('a', 'w').close(); os.symlink('a', 'b')", "symbolic link"),
    "32 dangling link": ("os.symlink('nowhere', 'b')", "symbolic link"),
    "33 hard link": ("open('a', 'w').close(); os.link('a', 'b')", "hard link"),
    "34 FIFO": ("os.mkfifo('fifo')", "neither a file nor a folder"),
    "35 newline": (r"open('a\nb', 'w').close()", "can't be part"),
    "35 escape": (r"open('a\x1b[2J', 'w').close()", "can't be part"),
    "35 right to left": (r"open('a\u202egpj', 'w').close()", "can't be part"),
    "35 decomposed": (r"open('e\u0301', 'w').close()", "can't be part"),
    "35 not UTF-8": (r"open(b'a\xff', 'w').close()", "can't be part"),
    "35 backslash": (r"open('a\\b', 'w').close()", "backslash"),
    "35 case twins": ("open('a', 'w').close(); open('A', 'w').close()", "differ only in case"),
    "36 .htaccess": ("open('.htaccess', 'w').close()", "can't be part"),
    "36 .env": ("open('.env', 'w').close()", "can't be part"),
    "36 git hook": ("os.makedirs('.git/hooks'); open('.git/hooks/x', 'w').close()", "can't be part"),
    "36 php": ("open('a.php', 'w').close()", "can't be part"),
    "36 shtml": ("open('a.shtml', 'w').close()", "can't be part"),
    "37 unreadable folder": ("os.mkdir('a'); open('a/b', 'w').close(); os.chmod('a', 0)", "can't be read"),
    "37 unreadable file": ("open('a', 'w').close(); os.chmod('a', 0)", "can't be read"),
    "37 large file": ("os.truncate(os.open('a', os.O_CREAT | os.O_RDWR), 17 << 20)", "larger than 16 MiB"),
    "37 many files": ("[open(str(n), 'w').close() for n in range(5001)]", "too many"),
    "37 large together": (
        "[os.truncate(os.open(str(n), os.O_CREAT | os.O_RDWR), 15 << 20) for n in range(9)]",
        "larger than 128 MiB",
    ),
}


@pytest.mark.parametrize("attack", _REFUSED)
def test_hostile_workspace_is_refused(attack: str) -> None:
    """I7: the person is told what is wrong, and nothing comes out."""
    code, reason = _REFUSED[attack]
    with pytest.raises(PageWrightError, match=reason) as caught:
        run_in_sandbox(f"import os\n{code}")
    assert caught.value.detail.isprintable()


def test_collected_folder_can_not_be_a_link() -> None:
    """Attack 32: the folder that comes back is itself replaced by a link to the machine's programs."""
    with pytest.raises(InvalidInput, match="can't be read"):
        run_in_sandbox("import os\nos.symlink('/usr/share', 'site')", collect="site")


def test_modes_and_empty_folders_vanish() -> None:
    """Bytes come out and nothing else: no mode, no owner, no time."""
    code = (
        "import os\nos.makedirs('empty/deep'); open('a', 'w').write('x'); os.chmod('a', 0o777); os.truncate('b/c', 1)"
    )
    assert run_in_sandbox(code, {"b/c": b"long"}).ended.tree == {"a": b"x", "b/c": b"l"}


def test_site_comes_back_unchanged() -> None:
    """I6: every byte that goes in comes out."""
    tree = {f"folder-{n % 7}/{n}.bin": os.urandom(n * 37) for n in range(200)} | {
        "ünïcode/é.txt": b"",
        "a b.txt": b"\0",
    }
    assert run_in_sandbox("pass", tree).ended.tree == tree
