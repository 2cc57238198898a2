"""Hostile archives against every reader of archives: refused with a sentence, or harmless; never a crash (I6, I7)."""

import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from daemons.worker.importing.imported_site import read_site
from shared.domain.archive import unpack
from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.tree import check_tree, sizes
from shared.domain.vocabulary import Slot
from tests.attacks.forged_tar import HOME
from tests.attacks.hostile_tars import TARS
from tests.attacks.hostile_zips import UPLOADS
from tests.support.deployer_process import DeployerProcess, Publisher
from tests.support.waiting import wait_until

_HARMLESS = {"harmless_modes_and_owners", "harmless_global_comment"}
# What an import mends or leaves out, where an artifact is refused: the names that come out of it.
_MENDED = {
    "name_decomposed": {"index.html", "\u00fcber.html"},
    "symlink_out": {"index.html"},
    "hardlink_out": {"index.html"},
    "zip_symlink": {"index.html"},
    "zip_folder_that_is_a_symlink": {"index.html"},
    "symlink_inside": {"index.html", "x.html"},
    "hardlink_inside": {"index.html", "x.html"},
    "other_page_as_compressed_twin": {"index.html"},
    "bomb_as_compressed_twin": {"index.html"},
    "zip_compressed_twin": {"index.html"},
}
_EVIL_IN_BULK = ("bomb", "gzip", "garbage_behind_gzip", "second_gzip", "extended_header_flood", "no_bytes")
_ROOT = Path(__file__).parents[2]


def _read(archive: bytes) -> None:
    tree = read_site(archive, "site.zip").tree
    check_tree(sizes(tree))
    assert set(tree.values()) == {HOME}


def _unpack(archive: bytes) -> None:
    assert set(unpack(archive).public.values()) == {HOME}


def _expect_refusal(read: Callable[[bytes], None], archive: bytes) -> None:
    with pytest.raises((InvalidInput, TooLarge)) as refusal:
        read(archive)
    assert refusal.value.detail.endswith(".")


@pytest.mark.parametrize("case", sorted(TARS.keys() - _HARMLESS))
def test_a_hostile_tar_is_refused(case: str) -> None:
    _expect_refusal(_unpack, TARS[case]("public/"))
    if case not in _MENDED:
        _expect_refusal(_read, TARS[case](""))


@pytest.mark.parametrize(
    "case", sorted(name for name in TARS.keys() - _HARMLESS - _MENDED.keys() if not name.startswith(_EVIL_IN_BULK))
)
def test_a_hostile_tar_that_is_not_compressed_is_refused(case: str) -> None:
    _expect_refusal(_read, gzip.decompress(TARS[case]("")))


@pytest.mark.parametrize("case", sorted(UPLOADS.keys() - _MENDED.keys()))
def test_a_hostile_upload_is_refused(case: str) -> None:
    _expect_refusal(_read, UPLOADS[case]())


@pytest.mark.parametrize("case", sorted(_MENDED))
def test_what_an_import_can_mend_is_mended(case: str) -> None:
    archives = [TARS[case]("") for case in {case} & TARS.keys()] + [UPLOADS[case]() for case in {case} & UPLOADS.keys()]
    for archive in archives:
        imported = read_site(archive, "site.zip")
        assert imported.tree.keys() == _MENDED[case]
        assert imported.report.notes
        check_tree(sizes(imported.tree))
    assert archives


@pytest.mark.parametrize("case", sorted(_HARMLESS))
def test_a_strange_tar_is_harmless(case: str) -> None:
    _unpack(TARS[case]("public/"))
    _read(TARS[case](""))


def test_the_whole_corpus_needs_little_memory_and_time(tmp_path: Path) -> None:
    """A bomb is noticed while it grows: 1 GiB of address space and a minute are enough for all of them together."""
    for name, case in TARS.items():
        (tmp_path / name).write_bytes(case(""))
        (tmp_path / f"{name}.artifact").write_bytes(case("public/"))
    for name, upload in UPLOADS.items():
        (tmp_path / name).write_bytes(upload())
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30));"
        "from tests.attacks.test_archives import play; play(sys.argv[1])"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    subprocess.run(command, cwd=_ROOT, env={"PYTHONPATH": str(_ROOT)}, timeout=60, check=True)


def play(folder: str) -> None:
    """Read every archive in a folder; runs in a process with little memory."""
    for file in Path(folder).iterdir():
        with suppress(InvalidInput, TooLarge):
            if file.suffix == ".artifact":
                _unpack(file.read_bytes())
            else:
                read_site(file.read_bytes(), file.name)


def test_a_signed_hostile_artifact_never_goes_live(deployer: DeployerProcess, publisher: Publisher) -> None:
    """I6: a worker that was taken over signs the whole corpus; no host shows or writes anything of it."""
    listed = encode_file_list(public_files({"index.html": HOME}, None, 1_700_000_001))
    cases = sorted(name for name in TARS.keys() - _HARMLESS if "bomb" not in name and "flood" not in name)
    deployer.start()
    for case in cases:
        site = case.replace("_", "-")[:40].rstrip("-")
        publisher.deploy(site, Slot.CURRENT, publisher.commit_raw(site, TARS[case]("public/"), listed))
    publisher.publish("honest", {"index.html": HOME})
    deployer.wait_for("honest", Slot.CURRENT, 1)
    refused = re.compile(r"release refused: .* site=([a-z0-9-]+)")
    wait_until(lambda: len(set(refused.findall(deployer.log.read_text()))) == len(cases), "every one refused")
    assert [path.parts[-3] for path in deployer.root.glob("*/releases/*")] == ["honest"]
    sites = list(deployer.root.iterdir())  # a refused site has a folder with the reason, and nothing else
    assert [path for path in deployer.root.parent.rglob("*escape*") if path not in sites] == []
    assert not Path("/tmp/escape.html").exists()
