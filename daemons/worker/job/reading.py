"""Reads what an edit is asked for before it begins, with the model's help unless its owner said what it concerns."""

import asyncio

from daemons.worker.model_relay.model_queries import ask_scope
from daemons.worker.scope.named_pages import NamedPage
from daemons.worker.scope.read_request import ReadRequest, RequestPages
from shared.domain.model_questions import LONGEST_TITLE, MOST_PAGES_ASKED, AskedPage, ScopeQuestion
from shared.domain.tree import Tree
from shared.domain.vocabulary import JobRequest
from shared.runtime.settings import WorkerSettings

_LONGEST_PATH = 300


async def read_edit(request: JobRequest, source: Tree, settings: WorkerSettings) -> ReadRequest:
    """What the request asks for; without a usable answer of the model, by its own words."""
    read = await asyncio.to_thread(RequestPages.of, request.message, source)
    if request.scope:
        return read.by_owner(request.scope, source)
    answer = await ask_scope(settings, request, scope_question(request.message, read.pages))
    return await asyncio.to_thread(read.by_words, answer)


def scope_question(message: str, pages: tuple[NamedPage, ...]) -> ScopeQuestion:
    """The question to the model, with as many pages as it is told of."""
    asked = [
        AskedPage(path=page.path, title=(page.title or page.headline)[:LONGEST_TITLE])
        for page in pages
        if len(page.path) <= _LONGEST_PATH
    ]
    return ScopeQuestion(message=message, pages=tuple(asked[:MOST_PAGES_ASKED]))
