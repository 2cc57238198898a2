"""The list of files that a version serves, with the time since when each path has these bytes."""

import json

from pydantic import ValidationError

from shared.domain.errors import InvalidInput
from shared.domain.manifest import FileList, FileRecord
from shared.domain.tree import Tree, digests


def public_files(public: Tree, previous: FileList | None, stamp: int) -> FileList:
    """The list for a new version with this stamp (Unix seconds).

    A path that keeps the bytes it had in `previous` keeps its `changed_at`; every other gets the stamp.
    """
    known = {(file.path, file.sha256): file.changed_at for file in previous.files} if previous else {}
    return FileList(
        files=tuple(
            FileRecord(path=path, size=len(public[path]), sha256=sha256, changed_at=known.get((path, sha256), stamp))
            for path, sha256 in sorted(digests(public).items())
        )
    )


def encode_file_list(files: FileList) -> bytes:
    """The list as JSON; the same list always gives the same bytes."""
    return json.dumps(files.model_dump(mode="json"), separators=(",", ":"), sort_keys=True).encode()


def decode_file_list(data: bytes) -> FileList:
    """The list in these bytes; raises InvalidInput unless it is well-formed, sorted and free of twins."""
    try:
        files = FileList.model_validate_json(data)
    except ValidationError:
        raise InvalidInput("The list of served files can't be read.") from None
    paths = [file.path for file in files.files]
    if paths != sorted(set(paths)):
        raise InvalidInput("The list of served files is not sorted, or names a file twice.")
    return files


def matches(files: FileList, public: Tree) -> bool:
    """Whether the list names exactly the files of this tree, with these bytes."""
    return {file.path: (file.sha256, file.size) for file in files.files} == {
        path: (sha256, len(public[path])) for path, sha256 in digests(public).items()
    }
