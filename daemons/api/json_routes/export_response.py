"""Sends an export, and ends it whether its receiver stays until the end or not."""

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from daemons.api.sites.exports import Export


class ExportResponse(StreamingResponse):
    """A zip to save; a proxy takes it as fast as it is made, so that a slow line holds nothing up here."""

    def __init__(self, export: Export) -> None:
        headers = {
            "Content-Disposition": f'attachment; filename="{export.file_name}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Accel-Buffering": "yes",
        }
        super().__init__(export.chunks(), headers=headers, media_type="application/zip")
        self._export = export

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._export.end()
