"""What an edit is asked for is read before it begins: with the model's answer, and without one all the same."""

import asyncio
from datetime import UTC, datetime

from pydantic import SecretStr

from daemons.worker.job.reading import read_edit, scope_question
from daemons.worker.scope.named_pages import NamedPage
from shared.domain.scope import Scope, ScopeSource
from shared.domain.vocabulary import JobKind, JobRequest, new_id
from tests.support.checks_run import worker_settings
from tests.support.model_process import ModelProcess

SITE = {"index.html": b"<title>Home</title><h1>Bread</h1>", "about.html": b"<title>About</title>"}


def _read(message: str, model: ModelProcess | None = None, scope: Scope | None = None) -> Scope:
    settings = worker_settings()
    if model:
        key = {"model_address": model.address, "model_ticket_key": SecretStr(model.ticket_key)}
        settings = settings.model_copy(update=key)
    now, kind = datetime.now(UTC), JobKind.EDIT
    request = JobRequest(id=new_id(), site="tea", kind=kind, message=message, author="ann", created_at=now, scope=scope)
    return asyncio.run(read_edit(request, SITE, settings)).scope


def test_the_model_is_asked_and_can_be_done_without(shared_model_process: ModelProcess) -> None:
    found = _read('Change the headline to "Rolls"', shared_model_process)
    assert (found.source, found.pages) == (ScopeSource.MODEL, ("index.html",))
    assert _read('Change the headline to "Rolls"').source is ScopeSource.NOTHING
    assert _read('Set the title of about.html to "Us"').pages == ("about.html",)


def test_what_the_owner_said_is_not_asked_again() -> None:
    own = Scope(source=ScopeSource.OWNER, pages=("about.html",))
    assert _read("Make it nicer", scope=own) == own


def test_the_model_is_told_of_as_many_pages_as_it_reads() -> None:
    pages = [
        NamedPage("a.html", "", "Bread" * 100),
        NamedPage("b" * 301),
        *(NamedPage(f"{n}.html") for n in range(300)),
    ]
    asked = scope_question("Hello", tuple(pages)).pages
    assert (len(asked), asked[0].title, asked[1].path) == (200, ("Bread" * 100)[:120], "0.html")
