"""The files that a request names: fetched from storage by the list that the job carries, and prepared."""

from collections.abc import Callable

from pydantic import ValidationError

from daemons.worker.attachments.prepared_files import NO_FILES, PreparedFiles
from daemons.worker.attachments.sandboxed_preparation import prepare_files
from daemons.worker.programs import Programs
from shared.clients.retry import retry
from shared.clients.storage import StorageClient
from shared.domain.attachments import FILE_BYTES, LIST_BYTES, AttachedFiles
from shared.domain.errors import InvalidInput
from shared.domain.vocabulary import JobRequest
from shared.runtime.settings import WorkerSettings


async def request_files(
    request: JobRequest,
    storage: StorageClient,
    *,
    settings: WorkerSettings,
    programs: Programs,
    say: Callable[[str], None],
) -> PreparedFiles:
    """The prepared files of a request, none if it names none. Raises InvalidInput that says what is wrong."""
    if not request.upload:
        return NO_FILES
    listed = request.upload
    attached = read_list(await retry(lambda: storage.get_blob(listed, LIST_BYTES))).files
    contents = [await retry(lambda: storage.get_blob(file.upload, FILE_BYTES)) for file in attached]  # noqa: B023
    return await prepare_files(attached, contents, settings=settings, programs=programs, say=say)


def read_list(data: bytes) -> AttachedFiles:
    """The list of a request's files, from its blob."""
    try:
        return AttachedFiles.model_validate_json(data)
    except ValidationError:
        raise InvalidInput("The list of attached files can’t be read.", "Attach the files again.") from None
