"""Makes a site and a report from an archive; decides by names first, and reads only the files that it keeps."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from daemons.worker.importing.archive_reader import read_members
from daemons.worker.importing.generators import base_path, consequences, generator_name
from daemons.worker.importing.home_pages import home_renames
from daemons.worker.importing.left_out import sort_files
from daemons.worker.importing.link_rewriter import LinkRewriter
from daemons.worker.importing.links import follow_links, from_top
from daemons.worker.importing.members import Kind, Member
from daemons.worker.importing.names import clean_name, name_danger, refuse, shown
from daemons.worker.importing.report import ImportReport, Note, Topic
from daemons.worker.importing.root import SiteRoot, choose_root
from shared.domain.errors import InvalidInput
from shared.domain.serving.media_types import PROGRAMS, extension
from shared.domain.tree import Tree, check_tree, collisions, large_files, name_faults

_MOST_LINK_BYTES = 4096
_HINT = "Make the archive again, with the site's own files only."


@dataclass(frozen=True)
class Imported:
    """A site from an archive, and the report about it."""

    tree: Tree
    report: ImportReport


@dataclass
class _ArchiveContents:
    """The archive's files by cleaned names, and its links with their targets."""

    files: dict[str, Member] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)


def read_site(data: bytes, filename: str, root: str | None = None) -> Imported:
    """The site in an archive: in the folder `root`, or in the one that is found. Raises InvalidInput or TooLarge."""
    found = _read_names(read_members(data, filename))
    followed = follow_links(found.files, found.links)
    kept = sort_files(found.files | followed.copies)
    chosen = choose_root(kept.site, root)
    kept.drop_server_files(chosen.folder)
    inside = {name: member for name, member in kept.site.items() if name.startswith(chosen.prefix)}
    members = {name.removeprefix(chosen.prefix): member for name, member in inside.items()}
    if not members:
        what = f"the folder {shown(chosen.folder)}" if chosen.folder else "the archive"
        raise InvalidInput(f"Nothing in {what} can be published.", "Say which folder holds the pages.")
    renames = home_renames(members)
    members = {renames.get(name, name): member for name, member in members.items()}
    _refuse_faults({path: members[path].size for path in sorted(members)})
    composed = {old: new for old, new in _below(found.renamed, chosen).items() if old != new and new in members}
    tree, mended = _rewritten_tree(members, renames | composed)
    notes = [
        *Note.about(Topic.OUTSIDE, kept.site.keys() - inside.keys()),
        *kept.notes(),
        *Note.about(Topic.LEADING_OUT, followed.outside),
        *Note.about(Topic.DANGLING, followed.dangling),
        *Note.about(Topic.FOLLOWED, followed.followed),
        *Note.about(Topic.COMPOSED, composed.values()),
        *Note.about(Topic.RENAMED, (f"{old} is {new} now" for old, new in renames.items())),
        *Note.about(Topic.MENDED, mended),
        *Note.about(Topic.TEXT_DOWNLOADS, (path for path in members if extension(path) in PROGRAMS)),
        *_generated(tree),
        *([] if {"index.html", "index.htm"} & tree.keys() else [Note(topic=Topic.NO_HOME, count=1, names=())]),
    ]
    return Imported(
        tree, ImportReport(files=len(tree), root=chosen.folder[:512], reason=chosen.reason, notes=tuple(notes))
    )


def _refuse_faults(sizes: Mapping[str, int]) -> None:
    """Raise one error with all that is wrong with these files, before any is unpacked."""
    names = [f"{shown(path)} can't be part of a site: {why}." for path, why in name_faults(sizes)]
    large = list(large_files(sizes))
    problems = dict.fromkeys([*names, *collisions(sizes), *large])
    refuse(problems, f"{'Shrink' if len(problems) == len(large) else 'Rename'} these files, or leave them out.")
    check_tree(sizes)


def _generated(tree: Tree) -> Iterator[Note]:
    """Notes on what follows from how the site was made."""
    generator, base = generator_name(tree), base_path(tree)
    if generator:
        facts = tuple(fact[:300] for fact in consequences(generator, tree))
        yield Note(topic=Topic.GENERATED, count=len(facts), names=facts)
    if base:
        yield Note(topic=Topic.BASE_PATH, count=1, names=(f"they begin with /{base}/, which is not there"[:300],))


def _read_names(members: Iterable[Member]) -> _ArchiveContents:
    """Every file and link by its cleaned name. Raises InvalidInput with all names that can't be used."""
    found, problems = _ArchiveContents(), []
    for member in members:
        danger = name_danger(member.name)
        name = clean_name(member.name)
        if danger:
            problems.append(f"{shown(member.name)} is no safe name: {danger}.")
        elif member.kind is Kind.OTHER:
            problems.append(f"{shown(name)} is a device, not a file.")
        elif member.kind is not Kind.FOLDER:
            if name in found.files or name in found.links:
                problems.append(f"{shown(name)} is there twice.")
            _put(found, name, member)
    inside = (name for name in (*found.files, *found.links) if _through_link(name, found))
    problems += [f"{shown(name)} lies in a folder that is a link." for name in inside]
    refuse(problems, _HINT)
    return found


def _put(found: _ArchiveContents, name: str, member: Member) -> None:
    raw = "/".join(part for part in member.name.rstrip("/").split("/") if part != ".")
    if raw != name:
        found.renamed[raw] = name
    if member.kind is Kind.FILE:
        found.files[name] = member
        return
    target = ""
    if member.size <= _MOST_LINK_BYTES:
        target = unicodedata.normalize("NFC", member.load().decode(errors="replace"))
    found.links[name] = from_top(name, target) if member.kind is Kind.HARD_LINK else target


def _through_link(name: str, found: _ArchiveContents) -> bool:
    if not found.links:
        return False
    parts = name.split("/")
    return any("/".join(parts[:depth]) in found.links for depth in range(1, len(parts)))


def _below(renamed: Mapping[str, str], root: SiteRoot) -> dict[str, str]:
    """The renamed files of the site, relative to its root, whose own name may have been renamed, too."""
    depth = root.prefix.count("/")
    return {
        "/".join(old.split("/")[depth:]): new.removeprefix(root.prefix)
        for old, new in renamed.items()
        if new.startswith(root.prefix)
    }


def _rewritten_tree(members: Mapping[str, Member], renamed: Mapping[str, str]) -> tuple[dict[str, bytes], list[str]]:
    """The site's files with rewritten addresses, and the names of those in which some were rewritten."""
    rewriter = LinkRewriter(renamed, members)
    tree, mended = {}, []
    for path, member in members.items():
        data = member.load()
        tree[path] = rewriter.rewrite(path, data)
        if tree[path] != data:
            mended.append(path)
    return tree, mended
