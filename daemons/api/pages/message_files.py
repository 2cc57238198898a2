"""The files of a message: sent before it, one by one, or together with its form where there is no JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse, Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.jobs.uploads import Attachment, Upload, keep_file
from daemons.api.json_routes.endpoint import checked
from daemons.api.pages.page_request import PageRequest, PageRoute
from htmx_ui import links
from htmx_ui.parts import AttachedChip
from shared.domain.errors import InvalidInput
from shared.domain.vocabulary import new_id

# Three for each file, and what else the composer sends.
MOST_FIELDS = 60


@dataclass(frozen=True)
class MessageFiles:
    """The files that a form names, in order."""

    chips: tuple[AttachedChip, ...] = ()

    @property
    def wanted(self) -> list[Attachment]:
        """How a request names them. Raises InvalidInput if the form was changed by hand."""
        return [checked(Attachment, {"upload": chip.upload, "use": chip.use}) for chip in self.chips]

    def with_uploads(self, uploads: Sequence[Upload]) -> "MessageFiles":
        """The same, and files that came with the form."""
        return MessageFiles((*self.chips, *(AttachedChip(upload.id, upload.name) for upload in uploads)))


def named_files(form: FormData) -> MessageFiles:
    """The files that were sent before; each has an id, a name and a use."""
    lists = ([str(value) for value in form.getlist(name)] for name in ("attachments", "attached-name", "use"))
    return MessageFiles(tuple(AttachedChip(*fields) for fields in zip(*lists, strict=False)))


async def keep_files(request: PageRequest, site: OwnedSite, form: FormData) -> list[Upload]:
    """Keep the files that came with the form. Raises InvalidInput or TooLarge for the first that can't be used."""
    sent = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    return [await _keep(request, site, file) for file in sent]


async def upload(request: PageRequest) -> Response:
    """Keep one file for a message that is still being written."""
    site = await request.owned_site()
    file = (await request.form()).get("file")
    if not isinstance(file, UploadFile):
        raise InvalidInput("There is no file.", "Choose one.")
    kept = await _keep(request, site, file)
    return JSONResponse({"id": kept.id, "name": kept.name}, 201)


async def _keep(request: PageRequest, site: OwnedSite, file: UploadFile) -> Upload:
    uploads = request.services.uploads
    kept = await keep_file(uploads.storage, file, file.filename or "", file.content_type or "")
    return await uploads.add(site, kept, new_id())


UPLOAD_ROUTES = (PageRoute("POST", links.uploads("{site}"), upload),)
