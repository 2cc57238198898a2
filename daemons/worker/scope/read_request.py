"""Reads a request and the site that it is about once, for the agent that edits and for the judgement of its edit."""

from dataclasses import dataclass

from daemons.worker.scope.model_scope import scope_with_model
from daemons.worker.scope.named_pages import NamedPage, named_pages
from daemons.worker.scope.request_words import RequestWords
from daemons.worker.scope.words_scope import pages_named, scope_of_words
from shared.domain.model_questions import ScopeAnswer
from shared.domain.scope import Scope, ScopeSource
from shared.domain.tree import Tree


@dataclass(frozen=True)
class ReadRequest:
    """What a request concerns, and the pages that its words, or its owner's scope, name so that they must change."""

    words: RequestWords
    scope: Scope
    named: frozenset[str]


@dataclass(frozen=True)
class RequestPages:
    """A request's words, and the pages of the site that they may name."""

    words: RequestWords
    pages: tuple[NamedPage, ...]

    @classmethod
    def of(cls, message: str, source: Tree) -> "RequestPages":
        """Read them; the pages' texts only if the request quotes any."""
        words = RequestWords(message)
        return cls(words, named_pages(source, with_texts=bool(words.quotes)))

    def by_words(self, answer: ScopeAnswer | None = None) -> ReadRequest:
        """By the request's own words, and by what the model made of it if there is an answer."""
        scope = scope_of_words(self.words, self.pages)
        if answer:
            scope = scope_with_model(answer, scope, self.words, self.pages)
        return ReadRequest(self.words, scope, frozenset(pages_named(self.words, self.pages)))

    def by_owner(self, scope: Scope, source: Tree) -> ReadRequest:
        """By the scope that a person gave."""
        is_owners = scope.source is ScopeSource.OWNER
        named = source.keys() & scope.pages if is_owners else pages_named(self.words, self.pages)
        return ReadRequest(self.words, scope, frozenset(named))


def read_request(message: str, source: Tree, scope: Scope | None = None) -> ReadRequest:
    """The request, read by the scope that is given, or else by its own words alone."""
    read = RequestPages.of(message, source)
    return read.by_owner(scope, source) if scope else read.by_words()
