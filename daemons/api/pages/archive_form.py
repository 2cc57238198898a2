"""A form with a site's archive: what was typed in it is read, whatever is wrong with the file."""

from contextlib import aclosing
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from daemons.api.json_routes.site_routes import file_name
from daemons.api.pages.page_request import PageRequest
from daemons.api.sites.sites import Sites
from shared.domain.errors import InvalidInput, PageWrightError, TooLarge

_MOST_FILES = 20


@dataclass(frozen=True)
class ArchiveForm:
    """What was typed, and the file; if that could not be read, `refused` says why."""

    fields: FormData
    refused: PageWrightError | None = None

    async def keep_archive(self, sites: Sites) -> tuple[str, str]:
        """The archive's digest, which is in storage now, and its name; raises InvalidInput or TooLarge."""
        if self.refused:
            raise self.refused
        sent = [file for file in self.fields.getlist("archive") if isinstance(file, UploadFile) and file.filename]
        if not sent:
            raise InvalidInput("There is no archive.", "Choose a .zip or .tar.gz of your site.")
        if len(sent) > 1:
            raise InvalidInput("There is more than one file.", "Pack all of your site into one file.")
        name = file_name(sent[0].filename)
        return await sites.keep_upload(sent[0], name), name


async def read_archive_form(request: PageRequest) -> ArchiveForm:
    """The form that was sent. Browsers send its fields before the file: they are known even if that is too large."""
    http = request.http
    if not http.headers.get("content-type", "").startswith("multipart/form-data"):
        return ArchiveForm(await request.form())
    async with aclosing(http.stream()) as stream:
        parser = MultiPartParser(http.headers, stream, max_files=_MOST_FILES, max_fields=20)
        try:
            return ArchiveForm(await parser.parse())
        except TooLarge:
            most = request.services.settings.api_upload_bytes >> 20
            refused: PageWrightError = TooLarge("The file is too large.", f"Choose one of at most {most} MB.")
        except MultiPartException as error:
            refused = InvalidInput("The form can't be read.", error.message[:200])
    return ArchiveForm(FormData([(name, text) for name, text in parser.items if isinstance(text, str)]), refused)
